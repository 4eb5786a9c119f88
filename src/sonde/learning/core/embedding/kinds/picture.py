"""One sample by one of the pictures that its domain knows: spectrogram, scalogram, ..."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.embedding.samples import CHANNEL, SAMPLE, one_sample, sample_facts
from sonde.learning.core.evaluating.plain import number
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.sample_views import PictureAxis, chosen_view

KNOBS: Final = (
    HyperParameter("view", "View", "Empty: the first one that these data offer.", ""),
    SAMPLE,
    CHANNEL,
)


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return the picture of one sample, and the sample itself."""
    material = materials[0]
    view = chosen_view(material.sample_views, params["view"])
    progress(0.1, "Reading the sample")
    problem = material.plan.problem
    place = one_sample(problem, params["sample"])
    window = problem.read_windows(np.array([place]))[0]
    channel = min(params["channel"], len(window) - 1)
    progress(0.4, view.title)
    drawn = view.draw(window[channel], problem.sampling_rate_hz)
    return Answer(
        {
            "view": view.key,
            "title": view.title,
            "help": view.help,
            "channel": channel,
            "n_channels": len(window),
            "summary": drawn.summary,
            "unit": drawn.unit,
            "low": number(drawn.low),
            "high": number(drawn.high),
            "x": _axis(drawn.x),
            "y": _axis(drawn.y),
            "heads": list(drawn.heads),
            "rows": [list(row) for row in drawn.rows],
            "sampling_rate_hz": number(problem.sampling_rate_hz),
            "signal_unit": problem.unit,
            **sample_facts(problem, np.array([place])),
        },
        {
            "values": drawn.values.astype(np.float32),
            "x": drawn.x.places.astype(np.float64),
            "y": drawn.y.places.astype(np.float64),
            "window": window[channel].astype(np.float32),
        },
    )


def _axis(axis: PictureAxis) -> dict[str, Any]:
    return {"title": axis.title, "is_log": axis.is_log}


KIND: Final = AnalysisKind(
    name="picture",
    title="Picture of a sample",
    help="One sample by time and frequency, or by pairs of frequencies that keep step.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/visualization?experiment={ids}&tab=picture",
    is_quick=True,
)
