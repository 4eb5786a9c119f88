"""The controls of a view, drawn from what can be chosen in it."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.ui.signal.ids import setting_id
from sonde.bearings.ui.signal.settings import Kind, Setting, Values

_DEBOUNCE_MS = 500


def controls(view: str, values: Values, channels: Sequence[str] = ()) -> list[Any]:
    """Return one control for each setting of a view; `channels` are what it may look at."""
    return [
        _channel(view, setting, values.text(setting.name), channels)
        if setting.kind is Kind.CHANNEL
        else _control(view, setting, values.text(setting.name))
        for setting in values.settings
    ]


def _channel(view: str, setting: Setting, value: str, channels: Sequence[str]) -> Any:
    return dmc.Select(
        id=setting_id(view, setting.name),
        label=setting.label,
        data=list(channels),
        value=value or None,
        placeholder=setting.hint,
        clearable=True,
        size="xs",
        w=140,
    )


def _control(view: str, setting: Setting, value: str) -> Any:
    identifier = setting_id(view, setting.name)
    if setting.kind is Kind.HIDDEN:
        return dcc.Input(id=identifier, type="hidden", value=value)
    if setting.kind is Kind.NUMBER:
        return _number(identifier, setting, value)
    if setting.kind is Kind.SWITCH:
        return _switch(identifier, setting, value)
    if setting.kind is Kind.MANY:
        return _many(identifier, setting, value)
    return dmc.Select(
        id=identifier,
        label=setting.label,
        data=_data(setting),
        value=value,
        allowDeselect=False,
        size="xs",
        w=_width(setting),
        comboboxProps={"withinPortal": True},
    )


def _number(identifier: Any, setting: Setting, value: str) -> Any:
    unit = f", {setting.unit}" if setting.unit else ""
    bounds = {"min": setting.low, "max": setting.high}
    return dmc.NumberInput(
        id=identifier,
        label=f"{setting.label}{unit}",
        value=float(value) if value else "",
        placeholder=setting.hint,
        hideControls=True,
        debounce=_DEBOUNCE_MS,
        size="xs",
        w=96,
        **{name: bound for name, bound in bounds.items() if bound is not None},
    )


def _switch(identifier: Any, setting: Setting, value: str) -> Any:
    """Return few choices side by side, named like a field."""
    return html.Div(
        [
            html.Div(setting.label, className="sonde-field-label"),
            dmc.SegmentedControl(
                id=identifier, data=_data(setting), value=value, size="xs", radius="sm"
            ),
        ],
        role="group",
        **{"aria-label": setting.label},
    )


def _many(identifier: Any, setting: Setting, value: str) -> Any:
    chosen = [part for part in value.split(",") if part]
    chips = [dmc.Chip(words, value=key, size="xs") for key, words in setting.choices]
    return html.Div(
        [
            html.Div(setting.label, className="sonde-field-label"),
            html.Div(
                dmc.ChipGroup(chips, id=identifier, multiple=True, value=chosen),
                className="sonde-look-chips",
            ),
        ],
        role="group",
        **{"aria-label": setting.label},
    )


def _data(setting: Setting) -> list[dict[str, str]]:
    return [{"value": value, "label": words} for value, words in setting.choices]


def _width(setting: Setting) -> int:
    longest = max(len(words) for _, words in setting.choices)
    return max(92, min(46 + 7 * max(longest, len(setting.label)), 184))
