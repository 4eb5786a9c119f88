"""What each look found, as cards."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
import numpy as np
from dash import html
from numpy.typing import NDArray

from sonde.learning.ui.visualization.figures import (
    activation_figure,
    filter_figure,
    gradient_figure,
    gradient_spectrum_figure,
    map_figure,
    window_figure,
)
from sonde.learning.ui.visualization.ids import VisualizationId, setting
from sonde.platform.ui.components import card, columns, note, stack
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

Found = Mapping[str, Any]
_TRUSTED: Final = 0.9
_METHODS: Final = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}


def looks_row(title: str, looks: Sequence[tuple[str, str]]) -> list[Any]:
    """Return links to the source's own pages, if there are any."""
    if not looks:
        return []
    links = [dmc.Anchor(words, href=address, size="sm") for words, address in looks]
    return [html.Div([html.Span(title, className="sonde-dim"), *links], className="sonde-row")]


def embedding_panel(found: Found, colour: str, _arrays: Any = None) -> list[Any]:
    """Return the map, and how far to trust it."""
    noun = found["group_noun"]
    marks = _marks(found, colour)
    colours = [
        {"value": "class", "label": "Class"},
        {"value": "group", "label": noun.capitalize()},
        *({"value": name, "label": name.replace("_", " ")} for name in found["attributes"]),
    ]
    choose = dmc.Select(
        id=setting("colour"),
        label="Colour",
        data=colours,
        value=colour if colour in {one["value"] for one in colours} else "class",
        allowDeselect=False,
        w=200,
    )
    trust = found["trustworthiness"]
    chart = graph(
        map_figure(found, marks),
        id=VisualizationId.MAP,
        name=f"Map of samples by {_METHODS[found['method']]}",
        summary=f"{len(marks)} samples of {found['n_values']} values each; trustworthiness "
        f"{trust:.3f} (1: all neighbours on the map were neighbours before).",
        twin=_centres(found, marks),
        height=520,
    )
    return [card(stack([choose, chart])), _reading(found, noun), *_seen(found)]


def _marks(found: Found, colour: str) -> list[str]:
    if colour == "group":
        return list(found["groups"])
    if colour in found["attributes"]:
        return list(found["attributes"][colour])
    return [found["class_names"][label] for label in found["labels"]]


def _centres(found: Found, marks: Sequence[str]) -> Twin:
    x, y, where = np.array(found["x"]), np.array(found["y"]), np.array(marks)
    rows = [
        [name, int((where == name).sum()), f"{x[where == name].mean():.3g}",
         f"{y[where == name].mean():.3g}"]
        for name in dict.fromkeys(marks)
    ]  # fmt: skip
    heads = ("Name", "Samples", "Centre, first axis", "Centre, second axis")
    return Twin([Column(head, numeric=place > 0) for place, head in enumerate(heads)], rows)


def _reading(found: Found, noun: str) -> Any:
    """Say what the map says of classes and groups, in numbers that no layout can bend."""
    abroad, chance, trust = found["class_share_abroad"], found["chance"], found["trustworthiness"]
    parts = []
    if abroad is not None:
        parts.append(
            f"The nearest sample of another {noun} has the same class in {abroad:.0%} of the "
            f"cases (chance: {chance:.0%}); this is measured before the samples are laid out."
        )
    if trust < _TRUSTED:
        parts.append("The map tears neighbours apart: read no distances from it.")
    tone = Tone.WARN if trust < _TRUSTED else Tone.INFO
    return note(" ".join(parts) or "The map keeps neighbours together.", tone)


def _seen(found: Found) -> list[Any]:
    if not found["has_seen_all"]:
        return []
    words = (
        "The final model has seen every one of these samples in training: that they lie apart here "
        "says little about new ones."
    )
    return [note(words, Tone.WARN)]


def activations_panel(found: Found, _colour: str, _arrays: Any = None) -> list[Any]:
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
        window_figure(found["window"], duration),
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
            description="Write a name above to see that layer's map.",
        ),
    ]


def told_words(found: Found) -> str:
    """Say what one sample is, and what the model says of it."""
    shares = found["probabilities"]
    best = max(range(len(shares)), key=lambda place: shares[place])
    truth = found["class_names"][found["labels"][0]]
    return (
        f"Sample {found['samples'][0]} of {found['recordings'][0]}, {truth}; the final model says "
        f"{found['class_names'][best]} with {shares[best]:.1%}."
    )


def saliency_panel(found: Found, _colour: str, arrays: Mapping[str, NDArray[Any]]) -> list[Any]:
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


def filters_panel(found: Found, _colour: str, _arrays: Any = None) -> list[Any]:
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
