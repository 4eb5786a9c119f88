"""The Signal page as components."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.signal_views import Place
from sonde.bearings.ui.signal.body import Shown, signal_body
from sonde.bearings.ui.signal.ids import SignalId
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.icons import icon

SIGNALS_PATH = "/signal-viewer"
_GROWS: Final = {"flex": "1 1 260px"}
_ROW: Final = {"alignItems": "flex-start", "gap": "12px"}


def choice_view(datasets: Sequence[Dataset], recordings: Sequence[StoredRecording]) -> PageView:
    """Return the page on which a recording is chosen."""
    if not datasets:
        body: Any = empty_state(
            "No signals yet",
            "Import recordings, or wait for the sample project.",
            icon_name="tabler:wave-sine",
            actions=[button_link("Datasets", "/datasets", icon_name="tabler:database")],
        )
    else:
        body = card(
            html.Div(
                _pickers(datasets, recordings, datasets[0].id, None),
                className="sonde-row",
                style=_ROW,
            ),
            title="Which recording?",
            description="Choose a data set, then one of its recordings.",
        )
    return PageView("Signals", body, description="Time, spectrum and envelope of any recording.")


def signal_view(
    place: Place,
    shown: Shown,
    datasets: Sequence[Dataset],
    siblings: Sequence[StoredRecording],
) -> PageView:
    """Return the page of one recording."""
    recording = place.recording
    body = [
        dcc.Store(id=SignalId.RECORDING, data=recording.id),
        dcc.Store(id=SignalId.STATE),
        card(
            html.Div(
                [*_pickers(datasets, siblings, place.dataset.id, recording.id), *_assumed(place)],
                className="sonde-row",
                style=_ROW,
            )
        ),
        html.Div(signal_body(shown), id=SignalId.BODY),
    ]
    return PageView(
        recording.title,
        body,
        description=f"Recording {place.position} of {place.total} in {place.dataset.name}.",
        actions=_neighbours(place),
        crumb=recording.title,
    )


def recording_options(recordings: Sequence[StoredRecording]) -> list[dict[str, str]]:
    """Return recordings as choices."""
    return [
        {
            "value": recording.id,
            "label": f"{recording.title} · {recording.label} · {recording.speed_rpm:,.0f} rpm",
        }
        for recording in recordings
    ]


def _pickers(
    datasets: Sequence[Dataset],
    recordings: Sequence[StoredRecording],
    dataset_id: str,
    recording_id: str | None,
) -> list[Any]:
    return [
        dmc.Select(
            id=SignalId.DATASET,
            label="Data set",
            data=[{"value": each.id, "label": each.name} for each in datasets],
            value=dataset_id,
            searchable=True,
            allowDeselect=False,
            style=_GROWS,
        ),
        dmc.Select(
            id=SignalId.CHOICE,
            label="Recording",
            placeholder="Type to search",
            data=recording_options(recordings),
            value=recording_id,
            searchable=True,
            allowDeselect=False,
            style=_GROWS,
            limit=300,
        ),
        html.Div(id=SignalId.OPEN, hidden=True),
    ]


def _assumed(place: Place) -> list[Any]:
    """Return what the view takes as given: channel and bearing."""
    return [
        dmc.Select(
            id=SignalId.CHANNEL,
            label="Channel",
            data=list(place.recording.channels),
            value=place.channel,
            allowDeselect=False,
            w=120,
        ),
        dmc.TextInput(
            id=SignalId.BEARING,
            label="Bearing",
            description="Designation or n=..,d=..,D=..",
            value=place.bearing,
            placeholder="6205-2RS",
            debounce=700,
            inputWrapperOrder=["label", "input", "description"],
            w=220,
        ),
    ]


def _neighbours(place: Place) -> list[Any]:
    found = []
    if place.previous_id:
        found.append(_step("Previous", place.previous_id, "tabler:chevron-left"))
    if place.next_id:
        found.append(_step("Next", place.next_id, "tabler:chevron-right"))
    return found


def _step(words: str, recording_id: str, icon_name: str) -> Any:
    return dmc.Anchor(
        html.Span([icon(icon_name, 16), words], className="sonde-button is-default"),
        href=f"{SIGNALS_PATH}/{recording_id}",
        underline="never",
        className="sonde-button-link",
    )
