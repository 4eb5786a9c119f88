"""One control for each kind of setting, its label, help, range and default from the setting."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.ui.experiment_new.ids import field

_YES_NO = ({"value": "true", "label": "yes"}, {"value": "false", "label": "no"})


def knob_field(path: str, knob: HyperParameter, form: Mapping[str, Any]) -> Any:
    """Return the control of one hyper-parameter, holding what `form` says or its default."""
    value = form.get(path, knob.default)
    common = {"id": field(path), "label": knob.title, "description": knob.help}
    if isinstance(knob.default, bool):
        chosen = "true" if value in (True, "true") else "false"
        return dmc.Select(data=list(_YES_NO), value=chosen, allowDeselect=False, **common)
    if knob.choices:
        return dmc.Select(
            data=options_of(knob.choices), value=str(value), allowDeselect=False, **common
        )
    if isinstance(knob.default, str):
        return dmc.TextInput(value=str(value), **common)
    return dmc.NumberInput(
        value=value,
        min=knob.low,
        max=knob.high,
        allowDecimal=isinstance(knob.default, float),
        hideControls=knob.is_log,
        **common,
    )


def data_option_field(option: Mapping[str, Any], form: Mapping[str, Any]) -> Any:
    """Return the control of something that can be chosen about the data."""
    path = f"options/{option['name']}"
    common = {"id": field(path), "label": option["title"], "description": option["help"]}
    if "values" not in option:
        return dmc.NumberInput(
            value=_number(form.get(path, ""), option["default"]),
            placeholder=str(option["default"]),
            min=option["low"],
            max=option["high"],
            allowDecimal=isinstance(option["default"], float),
            decimalScale=3,
            **common,
        )
    values = [value for value, _ in option["values"]]
    wanted = form.get(path, "")
    return dmc.Select(
        data=[{"value": value, "label": label} for value, label in option["values"]],
        value=wanted if wanted in values else values[0],
        allowDeselect=False,
        searchable=True,
        **common,
    )


def _number(text: Any, default: float) -> Any:
    """Return the number that a link says, in the default's own type; empty where there is none."""
    try:
        return type(default)(text)
    except ValueError:
        return ""


def form_grid(controls: Sequence[Any]) -> Any:
    """Return controls side by side, their inputs on one line however long their help is."""
    return html.Div(list(controls), className="sonde-form", style={"alignItems": "end"})


def options_of(names: Sequence[str]) -> list[dict[str, str]]:
    """Return names as choices of a list."""
    return [{"value": name, "label": name.replace("_", " ")} for name in names]
