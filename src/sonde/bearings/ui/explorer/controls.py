"""The controls of a tab, drawn from what can be chosen in it."""

from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.ui.explorer.ids import setting_id
from sonde.bearings.ui.explorer.settings import Kind, Said, Setting

_DEBOUNCE_MS: Final = 500


def controls(tab: str, said: Said) -> list[Any]:
    """Return one control for each setting of a tab."""
    return [_control(tab, one, said) for one in said.settings]


def _control(tab: str, one: Setting, said: Said) -> Any:
    identifier = setting_id(tab, one.name)
    data = [{"value": value, "label": words} for value, words in one.choices]
    if one.kind is Kind.NUMBER:
        return _number(identifier, one, said.number(one.name))
    if one.kind is Kind.SWITCH:
        chosen = dmc.SegmentedControl(
            id=identifier, data=data, value=said.text(one.name), size="xs", radius="sm"
        )
        return html.Div(
            [html.Div(one.label, className="sonde-field-label"), chosen],
            role="group",
            **{"aria-label": one.label},
        )
    if one.kind is Kind.MANY:
        return _many(identifier, one, said.many(one.name), data)
    return dmc.Select(
        id=identifier,
        label=one.label,
        data=data,
        value=said.text(one.name),
        allowDeselect=False,
        searchable=len(data) > 12,
        size="xs",
        w=_width(one),
    )


def _number(identifier: Any, one: Setting, value: float | None) -> Any:
    bounds = {"min": one.low, "max": one.high}
    return dmc.NumberInput(
        id=identifier,
        label=one.label,
        value="" if value is None else value,
        placeholder=one.hint,
        hideControls=True,
        debounce=_DEBOUNCE_MS,
        size="xs",
        w=118,
        **{name: bound for name, bound in bounds.items() if bound is not None},
    )


def _many(identifier: Any, one: Setting, chosen: tuple[str, ...], data: list[Any]) -> Any:
    return dmc.MultiSelect(
        id=identifier,
        label=one.label,
        data=data,
        value=list(chosen),
        placeholder="" if chosen else one.hint,
        maxValues=one.most or None,
        searchable=True,
        clearable=True,
        debounce=_DEBOUNCE_MS,
        size="xs",
        miw=200,
        maw=560,
    )


def _width(one: Setting) -> int:
    longest = max((len(words) for _, words in one.choices), default=8)
    return max(104, min(48 + 8 * max(longest, len(one.label)), 260))
