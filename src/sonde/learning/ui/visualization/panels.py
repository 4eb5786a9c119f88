"""What looks at samples found, as cards: the map of them, and the picture of one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
import numpy as np
from dash import html
from numpy.typing import NDArray

from sonde.learning.ui.visualization.figures import (
    map_figure,
    names_in_order,
    picture_figure,
    window_figure,
)
from sonde.learning.ui.visualization.ids import VisualizationId, setting
from sonde.learning.ui.visualization.state import PAGE, TABS, ViewState
from sonde.platform.ui.components import card, facts, note, stack
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import Tone

Found = Mapping[str, Any]
_TRUSTED: Final = 0.9
_METHODS: Final = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}


def looks_row(title: str, looks: Sequence[tuple[str, str]]) -> list[Any]:
    """Return links to the source's own pages, if there are any."""
    if not looks:
        return []
    # the shell turns pages by their path; a link within this page has to load it anew
    links = [
        dmc.Anchor(words, href=address, size="sm", refresh=address.startswith(PAGE))
        for words, address in looks
    ]
    return [html.Div([html.Span(title, className="sonde-dim"), *links], className="sonde-row")]


def embedding_panel(found: Found, state: ViewState, _arrays: Any = None) -> list[Any]:
    """Return the map, and how far to trust it."""
    noun, colour = found["group_noun"], state.colour
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
        summary=f"{_mapped(found)}: {len(marks)} samples of {found['n_values']} values each; "
        f"trustworthiness {trust:.3f} (1: all neighbours on the map were neighbours before).",
        twin=_centres(found, marks),
        height=520,
    )
    picked = html.Div(
        html.P("Point at a sample and click to look at it.", className="sonde-dim"),
        id=VisualizationId.PICKED,
        role="status",
    )
    return [card(stack([choose, chart, picked])), _reading(found, noun), *_seen(found)]


def _mapped(found: Found) -> str:
    if found["of"] == "layer":
        return f"Layer {found['layer']}"
    return "Features" if found["of"] == "features" else "Last layer of the network"


def picked_view(
    found: Found, place: int, state: ViewState, looks: Sequence[tuple[str, str]]
) -> Any:
    """Return what one sample of the map is, and the ways to look at it alone."""
    sample = found["samples"][place]
    said = [
        (name.replace("_", " "), values[place])
        for name, values in found["attributes"].items()
        if values[place]
    ]
    what = [
        ("Sample", f"{sample} of {found['recordings'][place]}"),
        ("Class", found["class_names"][found["labels"][place]]),
        (found["group_noun"].capitalize(), found["groups"][place]),
        *said,
    ]
    tabs = ("picture", "activations", "saliency") if found["has_seen_all"] else ("picture",)
    ways = [(TABS[tab], state.address(tab, sample=sample)) for tab in tabs]
    further = [("In its recording", address) for _, address in looks]
    return stack([facts(what), *looks_row("Look at it:", [*ways, *further])])


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
        for name in names_in_order(found, marks)
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


def told_words(found: Found) -> str:
    """Say what one sample is, and what the model says of it."""
    shares = found["probabilities"]
    best = max(range(len(shares)), key=lambda place: shares[place])
    truth = found["class_names"][found["labels"][0]]
    return (
        f"Sample {found['samples'][0]} of {found['recordings'][0]}, {truth}; the final model says "
        f"{found['class_names'][best]} with {shares[best]:.1%}."
    )


def picture_panel(found: Found, _state: ViewState, arrays: Mapping[str, NDArray[Any]]) -> list[Any]:
    """Return the picture of one sample, and the sample itself over time."""
    truth = found["class_names"][found["labels"][0]]
    words = f"sample {found['samples'][0]} of {found['recordings'][0]}, {truth}"
    if found["n_channels"] > 1:
        words += f", channel {found['channel']} of {found['n_channels']}"
    image = graph(
        picture_figure(found, arrays),
        id=VisualizationId.PICTURE,
        name=found["title"],
        summary=found["summary"],
        twin=Twin([Column(head, numeric=True) for head in found["heads"]], found["rows"]),
        height=440,
    )
    window = arrays["window"]
    duration_s = len(window) / found["sampling_rate_hz"]
    signal = graph(
        window_figure(window, duration_s),
        id=VisualizationId.WINDOW,
        name="The sample over time",
        summary=f"{len(window):,} values in {duration_s:.3g} s; the largest is "
        f"{np.abs(window).max():.3g}{_unit(found['signal_unit'])}.",
        height=200,
    )
    return [card(stack([image, signal]), title=f"{found['title']}: {words}",
                 description=found["help"])]  # fmt: skip


def _unit(unit: str) -> str:
    return "" if unit == "unknown" else f" {unit}"
