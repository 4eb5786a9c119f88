"""One control for each parameter of a strategy; label, help, range and default are its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.parameters import Parameter
from sonde.markets.ui.backtests.ids import axis, field, parameter

_YES_NO: Final = ({"value": "true", "label": "Yes"}, {"value": "false", "label": "No"})


def parameter_field(told: Parameter, given: Mapping[str, Any]) -> Any:
    """Return the control of a parameter, holding what is given or its default."""
    value = given.get(told.name, told.default)
    common = {"id": parameter(told.name), "label": told.title, "description": told.words}
    if told.kind == "bool":
        chosen = "true" if value in {True, "true"} else "false"
        return dmc.Select(data=list(_YES_NO), value=chosen, allowDeselect=False, **common)
    if told.kind == "choice":
        known = value if value in told.choices else told.default
        return dmc.Select(data=list(told.choices), value=known, allowDeselect=False, **common)
    return dmc.NumberInput(
        value=value, min=told.low, max=told.high, allowDecimal=told.kind == "float", **common
    )


def axis_field(told: Parameter, given: Mapping[str, Any]) -> Any:
    """Return the control that says which values of a parameter a search tries."""
    return dmc.TextInput(
        id=axis(told.name),
        label=f"{told.title}: values to try",
        description=axis_help(told),
        value=str(given.get(told.name, "")),
        placeholder="stays as above",
        inputProps={"maxLength": 400},
    )


def axis_help(told: Parameter) -> str:
    """Say how the values of a parameter are written."""
    if told.kind in {"bool", "choice"}:
        options = "yes, no" if told.kind == "bool" else ", ".join(told.choices)
        return f"Of {options}; with commas. Random draws: all"
    low, high = f"{told.low:g}", f"{told.high:g}"
    return f"Such as 10, 20, 40 or 10:50:10 ({low} to {high}). Random draws: 10..50"


def number(name: str, label: str, value: Any, **properties: Any) -> Any:
    """Return a field for a number of the form."""
    return dmc.NumberInput(
        id=field(name),
        label=label,
        value="" if value is None else value,
        **{"min": 0, **properties},
    )


def choice(
    name: str, label: str, options: Sequence[tuple[str, str]], value: str, **properties: Any
) -> Any:
    """Return a field for one of several."""
    data = [{"value": each, "label": title} for each, title in options]
    return dmc.Select(
        id=field(name), label=label, data=data, value=value, allowDeselect=False, **properties
    )


def form_grid(controls: Sequence[Any]) -> Any:
    """Return controls side by side, their inputs on one line however long their help is."""
    return html.Div(list(controls), className="sonde-form", style={"alignItems": "end"})
