"""The frame around the pages, without a server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import pytest
from dash.development.base_component import Component

from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import Domain, Navigation, Page, PaletteEntry
from sonde.platform.core.health import PartHealth
from sonde.platform.core.jobs import Job, JobEvent, JobState
from sonde.platform.core.notifications import Notification
from sonde.platform.core.parts import Parts
from sonde.platform.ui.components import PageView, stat_card
from sonde.platform.ui.home.cards import HomeCard, HomeSlot, quick_action
from sonde.platform.ui.home.layout import Home, health_card, home_view
from sonde.platform.ui.jobs.card import job_card, progress_text
from sonde.platform.ui.jobs.layout import job_detail, job_row, jobs_view, states_of
from sonde.platform.ui.routing import breadcrumbs, find_page, menu, query_of
from sonde.platform.ui.shell.frame import framed
from sonde.platform.ui.shell.layout import shell
from sonde.platform.ui.shell.lists import bell_list, tray_list
from sonde.platform.ui.shell.palette import palette_entries, palette_list
from sonde.platform.ui.wording import ago, duration

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ADA = Actor("u1", "Ada Lovelace", Role.ANALYST, "w1", frozenset({"w1"}))
VERA = replace(ADA, name="Vera", role=Role.VIEWER)
JOB = Job(
    id="01ARZ3NDEKTSV4RRFFQ69G5FAV",
    kind="toys.count",
    title="Count toys",
    queue="default",
    params={},
    owner_id="u1",
    owner_name="Ada",
    workspace_id="w1",
    state=JobState.RUNNING,
    phase="Counting",
    message="",
    fraction=0.46,
    eta_s=75.0,
    attempt=1,
    max_attempts=5,
    error="",
    error_code="",
    result={},
    link="/toys/1",
    delayed=False,
    created_at=NOW,
    started_at=NOW,
    finished_at=None,
)
DONE = replace(JOB, state=JobState.SUCCEEDED, fraction=1.0, finished_at=NOW + timedelta(seconds=9))


def test_the_state_of_a_job_is_told_whole_beside_a_long_title() -> None:
    css = (resources.files("sonde.platform.ui") / "assets" / "sonde.css").read_text()
    card = job_card(replace(JOB, title="Train " + "a-very-long-name " * 12), "tray")
    head = card.children[0]
    assert "sonde-whole-badge" in head.className.split()
    assert ".sonde-whole-badge .sonde-badge { flex: none;" in css
    assert ".sonde-job-title { flex: 1; min-width: 0;" in css


def _page(path: str, title: str, **more: Any) -> Page:
    return Page(path, title, lambda request: title, **more)


PAGES = (
    _page("/", "Home", navigation=Navigation("Overview", "tabler:home", 0)),
    _page("/jobs", "Jobs", navigation=Navigation("System", "tabler:stack-2", 900)),
    _page("/toys", "Toys", navigation=Navigation("Data", "tabler:database", 20)),
    _page(
        "/toys/new",
        "New toy",
        minimum_role=Role.ANALYST,
        navigation=Navigation("Data", "tabler:plus", 10),
        parent="/toys",
    ),
    _page("/toys/{toy_id}", "Toy", parent="/toys"),
    _page("/toys/{toy_id}/parts/{part_id}", "Part", parent="/toys/{toy_id}"),
)


def texts(thing: Any) -> Iterator[str]:
    """Go through every piece of text in components."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from texts(one)
    elif isinstance(thing, Component):
        for name in ("children", "label", "title", "rightSection"):
            yield from texts(getattr(thing, name, None))


def said(thing: Any) -> str:
    return " | ".join(texts(thing))


def ids(thing: Any) -> list[Any]:
    found = [getattr(thing, "id", None)]
    if isinstance(thing, Component):
        found += [getattr(one, "id", None) for one in thing._traverse()]
    return [one for one in found if one is not None]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Home"),
        ("/toys", "Toys"),
        ("/toys/", "Toys"),
        ("/toys/new", "New toy"),
        ("/toys/7", "Toy"),
        ("/toys/7/parts/2", "Part"),
    ],
)
def test_paths_find_their_page(path: str, title: str) -> None:
    match = find_page(PAGES, path)
    assert match is not None
    assert match.page.title == title


def test_the_page_above_its_group_is_lit_on_itself_only() -> None:
    pages = [
        _page(path, path, navigation=Navigation("Zoo", "tabler:home", place))
        for place, path in enumerate(("/zoo", "/zoo/apes", "/zoo/birds"))
    ]
    frame = shell(ADA, {"Zoo": pages, "Data": [PAGES[2]]})
    links = [one for one in frame._traverse() if type(one).__name__ == "NavLink"]
    assert {one.href: one.active for one in links} == {
        "/zoo": "exact",
        "/zoo/apes": "partial",
        "/zoo/birds": "partial",
        "/toys": "partial",
    }


def test_unknown_paths_find_nothing() -> None:
    assert find_page(PAGES, "/toys/7/parts") is None
    assert find_page(PAGES, "/jobs.*") is None


def test_breadcrumbs_lead_back_to_the_very_thing() -> None:
    match = find_page(PAGES, "/toys/7/parts/2")
    assert match is not None
    assert [(crumb.title, crumb.path) for crumb in breadcrumbs(PAGES, match)] == [
        ("Toys", "/toys"),
        ("Toy", "/toys/7"),
    ]


