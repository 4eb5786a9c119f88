"""The fields of the import form that hold for all files, and what they say together."""

from collections.abc import Mapping
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.fault_classes import Severity
from sonde.bearings.core.shaping import CROP, WHOLE, WINDOW, Shaping
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.presets.registry import NONE, PRESETS, checked_preset
from sonde.bearings.ui.importing.ids import ImportId
from sonde.platform.ui.components import columns, stack

AUTOMATIC: Final = "auto"
REMARKS: Final[Mapping[str, str]] = {
    AUTOMATIC: "Each file is recognised by its name, its folders and what is in it.",
    NONE: "Only what the files, their names and a label table say.",
    **{key: preset.remark for key, preset in PRESETS.items()},
}
_CUTS: Final = (
    {"value": WHOLE, "label": "Whole"},
    {"value": CROP, "label": "Its beginning"},
    {"value": WINDOW, "label": "Every piece of it"},
)
# In the order in which `given_of` takes their values.
FIELDS: Final = (
    ImportId.PRESET,
    ImportId.RATE,
    ImportId.SPEED,
    ImportId.LABEL,
    ImportId.UNIT,
    ImportId.SEVERITY,
    ImportId.SESSION,
    ImportId.PHYSICAL,
    ImportId.CHANNELS,
    ImportId.TACHO,
    ImportId.HEALTHY,
    ImportId.RESAMPLE,
    ImportId.LENGTH,
    ImportId.CUT,
)


def given_of(values: Mapping[str, Any], *, normalise: bool) -> Given:
    """Return what the fields say, by their identifiers; raises Invalid for an unknown preset."""
    text = {name: str(values.get(name) or "").strip() for name in FIELDS}
    channels = tuple(part.strip() for part in text[ImportId.CHANNELS].split(",") if part.strip())
    length = _figure(values, ImportId.LENGTH)
    cut = text[ImportId.CUT] or WHOLE
    return Given(
        sampling_rate_hz=_figure(values, ImportId.RATE),
        speed_rpm=_figure(values, ImportId.SPEED),
        label=text[ImportId.LABEL],
        unit=text[ImportId.UNIT],
        channels=channels,
        severity=text[ImportId.SEVERITY],
        session=text[ImportId.SESSION],
        bearing=text[ImportId.PHYSICAL],
        tacho=text[ImportId.TACHO],
        preset=checked_preset(text[ImportId.PRESET]),
        healthy_part=(_figure(values, ImportId.HEALTHY) or 0.0) / 100.0,
        shaping=Shaping(
            _figure(values, ImportId.RESAMPLE),
            round(length) if length and cut != WHOLE else None,
            cut,
            normalise,
        ),
    )


def _figure(values: Mapping[str, Any], name: str) -> float | None:
    value = values.get(name)
    return float(value) if value not in {None, ""} else None


def preset_field(chosen: str) -> Any:
    """Return the choice of a public data set's layout, with a sentence about it."""
    options = [
        {"value": AUTOMATIC, "label": "Recognise the layout"},
        *({"value": key, "label": preset.title} for key, preset in PRESETS.items()),
        {"value": NONE, "label": "No public layout"},
    ]
    return html.Div(
        [
            dmc.Select(
                id=ImportId.PRESET,
                label="Layout of the files",
                data=options,
                value=chosen,
                allowDeselect=False,
            ),
            html.P(REMARKS[chosen], id=ImportId.REMARK, className="sonde-dim", role="status"),
        ]
    )


def mapping_fields() -> Any:
    """Return the fields for what files do not say themselves."""
    say = columns(
        [
            _number(ImportId.RATE, "Sampling rate, Hz"),
            _number(ImportId.SPEED, "Speed, rpm"),
            _text(ImportId.LABEL, "Class", "healthy"),
            _text(ImportId.UNIT, "Unit", "m/s^2"),
            dmc.Select(
                id=ImportId.SEVERITY,
                label="Severity",
                data=[each.value for each in Severity],
                placeholder="not stated",
                clearable=True,
            ),
            _text(ImportId.PHYSICAL, "Physical bearing", "pump 7, drive end"),
            _text(ImportId.SESSION, "Session", "spring 2026"),
            _number(ImportId.HEALTHY, "Healthy beginning of a run, %"),
        ],
        minimum=170,
    )
    map_ = columns(
        [
            dmc.TextInput(
                id=ImportId.CHANNELS,
                label="Only these channels",
                placeholder="column 1=DE, column 2=FE",
                description="name=new name gives one another name",
            ),
            dmc.TextInput(
                id=ImportId.TACHO,
                label="Tacho channel",
                placeholder="found by its name",
                description="its pulses give the speed over time",
            ),
        ]
    )
    return _fold("For files that do not say it themselves", [say, map_])


def shaping_fields() -> Any:
    """Return the fields for the target rate, length and scale."""
    length = columns(
        [
            _number(ImportId.RESAMPLE, "Bring to a rate of, Hz"),
            _number(ImportId.LENGTH, "Samples of each recording"),
        ],
        minimum=170,
    )
    cut = html.Div(
        [
            html.Span("Keep of each recording", className="sonde-field-label"),
            dmc.SegmentedControl(
                id=ImportId.CUT,
                data=list(_CUTS),
                value=WHOLE,
                size="xs",
                **{"aria-label": "Keep of each recording"},
            ),
        ],
        className="sonde-row",
    )
    scale = dmc.Switch(
        id=ImportId.NORMALISE,
        label="Normalise: mean 0, standard deviation 1",
        description="What was taken out is kept with each recording; the unit is lost.",
        checked=False,
    )
    return _fold("Target rate, length and scale", [length, cut, scale])


def _fold(title: str, children: list[Any]) -> Any:
    return html.Details(
        [html.Summary(title), stack(children)],
        className="sonde-twin",
    )


def _number(name: ImportId, label: str) -> Any:
    return dmc.NumberInput(id=name, label=label, min=0, hideControls=True)


def _text(name: ImportId, label: str, example: str) -> Any:
    return dmc.TextInput(id=name, label=label, placeholder=example)
