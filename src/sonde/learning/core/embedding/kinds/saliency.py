"""Which parts of one sample the told class hangs on: the gradient at the input."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.embedding.network_layers import input_gradient, network_of
from sonde.learning.core.embedding.samples import CHANNEL, SAMPLE, one_sample, sample_facts
from sonde.learning.core.evaluating.plain import number, numbers

KNOBS: Final = (SAMPLE, CHANNEL)


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return a window with the gradient at every value, in time and in frequency."""
    material = materials[0]
    progress(0.1, "Opening the network")
    module, problem = network_of(material), material.plan.problem
    place = one_sample(problem, params["sample"])
    window = problem.read_windows(np.array([place]))[0]
    channel = min(params["channel"], len(window) - 1)
    progress(0.5, "Asking the network")
    gradient, logits = input_gradient(module, window)
    told = material.bundle.fitted.predict_proba(window[None])[0]
    whole = float(np.abs(gradient).sum()) or 1.0
    spectrum = np.abs(np.fft.rfft(gradient[channel])) ** 2
    return Answer(
        {
            "channel": channel,
            "n_channels": len(window),
            "channel_share": number(float(np.abs(gradient[channel]).sum()) / whole),
            "told": int(logits.argmax()),
            "probabilities": numbers(told),
            "sampling_rate_hz": number(problem.sampling_rate_hz),
            **sample_facts(problem, np.array([place])),
        },
        {
            "window": window[channel].astype(np.float32),
            "gradient": gradient[channel].astype(np.float32),
            "spectrum": (spectrum / (spectrum.sum() or 1.0)).astype(np.float32),
        },
    )


KIND: Final = AnalysisKind(
    name="saliency",
    title="Saliency",
    help="How the told class changes with every value of the window, by the network's gradient at "
    "its input. A first look, not an explanation: gradients are noisy.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    needs_network=True,
    page="/visualization?experiment={ids}&tab=saliency",
    is_quick=True,
    version=2,
)
