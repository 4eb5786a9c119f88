"""How a look is asked for: its settings, drawn from the knobs of its question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.embedding.examples import Example
from sonde.learning.core.embedding.kinds import activations, embedding, features, picture, saliency
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.ui.visualization.ids import VisualizationId, setting
from sonde.learning.ui.visualization.state import ViewState
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon

KNOBS: Final[Mapping[str, Sequence[HyperParameter]]] = {
    "embedding": embedding.KNOBS,
    "picture": picture.KNOBS,
    "features": features.KNOBS,
    "activations": activations.KNOBS,
    "saliency": saliency.KNOBS,
    "filters": (),
}
_TITLES: Final = {
    "features": "Features",
    "representation": "Last layer of the network",
    "layer": "A layer of the network",
    "pca": "PCA",
    "tsne": "t-SNE",
    "umap": "UMAP",
    "importance": "Importance",
    "correlation": "Correlation",
    "distributions": "Distributions",
}
_UNSAID: Final = {"embedding": "The deepest over time", "activations": "The first over time"}


@dataclass(frozen=True)
class Offers:
    """What can be chosen that only the data and the model know.

    Parameters
    ----------
    layers, views : sequence of (str, str)
        Value and words.
    examples : sequence of Example
    has_channels : bool
        The samples are known to have several.
    """

    layers: Sequence[tuple[str, str]] = ()
    views: Sequence[tuple[str, str]] = ()
    examples: Sequence[Example] = ()
    has_channels: bool = False


def controls(state: ViewState, words: str, offers: Offers, *, start: str) -> Any:
    """Return the card in which the tab's look is asked for.

    `start` is ``"shown"``, ``"disabled"`` or ``"hidden"``: what becomes of the button.
    """
    knobs = [knob for knob in KNOBS[state.tab] if _matters(knob, state, offers)]
    fields = [_field(knob, state, offers) for knob in knobs]
    if offers.examples:
        fields.insert(0, _examples(state, offers.examples))
    foot = [html.P(words, className="sonde-dim sonde-grow")]
    if start != "hidden":
        foot.append(
            dmc.Button(
                "Look",
                id=VisualizationId.ASK,
                leftSection=icon("tabler:player-play", 15),
                disabled=start == "disabled",
            )
        )
    form = [html.Div(fields, className="sonde-form is-dense")] if fields else []
    return card(
        html.Div(
            [*form, html.Div(foot, className="sonde-feature-head")],
            className="sonde-stack is-tight",
        )
    )


def _matters(knob: HyperParameter, state: ViewState, offers: Offers) -> bool:
    """Whether a knob changes anything, as the others stand."""
    if knob.name == "channel":
        return offers.has_channels or "channel" in state.said
    if state.tab == "embedding":
        of, method = state.said.get("of", "features"), state.said.get("method", "pca")
        return {"layer": of == "layer", "neighbours": method in {"tsne", "umap"}}.get(
            knob.name, True
        )
    if knob.name == "repeats":
        return state.said.get("look", "importance") == "importance"
    return True


def _field(knob: HyperParameter, state: ViewState, offers: Offers) -> Any:
    value = state.said.get(knob.name, str(knob.default))
    if knob.choices:
        return dmc.Select(
            id=setting(knob.name),
            label=knob.title,
            data=[{"value": one, "label": _TITLES.get(one, one)} for one in knob.choices],
            value=value if value in knob.choices else knob.default,
            allowDeselect=False,
        )
    if knob.name == "layer":
        return _layer(state, value, offers.layers)
    if knob.name == "view":
        return _view(value, offers.views)
    return dmc.NumberInput(
        id=setting(knob.name),
        label=knob.title,
        description=knob.help,
        inputWrapperOrder=["label", "input", "description"],
        value=int(value) if value.isdigit() else knob.default,
        min=knob.low,
        max=knob.high,
        debounce=600,
    )


def _layer(state: ViewState, value: str, layers: Sequence[tuple[str, str]]) -> Any:
    known = {name for name, _ in layers}
    said = [] if value in known or not value else [{"value": value, "label": value}]
    return dmc.Select(
        id=setting("layer"),
        label="Layer",
        description="" if layers else "The layers are being listed ...",
        inputWrapperOrder=["label", "input", "description"],
        data=[*said, *({"value": name, "label": words} for name, words in layers)],
        value=value or None,
        placeholder=_UNSAID.get(state.tab, ""),
        searchable=True,
        clearable=True,
    )


def _view(value: str, views: Sequence[tuple[str, str]]) -> Any:
    known = {name for name, _ in views}
    return dmc.Select(
        id=setting("view"),
        label="View",
        data=[{"value": name, "label": words} for name, words in views],
        value=value if value in known else next(iter(views), ("", ""))[0],
        allowDeselect=False,
    )


def _examples(state: ViewState, examples: Sequence[Example]) -> Any:
    """Return the list of samples worth a look, by class."""
    groups: dict[str, list[dict[str, str]]] = {}
    for one in examples:
        item = {"value": str(one.sample), "label": one.words}
        groups.setdefault(one.class_name, []).append(item)
    chosen = state.said.get("sample", "0")
    return dmc.Select(
        id=setting("example"),
        label="Examples",
        description="Held-out samples of every class, by what the models said of them.",
        inputWrapperOrder=["label", "input", "description"],
        data=[{"group": name, "items": items} for name, items in groups.items()],
        value=chosen if chosen in {str(one.sample) for one in examples} else None,
        placeholder="Choose one",
        searchable=True,
        className="sonde-grow",
    )
