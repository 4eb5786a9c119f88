"""The Signal page as components: head, tabs, controls, chart, and what is known at the side."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.core.signal_views import FoundRecording, Place
from sonde.bearings.core.units import UNITS
from sonde.bearings.ui.signal.controls import controls
from sonde.bearings.ui.signal.figures import written
from sonde.bearings.ui.signal.ids import SignalId
from sonde.bearings.ui.signal.state import ViewState, as_store
from sonde.bearings.ui.signal.uploading import upload_button
from sonde.bearings.ui.signal.views.catalogue import VIEWS, defaults, view_of
from sonde.platform.ui.components import PageView, badge, button_link, card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone

SIGNALS_PATH: Final = "/signal-viewer"
_ANY: Final = {"function": "sondeSignalAny"}


def signal_path(recording_id: str) -> str:
    """Return the address of a recording."""
    return f"{SIGNALS_PATH}/{recording_id}"


def choice_view(recent: Sequence[FoundRecording]) -> PageView:
    """Return the page on which a recording is chosen."""
    if recent:
        rows = [html.Li(_found_link(one)) for one in recent]
        body: Any = card(
            [
                _finder(),
                html.H3("Newest", className="sonde-find-head"),
                html.Ul(rows, className="sonde-find-list"),
            ],
            title="Which recording?",
            description="Type part of its file name, class, bearing, data set or id.",
        )
    else:
        body = empty_state(
            "No signals yet",
            "Import recordings, wait for the sample project, or look at a file without storing it.",
            icon_name="tabler:wave-sine",
            actions=[button_link("Datasets", "/datasets", icon_name="tabler:database")],
        )
    return PageView(
        "Signals",
        [dcc.Store(id=SignalId.WENT), body],
        description="Time, spectra, orders and images of any recording.",
        actions=[upload_button()],
    )


def signal_view(
    place: Place,
    state: ViewState,
    panel: Sequence[Any],
    side: Sequence[Any],
    others: Sequence[StoredRecording],
) -> PageView:
    """Return the page of one recording."""
    view = view_of(state.view)
    body = [
        dcc.Store(id=SignalId.STATE, data=as_store(state)),
        dcc.Store(id=SignalId.DEFAULTS, data=defaults()),
        *(dcc.Store(id=one) for one in (SignalId.CLICKED, SignalId.GO, SignalId.WENT)),
        *(dcc.Store(id=one) for one in (SignalId.SAVED, SignalId.FOLDED)),
        html.Div(
            [_finder(), *_assumed(place), _unit(place, state.unit), _compare(others)],
            className="sonde-look-bar",
        ),
        _tabs(view.key),
        html.Div(
            [
                html.Div(
                    [
                        html.Div(
                            controls(view.key, view.values(state), place.recording.channels),
                            id=SignalId.CONTROLS,
                            className="sonde-look-controls",
                        ),
                        html.Div(
                            list(panel),
                            id=SignalId.PANEL,
                            className="sonde-look-panel",
                        ),
                    ],
                    className="sonde-card sonde-look-main",
                ),
                html.Div(
                    html.Div(list(side), id=SignalId.SIDE_BODY, className="sonde-stack"),
                    id=SignalId.SIDE,
                    className="sonde-look-side",
                ),
            ],
            className="sonde-look",
        ),
    ]
    return PageView(
        place.recording.title,
        body,
        description=_where(place),
        actions=_steps(place),
        marks=_badges(place),
        crumb=place.recording.title,
    )


def found_options(found: Sequence[FoundRecording]) -> list[dict[str, str]]:
    """Return recordings as choices."""
    return [{"value": one.id, "label": one.words} for one in found]


def recording_options(recordings: Sequence[StoredRecording]) -> list[dict[str, str]]:
    """Return recordings that are chosen already as choices."""
    return [
        {"value": one.id, "label": f"{one.title} · {class_title(one.label)}"} for one in recordings
    ]


def _found_link(one: FoundRecording) -> Any:
    return dmc.Anchor(one.words, href=signal_path(one.id), underline="never")


def _finder() -> Any:
    return dmc.Select(
        id=SignalId.FIND,
        label="Recording",
        placeholder="Type a file name, class, bearing, data set or id",
        data=[],
        searchable=True,
        filter=_ANY,
        nothingFoundMessage="Nothing found",
        size="xs",
        leftSection=icon("tabler:search", 14),
        className="sonde-look-find",
    )


def _compare(others: Sequence[StoredRecording]) -> Any:
    return dmc.MultiSelect(
        id=SignalId.COMPARE,
        label="Compare with",
        placeholder="" if others else "Up to three",
        data=recording_options(others),
        value=[one.id for one in others],
        searchable=True,
        clearable=True,
        maxValues=3,
        filter=_ANY,
        nothingFoundMessage="Nothing found",
        size="xs",
        className="sonde-look-find",
    )


def _assumed(place: Place) -> list[Any]:
    """Return what the views take as given: channel and bearing."""
    return [
        dmc.Select(
            id=SignalId.CHANNEL,
            label="Channel",
            data=list(place.recording.channels),
            value=place.channel,
            allowDeselect=False,
            size="xs",
            w=110,
        ),
        dmc.TextInput(
            id=SignalId.BEARING,
            label="Bearing",
            value=place.bearing,
            placeholder="6205-2RS or n=9,d=7.9,D=39",
            debounce=700,
            size="xs",
            w=190,
        ),
    ]


def _unit(place: Place, declared: str) -> Any:
    """Return the recording's unit, or the way to declare it where it has none."""
    own = place.recording.unit
    is_open = bool(declared) or own == UNKNOWN_UNIT
    units = list(UNITS) if is_open or own in UNITS else [own, *UNITS]
    return dmc.Select(
        id=SignalId.UNIT,
        label="Unit",
        data=[{"value": each, "label": written(each)} for each in units],
        value=(declared or None) if is_open else own,
        placeholder="unknown",
        clearable=is_open,
        disabled=not is_open,
        size="xs",
        w=104,
    )