def test_menu_is_in_order_and_by_role() -> None:
    groups = menu(PAGES, ADA)
    assert list(groups) == ["Overview", "Data", "System"]
    assert [page.title for page in groups["Data"]] == ["New toy", "Toys"]
    assert [page.title for page in menu(PAGES, VERA)["Data"]] == ["Toys"]


def test_query_is_read() -> None:
    assert query_of("?a=1&b=x%20y") == {"a": "1", "b": "x y"}
    assert query_of(None) == {}


def test_shell_names_the_person_and_the_pages() -> None:
    frame = shell(ADA, menu(PAGES, ADA))
    words = said(frame)
    assert "Ada Lovelace" in words
    assert "New toy" in words
    every = ids(frame)
    assert len(every) == len({str(one) for one in every}), "an identifier stands twice"


def test_page_is_framed_with_its_path() -> None:
    match = find_page(PAGES, "/toys/7")
    assert match is not None
    parts = framed(PageView("Toy seven", ["body"], description="A toy"), breadcrumbs(PAGES, match))
    words = said(parts)
    assert words.index("Toys") < words.index("Toy seven") < words.index("body")


def test_palette_finds_pages_actions_and_what_parts_find() -> None:
    def find(actor: Actor, text: str) -> list[PaletteEntry]:
        return [PaletteEntry(f"{text} of {actor.name}", "/toys/1", "Toys", "tabler:database")]

    parts = Parts((Domain("toys", "Toys", pages=lambda: PAGES, palette=find),))
    labels = [entry.label for entry in palette_entries(parts, VERA, "toys")]
    assert labels == ["Toys", "toys of Vera"]
    assert "New toy" not in [entry.label for entry in palette_entries(parts, VERA, "")]
    assert "Pages" in said(palette_list(palette_entries(parts, ADA, "")))
    assert palette_list([])[0].children == "Nothing found"


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (JOB, "Counting · 46 % · about 1 min 15 s left"),
        (replace(JOB, eta_s=None, phase=""), "Starting · 46 %"),
        (replace(JOB, state=JobState.QUEUED), "Waiting for a worker"),
        (replace(JOB, state=JobState.QUEUED, delayed=True), "Waiting for the queue"),
        (replace(JOB, state=JobState.FAILED, error="No toys."), "No toys."),
    ],
)
def test_job_says_what_it_does(job: Job, words: str) -> None:
    assert progress_text(job) == words


def test_job_offers_what_can_be_done() -> None:
    assert "Cancel" in said(job_card(JOB, "tray"))
    assert "Open result" in said(job_card(DONE, "tray"))
    assert "Start again" in said(job_card(replace(JOB, state=JobState.CANCELLED), "tray"))
    assert "Delayed" in said(job_card(replace(JOB, state=JobState.QUEUED, delayed=True), "tray"))


def test_jobs_page_has_rows_and_detail() -> None:
    view = jobs_view([JOB, DONE], "active", "")
    assert view.title == "Jobs"
    assert "2 jobs" in said(view.body)
    assert job_row(DONE)["percent"] == 100
    assert states_of("active") == (JobState.QUEUED, JobState.RUNNING)
    assert states_of("nonsense") == ()
    event = JobEvent("e1", DONE.id, NOW, "lease_taken", "by worker 1")
    words = said(job_detail(DONE, [event]))
    assert "Lease taken" in words
    assert "9 s" in words


def test_tray_and_bell_say_when_they_are_empty() -> None:
    assert "No job is running" in said(tray_list([]))
    assert "Nothing new" in said(bell_list([]))
    one = Notification("n1", "toys.counted", "Toys were counted", "7 toys", "/toys", NOW, None)
    words = said(bell_list([one, replace(one, link="", read_at=NOW)]))
    assert words.count("Toys were counted") == 2
    assert "Count toys" in said(tray_list([JOB]))


def test_home_puts_cards_in_their_places() -> None:
    cards = (
        HomeCard(HomeSlot.STAT, 20, stat_card("Second", "2", icon_name="tabler:flask")),
        HomeCard(HomeSlot.STAT, 10, stat_card("First", "1", icon_name="tabler:flask", href="/a")),
        HomeCard(HomeSlot.ACTION, 10, quick_action("Go", "there", "/toys", "tabler:plus")),
    )
    health = (PartHealth("Database", True), PartHealth("Cache", False, "no answer"))
    view = home_view(Home("Ada", cards, health, (JOB,)))
    words = said(view.body)
    assert words.index("First") < words.index("Second") < words.index("Go")
    assert "Your sample project is being made" in words
    assert "50 %" in words
    assert "Nothing measured yet" in words


def test_health_falls_with_its_parts() -> None:
    up = [PartHealth(name, True) for name in ("Database", "Queue", "Cache", "Files")]
    assert "All parts answer" in said(health_card(up))
    assert "75 %" in said(health_card([*up[:3], PartHealth("Files", False, "full")]))


def test_times_are_in_words() -> None:
    assert ago(NOW, NOW + timedelta(days=3)) == "3 days ago"
    assert ago(NOW, NOW + timedelta(seconds=3)) == "just now"
    assert duration(59.6) == "1 min 0 s"
