"""How a look is asked for: its settings, drawn from the knobs of its question."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.embedding.kinds import activations, embedding, saliency
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.ui.visualization.ids import VisualizationId, setting
from sonde.learning.ui.visualization.state import ViewState
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon

_KNOBS: Final[Mapping[str, Sequence[HyperParameter]]] = {
    "embedding": embedding.KNOBS,
    "activations": activations.KNOBS,
    "saliency": saliency.KNOBS,
    "filters": (),
}
_TITLES: Final = {
    "features": "Features",
    "representation": "Last layer of the network",
    "layer": "A layer by its name",
    "pca": "PCA",
    "tsne": "t-SNE",
    "umap": "UMAP",
}


def controls(state: ViewState, words: str, *, may_start: bool) -> Any:
    """Return the card in which the tab's look is asked for."""
    fields = [_field(knob, state) for knob in _KNOBS[state.tab]]
    start = dmc.Button(
        "Look",
        id=VisualizationId.ASK,
        leftSection=icon("tabler:player-play", 15),
        disabled=not may_start,
    )
    foot = html.Div(
        [html.P(words, className="sonde-dim sonde-grow"), start], className="sonde-feature-head"
    )
    form = [html.Div(fields, className="sonde-form is-dense")] if fields else []
    return card(html.Div([*form, foot], className="sonde-stack is-tight"))


def _field(knob: HyperParameter, state: ViewState) -> Any:
    value = state.said.get(knob.name, str(knob.default))
    if knob.choices:
        return dmc.Select(
            id=setting(knob.name),
            label=knob.title,
            data=[{"value": one, "label": _TITLES.get(one, one)} for one in knob.choices],
            value=value if value in knob.choices else knob.default,
            allowDeselect=False,
        )
    if isinstance(knob.default, str):
        return dmc.TextInput(
            id=setting(knob.name),
            label=knob.title,
            placeholder="body.0",
            value=value,
            debounce=600,
        )
    return dmc.NumberInput(
        id=setting(knob.name),
        label=knob.title,
        value=int(value) if value.isdigit() else knob.default,
        min=knob.low,
        max=knob.high,
        debounce=600,
    )