def _tabs(chosen: str) -> Any:
    tabs = [dmc.TabsTab(view.title, value=view.key) for view in VIEWS.values()]
    return dmc.Tabs(
        dmc.TabsList(tabs, className="sonde-look-tabs"), id=SignalId.VIEWS, value=chosen
    )


def _where(place: Place) -> str:
    if place.dataset is None:
        return "Looked at without being stored: kept for an hour, for you only."
    return f"Recording {place.position} of {place.total} in {place.dataset.name}."


def _badges(place: Place) -> list[Any]:
    recording = place.recording
    if place.dataset is None:
        return [badge("Not stored", Tone.WARN)]
    found = [badge(class_title(recording.label), Tone.INFO)]
    if recording.severity:
        found.append(badge(recording.severity, Tone.NEUTRAL))
    return found


def _steps(place: Place) -> list[Any]:
    """Return the ways to other signals, and the switch of the side."""
    if place.total < 2:
        return [upload_button(), _fold()]
    return [
        _step("Previous", place.previous_id, "tabler:chevron-left"),
        dmc.Button(
            "Random",
            id=SignalId.RANDOM,
            variant="default",
            leftSection=icon("tabler:arrows-shuffle", 16),
        ),
        _step("Next", place.next_id, "tabler:chevron-right"),
        upload_button(),
        _fold(),
    ]


def _step(words: str, recording_id: str, icon_name: str) -> Any:
    """Return a way to a neighbour; at either end it keeps its place, so that no button moves."""
    if not recording_id:
        return dmc.Button(words, variant="default", disabled=True, leftSection=icon(icon_name, 16))
    return dmc.Anchor(
        html.Span([icon(icon_name, 16), words], className="sonde-button is-default"),
        href=signal_path(recording_id),
        underline="never",
        className="sonde-button-link sonde-look-step",
    )


def _fold() -> Any:
    return dmc.Tooltip(
        dmc.ActionIcon(
            icon("tabler:layout-sidebar-right", 18),
            id=SignalId.SIDE_FOLD,
            variant="default",
            size=34,
            **{"aria-label": "Show or hide what is known"},
        ),
        label="Show or hide what is known",
    )
