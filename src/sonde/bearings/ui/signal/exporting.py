"""Listening to a signal, and taking it along."""

from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.signal_views import Place
from sonde.bearings.ui.signal.ids import SignalId
from sonde.platform.ui.icons import icon

_FILES = (("CSV", "csv"), ("npy", "npy"), ("WAV", "wav"))


def export_panel(place: Place) -> Any:
    """Return the signal as sound, as files, and the chart as a picture."""
    return html.Div(
        [
            html.Audio(
                src=_address(place, "sound.wav"),
                controls=True,
                preload="none",
                className="sonde-look-sound",
                **{"aria-label": f"Listen to channel {place.channel}"},
            ),
            html.Div([_file(place, words, kind) for words, kind in _FILES], className="sonde-row"),
            html.P(
                "Files hold the very samples of the channel; while the time chart is zoomed, of "
                "the stretch that it shows.",
                className="sonde-dim",
            ),
            html.Div(
                [_picture(SignalId.SAVE_PNG, "PNG"), _picture(SignalId.SAVE_SVG, "SVG")],
                className="sonde-row",
            ),
            html.P("PNG and SVG take the chart as it is shown.", className="sonde-dim"),
        ],
        className="sonde-stack",
    )


def _address(place: Place, what: str) -> str:
    query = urlencode({"channel": place.channel})
    return f"/api/v1/recordings/{place.recording.id}/{what}?{query}"


def _file(place: Place, words: str, kind: str) -> Any:
    return html.A(
        [icon("tabler:download", 14), words],
        href=_address(place, f"signal.{kind}"),
        download="",
        className="sonde-button is-default is-small sonde-look-file",
    )


def _picture(identifier: SignalId, words: str) -> Any:
    return dmc.Button(
        words,
        id=identifier,
        variant="default",
        size="compact-sm",
        leftSection=icon("tabler:download", 14),
    )
