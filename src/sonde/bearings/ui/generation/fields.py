"""Controls as components, each with room below it for what is wrong with it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.catalogue import catalogue
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.geometry import GEOMETRY_FORM
from sonde.bearings.core.simulate.controls import Control
from sonde.bearings.core.simulate.plan import CHANNELS, CLASSES, GenerationConfig
from sonde.bearings.ui.generation.ids import MakeId, MakeType
from sonde.bearings.ui.generation.sections import Section, all_controls

CLASS_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {key: class_title(key) for keys in CLASSES.values() for key in keys}
)
_WIDE: Final = {"gridColumn": "1 / -1"}
_HELP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "records_per_bearing": "These stay together in every split",
        "stratified": "Instead of drawing one for each recording",
        "evolution_share": "Their severity grows while they are recorded",
        "transient_share": "Speed ramp, load step or thermal transient",
        "seed": "The same seed makes the same data, bit for bit",
        "effects.axial_ratio": "Of the channel axial",
        "augmentation.ratio": "0 makes none",
        "rolling.geometry": "In place of the designation",
        "conditions.load": "0 to 1",
        "rotor.clearance_um": "Half the difference of the diameters",
    }
)


def section_body(section: Section, config: GenerationConfig) -> Any:
    """Return the controls of a section."""
    known = all_controls(config)
    if section.layered:
        rows = [_layer(names, known, config) for names in _layers(section.controls, known)]
        return html.Div(rows, className="sonde-layers")
    fields = [control_field(name, *known[name], config=config) for name in section.controls]
    return html.Div(fields, className="sonde-form is-dense")


def _layers(names: Sequence[str], known: Mapping[str, Any]) -> list[list[str]]:
    """Return each switch with the numbers that follow it."""
    rows: list[list[str]] = []
    for name in names:
        if known[name][0].kind == "switch" or not rows:
            rows.append([])
        rows[-1].append(name)
    return rows


def _layer(names: Sequence[str], known: Mapping[str, Any], config: GenerationConfig) -> Any:
    first, *others = (control_field(name, *known[name], config=config) for name in names)
    more = [html.Div(others, className="sonde-layer-more")] if others else []
    return html.Div([first, *more], className="sonde-layer")


def control_field(name: str, control: Control, value: Any, *, config: GenerationConfig) -> Any:
    """Return a control, and below it the place for what is wrong."""
    if control.kind == "switch":
        shown = _switch(name, control, value)
    elif control.kind == "range":
        shown = _range(name, control, value)
    elif control.kind == "choices":
        shown = _chips(name, control, value, config)
    elif control.kind in {"choice", "text"}:
        shown = _word(name, control, value)
    else:
        shown = dmc.NumberInput(
            id=_id(MakeType.VALUE, name),
            label=label_of(control),
            description=_HELP.get(name),
            inputWrapperOrder=["label", "input", "description"],
            **_limits(control, value),
        )
    wide = control.kind == "choices" and name != "channels"
    error = html.Div(id=_id(MakeType.ERROR, name), className="sonde-field-error", role="alert")
    return html.Div([shown, error], className="sonde-field", style=_WIDE if wide else {})


def label_of(control: Control) -> str:
    """Return title and unit."""
    return f"{control.title}, {control.unit}" if control.unit else control.title


def class_options(keys: Sequence[str]) -> list[dict[str, str]]:
    """Return classes as choices, named for people."""
    return [{"value": key, "label": CLASS_TITLES.get(key, key)} for key in keys]


def _id(kind: MakeType, name: str) -> dict[str, str]:
    return {"type": kind, "name": name}


def _limits(control: Control, value: Any) -> dict[str, Any]:
    """Return what a number field knows; the service refuses, so that a person learns why."""
    return {
        "value": value,
        "min": control.low,
        "max": control.high,
        "step": control.step or 1,
        "clampBehavior": "none",
        "allowDecimal": control.kind != "whole",
        "thousandSeparator": "," if control.high > 9999 and control.title != "Seed" else None,
        "size": "sm",
    }


def _switch(name: str, control: Control, value: bool) -> Any:
    return dmc.Switch(
        id=_id(MakeType.SWITCH, name),
        label=control.title,
        description=control.help or _HELP.get(name),
        checked=value,
        size="sm",
    )


def _range(name: str, control: Control, value: Sequence[float]) -> Any:
    ends = [
        dmc.NumberInput(
            id=_id(kind, name),
            **{"aria-label": f"{label_of(control)}, {word}"},
            **_limits(control, end) | {"step": 0.05 if control.high <= 1 else 10},
        )
        for kind, word, end in (
            (MakeType.LOW, "from", value[0]),
            (MakeType.HIGH, "to", value[1]),
        )
    ]
    between = html.Span("to", className="sonde-dim")
    return html.Div(
        [
            html.Div(label_of(control), className="sonde-label"),
            html.Div([ends[0], between, ends[1]], className="sonde-range"),
        ]
    )


def _chips(name: str, control: Control, value: Sequence[str], config: GenerationConfig) -> Any:
    words = {"classes": CLASSES[config.kind], "channels": CHANNELS[config.kind]}
    options = words.get(name, control.choices)
    chips = [dmc.Chip(_title(name, one), value=one, size="xs") for one in options]
    head = [html.Span(control.title)]
    if name == "classes":
        head += [_pick("All", MakeId.ALL_CLASSES), _pick("Only healthy", MakeId.NO_CLASSES)]
    group = dmc.ChipGroup(chips, id=_id(MakeType.VALUE, name), value=list(value), multiple=True)
    return html.Div(
        [
            html.Div(head, className="sonde-label sonde-row"),
            html.Div(group, className="sonde-chips", role="group", **{"aria-label": control.title}),
        ]
    )


def _title(name: str, word: str) -> str:
    if name == "channels":
        return word
    return CLASS_TITLES.get(word, word.replace("_", " ").capitalize())


def _pick(text: str, identifier: MakeId) -> Any:
    return dmc.Button(text, id=identifier, variant="subtle", size="compact-xs")


def _word(name: str, control: Control, value: str) -> Any:
    common = {
        "id": _id(MakeType.VALUE, name),
        "label": label_of(control),
        "description": _HELP.get(name),
        "inputWrapperOrder": ["label", "input", "description"],
        "size": "sm",
        "value": value,
    }
    if name == "rolling.designation":
        return dmc.Select(data=list(catalogue()), searchable=True, allowDeselect=False, **common)
    if not control.choices:
        return dmc.TextInput(placeholder=GEOMETRY_FORM, debounce=400, **common)
    return dmc.Select(data=list(control.choices), allowDeselect=False, **common)
