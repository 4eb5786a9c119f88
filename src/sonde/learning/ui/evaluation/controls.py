"""How a question is asked: its settings, drawn from the knobs of its parameters."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.evaluating.kinds import (
    architectures,
    calibration,
    prediction_sets,
    robustness,
    unseen,
)
from sonde.learning.core.evaluating.perturbing import PERTURBATIONS
from sonde.learning.core.evaluating.subject import Subject
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.ui.evaluation.ids import ask, setting
from sonde.learning.ui.evaluation.state import ViewState
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon

_SHOWN: Final[Mapping[str, tuple[Sequence[HyperParameter], tuple[str, ...]]]] = {
    "architectures": (architectures.KNOBS, ("n_runs",)),
    "robustness": (robustness.KNOBS, ("change", "most", "seed")),
    "calibration": (calibration.KNOBS, ("hands", "seed")),
    "sets": (prediction_sets.KNOBS, ("method", "alpha", "hands")),
    "unseen": (unseen.KNOBS, ("most_risk",)),
}
_TITLES: Final[Mapping[str, str]] = {
    "lac": "LAC: smallest sets",
    "aps": "APS: grow with doubt",
    "raps": "RAPS: APS, kept small",
} | {one.name: one.title for one in PERTURBATIONS.values()}


def controls(
    state: ViewState, words: str, rivals: Sequence[Subject], *, may_start: bool, is_quick: bool
) -> Any:
    """Return the card in which the tab's question is asked; None where nothing can be chosen."""
    knobs, names = _SHOWN.get(state.tab, ((), ()))
    fields = [_field(knob, state) for knob in knobs if knob.name in names]
    if state.tab == "architectures":
        fields.insert(0, _rivals(state, rivals))
    if not fields:
        return None
    start = dmc.Button(
        "Find out",
        id=ask(state.kind),
        leftSection=icon("tabler:player-play", 15),
        disabled=not may_start,
    )
    foot = [html.P(words, className="sonde-dim sonde-grow")]
    if not is_quick:
        foot.append(start)
    return card(
        html.Div(
            [
                html.Div(fields, className="sonde-form is-dense"),
                html.Div(foot, className="sonde-feature-head"),
            ],
            className="sonde-stack is-tight",
        )
    )


def _field(knob: HyperParameter, state: ViewState) -> Any:
    value = state.said.get(knob.name, str(knob.default))
    if knob.choices:
        data = [{"value": one, "label": _TITLES.get(one, one)} for one in knob.choices]
        return dmc.Select(
            id=setting(knob.name),
            label=knob.title,
            data=data,
            value=value,
            allowDeselect=False,
        )
    is_share = isinstance(knob.default, float)
    return dmc.NumberInput(
        id=setting(knob.name),
        label=knob.title,
        description=knob.help,
        inputWrapperOrder=["label", "input", "description"],
        value=float(value) if _is_number(value) else knob.default,
        min=knob.low,
        max=knob.high,
        step=0.01 if is_share else 1,
        debounce=600,
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _rivals(state: ViewState, rivals: Sequence[Subject]) -> Any:
    return dmc.MultiSelect(
        id=setting("rivals"),
        label="Beside it",
        description="Experiments that were tested on the very same samples.",
        inputWrapperOrder=["label", "input", "description"],
        data=[{"value": one.id, "label": f"{one.title} · {one.macro_f1:.3f}"} for one in rivals],
        value=[one for one in state.experiments[1:] if one in {rival.id for rival in rivals}],
        placeholder="None was tested alike" if not rivals else "Choose some",
        maxValues=19,
        searchable=True,
        clearable=True,
        className="sonde-grow",
    )
