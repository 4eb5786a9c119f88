"""What the first filters of a network let through, over frequency."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.embedding.network_layers import first_filters, network_of
from sonde.learning.core.evaluating.plain import number, numbers

_BINS: Final = 256


def compute(
    materials: tuple[Material, ...], _params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return the frequency response of each filter, ordered by its peak."""
    material = materials[0]
    progress(0.2, "Opening the network")
    card = material.bundle.card
    name, taps = first_filters(network_of(material), card.window_shape[0])
    n_fft = max(2 * _BINS, taps.shape[1])
    response = np.abs(np.fft.rfft(taps, n_fft, axis=1))
    highest = response.max(axis=1, keepdims=True)
    share = response / np.where(highest > 0.0, highest, 1.0)
    peaks = response.argmax(axis=1)
    order = np.argsort(peaks, kind="stable")
    step_hz = card.sampling_rate_hz / n_fft
    return Answer(
        {
            "layer": name,
            "n_taps": int(taps.shape[1]),
            "step_hz": number(step_hz),
            "filters": order.tolist(),
            "peaks_hz": numbers(peaks[order] * step_hz),
            "responses": [numbers(row, 4) for row in share[order]],
            "sampling_rate_hz": number(card.sampling_rate_hz),
        }
    )


KIND: Final = AnalysisKind(
    name="filters",
    title="Filters' spectra",
    help="What the filters of the first convolution let through, each over its own maximum, "
    "ordered by the frequency of the peak.",
    validate=lambda given: accept_parameters((), given),
    compute=compute,
    needs_network=True,
    page="/visualization?experiment={ids}&tab=filters",
    is_quick=True,
)
