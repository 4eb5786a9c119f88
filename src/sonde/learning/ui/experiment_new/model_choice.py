"""The choice of a model, by family, with the settings of each."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.fitting.specification import ModelSpecification
from sonde.learning.ui.experiment_new.fields import form_grid, knob_field
from sonde.learning.ui.experiment_new.ids import NewType, field
from sonde.platform.ui.icons import icon

_ICONS: Final = {"windows": "tabler:wave-sine", "features": "tabler:table"}


def model_section(models: Sequence[ModelSpecification], form: Mapping[str, Any]) -> list[Any]:
    """Return all models by family, and what the chosen one is and can be set to."""
    names = [one.name for one in models]
    wanted = form.get("model", "")
    chosen = wanted if wanted in names else names[0]
    families = dict.fromkeys(one.family for one in models)
    rows = [
        html.Div(
            [
                html.H3(family, className="sonde-family-name"),
                html.Div(
                    [_small(one) for one in models if one.family == family],
                    className="sonde-chips",
                ),
            ],
            className="sonde-family",
        )
        for family in families
    ]
    picker = dmc.RadioGroup(
        html.Div(rows, className="sonde-families"),
        id=field("model"),
        value=chosen,
        **{"aria-label": "Model"},
    )
    return [picker, *(_settings(one, chosen, form) for one in models)]


def choice(value: str, title: str, text: str, mark: Any, badges: Sequence[Any] = ()) -> Any:
    """Return one card of a choice between few things."""
    words = html.Div(
        [
            html.Div([title, *badges], className="sonde-choice-title"),
            html.Div(text, className="sonde-choice-text"),
        ]
    )
    return dmc.RadioCard(
        html.Div([mark, words], className="sonde-choice-inner"),
        value=value,
        className="sonde-choice",
        withBorder=False,
        **{"aria-label": title},
    )


def _small(one: ModelSpecification) -> Any:
    return dmc.RadioCard(
        html.Div([icon(_ICONS[one.eats], 16), one.title], className="sonde-choice-inner"),
        value=one.name,
        className="sonde-choice is-small",
        withBorder=False,
        **{"aria-label": one.title},
    )


def _settings(one: ModelSpecification, chosen: str, form: Mapping[str, Any]) -> Any:
    controls = [
        knob_field(f"values/{one.name}/{knob.name}", knob, form) for knob in one.hyper_parameters
    ]
    eats = "the signal itself" if one.eats == "windows" else "features"
    return html.Div(
        [
            html.P([html.Strong(one.title), f": {one.help} Reads {eats}."]),
            form_grid(controls),
        ],
        className="sonde-stack is-tight",
        id={"type": NewType.KNOBS, "model": one.name},
        style={} if one.name == chosen else {"display": "none"},
    )
