"""Looking at a file without storing it: the form, and what it says when it cannot."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.units import UNITS
from sonde.bearings.ui.signal.ids import SignalId
from sonde.platform.ui.components import note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone


def upload_button() -> Any:
    """Return the button with the form behind it."""
    return dmc.Popover(
        [
            dmc.PopoverTarget(
                dmc.Button("Look at a file", variant="default", leftSection=icon("tabler:upload"))
            ),
            dmc.PopoverDropdown(_form(), className="sonde-look-upload"),
        ],
        id=SignalId.UPLOAD,
        width=340,
        position="bottom-end",
        withArrow=True,
        trapFocus=True,
    )


def upload_refused(message: str) -> Any:
    """Return why a file cannot be looked at."""
    return note(message, Tone.WARN, title="This file cannot be looked at")


def _form() -> Any:
    drop = dcc.Upload(
        html.Div(
            [
                icon("tabler:upload", 20),
                html.Div("Drop a file here, or choose one", id=SignalId.UPLOAD_NAME),
            ],
            className="sonde-drop",
        ),
        id=SignalId.UPLOAD_FILE,
        multiple=False,
    )
    unit = dmc.Select(
        id=SignalId.UPLOAD_UNIT,
        label="Unit",
        data=list(UNITS),
        placeholder="As the file says",
        clearable=True,
        size="xs",
        comboboxProps={"withinPortal": False},
    )
    bearing = dmc.TextInput(
        id=SignalId.UPLOAD_BEARING, label="Bearing", placeholder="Unknown", size="xs"
    )
    fields = [
        _number(SignalId.UPLOAD_RATE, "Sampling rate, Hz"),
        _number(SignalId.UPLOAD_SPEED, "Speed, rpm"),
        unit,
        bearing,
    ]
    look = dmc.Button("Look at it", id=SignalId.UPLOAD_LOOK, disabled=True, fullWidth=True)
    return html.Div(
        [
            html.P(
                ".mat, .npy, .npz, .csv, .wav, .h5 and others, up to 10 MB. It is read in a "
                "closed-off process and kept for an hour, for you only.",
                className="sonde-dim",
            ),
            drop,
            html.Div(fields, className="sonde-form-pairs"),
            html.Div(id=SignalId.UPLOAD_REFUSED, **{"aria-live": "polite"}),
            look,
        ],
        className="sonde-stack",
    )


def _number(identifier: SignalId, label: str) -> Any:
    return dmc.NumberInput(
        id=identifier,
        label=label,
        placeholder="As the file says",
        min=0,
        hideControls=True,
        size="xs",
    )
