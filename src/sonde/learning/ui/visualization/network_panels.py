"""What looks into a network found, as cards."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from dash import html
from numpy.typing import NDArray

from sonde.learning.ui.visualization.figures import (
    activation_figure,
    filter_figure,
    gradient_figure,
    gradient_spectrum_figure,
    window_figure,
)
from sonde.learning.ui.visualization.ids import VisualizationId
from sonde.learning.ui.visualization.panels import told_words
from sonde.learning.ui.visualization.state import ViewState
from sonde.platform.ui.components import card, columns, note, stack
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

Found = Mapping[str, Any]


def activations_panel(
    found: Found, _state: ViewState, arrays: Mapping[str, NDArray[Any]]
) -> list[Any]:
    """Return a layer's map of one sample, the sample itself, and the layers to choose from."""
    duration = found["duration_s"]
    strongest = found["rows"][0]
    image = graph(
        activation_figure(found),
        id=VisualizationId.ACTIVATIONS,
        name=f"Activations of {found['layer']}",
        summary=f"{len(found['rows'])} of {found['n_rows']} filters over {duration:.3f} s, the "
        f"strongest (filter {strongest}) first.",
        height=420,
    )
    signal = graph(
        window_figure(arrays["window"], duration),
        id=VisualizationId.WINDOW,
        name="The sample",
        summary=told_words(found),
        height=200,
    )
    heads = (Column("Layer"), Column("Kind"), Column("Gives"))
    layers = [
        [html.Code(one["name"]), one["kind"], " × ".join(str(size) for size in one["shape"])]
        for one in found["layers"]
    ]
    return [
        card(stack([image, signal]), title=f"Layer {found['layer']}"),
        card(
            html.Details(
                [html.Summary(f"{len(layers)} layers"), plain_table(heads, layers)],
                className="sonde-twin",
            ),
            title="Layers of this network",
            description="Choose one above to see its map.",
        ),
    ]


def saliency_panel(
    found: Found, _state: ViewState, arrays: Mapping[str, NDArray[Any]]
) -> list[Any]:
    """Return where in time, and where in frequency, the told class hangs on the sample."""
    rate_hz = found["sampling_rate_hz"]
    gradient, spectrum = arrays["gradient"], arrays["spectrum"]
    peak_s = int(np.abs(gradient).argmax()) / rate_hz
    peak_hz = int(spectrum.argmax()) * rate_hz / 2.0 / max(len(spectrum) - 1, 1)
    told = found["class_names"][found["told"]]
    in_time = graph(
        gradient_figure(arrays["window"], gradient, rate_hz),
        id=VisualizationId.GRADIENT,
        name=f"What {told} hangs on, in time",
        summary=f"The answer {told} moves most at {peak_s:.4f} s. {told_words(found)}",
        height=280,
    )
    in_frequency = graph(
        gradient_spectrum_figure(spectrum, rate_hz),
        id=VisualizationId.SPECTRUM,
        name=f"What {told} hangs on, in frequency",
        summary=f"The gradient has most energy at {peak_hz:,.0f} Hz.",
        height=280,
    )
    channel = found["channel"]
    parts = [columns([card(in_time, title="Time"), card(in_frequency, title="Frequency")])]
    if found["channel_share"] < 1.0:
        share = found["channel_share"]
        parts.append(note(f"Channel {channel} carries {share:.0%} of the gradient.", Tone.INFO))
    return parts


def filters_panel(found: Found, _state: ViewState, _arrays: Any = None) -> list[Any]:
    """Return what the first filters let through."""
    peaks = found["peaks_hz"]
    rows = [
        [f"filter {one}", f"{peak:,.0f}"] for one, peak in zip(found["filters"], peaks, strict=True)
    ]
    chart = graph(
        filter_figure(found),
        id=VisualizationId.FILTERS,
        name="Spectra of the first filters",
        summary=f"{len(peaks)} filters of {found['n_taps']} taps in {found['layer']}; their peaks "
        f"lie between {min(peaks):,.0f} and {max(peaks):,.0f} Hz.",
        twin=Twin((Column("Filter"), Column("Peak (Hz)", numeric=True)), rows),
        height=480,
    )
    return [card(chart, title="What the first filters let through")]
