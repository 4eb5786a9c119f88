"""The Features page as components."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.features.export import TABLE_FORMATS
from sonde.bearings.core.features.own import OwnFeature
from sonde.bearings.core.features.registry import FeatureDefinition
from sonde.bearings.ui.features.ids import FeaturesId, act
from sonde.bearings.ui.features.picker import known, own_modal, picker
from sonde.bearings.ui.features.set_panel import rename_modal
from sonde.bearings.ui.features.state import TABS, ViewState
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import PageView, button_link, card, empty_state, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone


@dataclass(frozen=True)
class Offer:
    """What can be chosen on the page.

    Parameters
    ----------
    datasets : sequence of Dataset
    definitions : sequence of FeatureDefinition
    own : sequence of OwnFeature
    changeable : frozenset of str
        Ids of the own features that the person may change.
    may_work : bool
        False for those who may look only.
    """

    datasets: Sequence[Dataset]
    definitions: Sequence[FeatureDefinition]
    own: Sequence[OwnFeature]
    changeable: frozenset[str]
    may_work: bool


def features_view(offer: Offer, state: ViewState, body: Any, exports: Any) -> PageView:
    """Return the page."""
    # One body serves every tab; the panels tell those who listen where it stands.
    panels = [
        dmc.TabsPanel(html.Span(f"{words}: below", className="sonde-hidden"), value=name)
        for name, words in TABS.items()
    ]
    tabs = dmc.Tabs(
        [dmc.TabsList([dmc.TabsTab(words, value=name) for name, words in TABS.items()]), *panels],
        id=FeaturesId.TAB,
        value=state.tab,
        variant="default",
        className="sonde-scroll-x",
    )
    main = [
        card(_bar(offer, state, exports)),
        html.Div(tabs),
        dcc.Loading(
            html.Div(body, id=FeaturesId.BODY, className="sonde-stack"),
            delay_show=400,
            custom_spinner=dmc.Loader(size="sm"),
        ),
    ]
    side = html.Div(side_view(offer, state), id=FeaturesId.SIDE, className="sonde-features-side")
    return PageView(
        "Features",
        [
            dcc.Store(id=FeaturesId.STATE, data=state.as_store()),
            dcc.Store(id=FeaturesId.PRESETS, data=known(offer.definitions, offer.own)),
            dcc.Store(id=FeaturesId.CHANGED, data=0),
            dcc.Store(id=FeaturesId.OWN_EDITED, data=""),
            dcc.Store(id=FeaturesId.SET_RENAMED, data=""),
            html.Div(
                [html.Div(main, className="sonde-stack"), side], className="sonde-features-split"
            ),
            own_modal(),
            rename_modal(),
        ],
        description="What can be measured of a signal, which of it tells faults apart, and sets to "
        "learn from.",
    )


def side_view(offer: Offer, state: ViewState) -> Any:
    """Return the card in which features are chosen."""
    return picker(
        offer.definitions, state.names, offer.own, offer.changeable, may_define=offer.may_work
    )


def nothing_view() -> PageView:
    """Return the page of somebody who has no data."""
    body = empty_state(
        "No data to measure yet",
        "Import recordings or simulate some; their features are extracted here.",
        icon_name="tabler:table",
        actions=[button_link("Datasets", "/datasets", icon_name="tabler:database")],
    )
    return PageView("Features", card(body), description="What can be measured of a signal.")


def _bar(offer: Offer, state: ViewState, exports: Any) -> Any:
    choose = dmc.Select(
        id=FeaturesId.DATASET,
        label="Data set",
        data=[
            {"value": one.id, "label": f"{one.name} · {one.n_recordings:,} recordings"}
            for one in offer.datasets
        ],
        value=state.dataset,
        searchable=True,
        allowDeselect=False,
        leftSection=icon("tabler:database", 16),
        className="sonde-grow",
    )
    return html.Div(
        [choose, html.Div(exports, id=FeaturesId.EXPORTS)], className="sonde-beside sonde-wrap"
    )


def export_menu(state: ViewState, *, is_ready: bool) -> Any:
    """Return the menu of files that the table can be taken as."""
    names = urlencode([("names", name) for name in state.names])
    path = f"/api/v1/features/datasets/{state.dataset}/file"
    items = [
        html.A(
            one.title,
            href=f"{path}?format={one.kind}&{names}",
            download="",
            className="sonde-menu-link",
        )
        for one in TABLE_FORMATS.values()
    ]
    target = dmc.Button(
        "Export",
        variant="default",
        leftSection=icon("tabler:download", 16),
        disabled=not is_ready,
    )
    return dmc.Menu(
        [dmc.MenuTarget(target), dmc.MenuDropdown(items)],
        position="bottom-end",
        disabled=not is_ready,
    )


def extraction_panel(
    state: ViewState, dataset: Dataset, job: Job | None, *, may_work: bool
) -> list[Any]:
    """Return what stands where values are missing: the job that measures them, or its button."""
    n = len(state.names)
    words = f"{n} features of {dataset.n_recordings:,} recordings"
    start = dmc.Button(
        f"Extract {words}",
        id=act("extract"),
        leftSection=icon("tabler:player-play", 16),
        disabled=not may_work,
    )
    running = job is not None and not job.state.is_final
    empty = empty_state(
        "Not extracted yet" if not running else "Being extracted",
        "Every recording is measured once; the values are kept for everybody who may see the data."
        if may_work
        else "Ask an analyst to extract them: viewers may only look.",
        icon_name="tabler:table",
        actions=[] if running else [start],
    )
    return [card(empty), *([card(job_progress(job))] if job is not None else [])]


def nothing_chosen() -> Any:
    """Return what stands where no feature is chosen."""
    return card(
        empty_state(
            "No feature is chosen",
            "Choose at least one at the side, or begin with the 36 of the original platform.",
            icon_name="tabler:filter",
        )
    )


def missing_note(lacking: Sequence[tuple[str, str]]) -> Any:
    """Return which features cannot be had of these recordings, and why; None if all can."""
    if not lacking:
        return None
    by_reason: dict[str, list[str]] = {}
    for title, reason in lacking:
        by_reason.setdefault(reason, []).append(title)
    text = " ".join(
        f"{reason[0].upper()}{reason[1:]}: no {', '.join(titles)}."
        for reason, titles in by_reason.items()
    )
    return note(text, Tone.WARN, title="Not to be had here")
