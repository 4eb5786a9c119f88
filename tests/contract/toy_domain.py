"""A third domain, whole and tiny: what a new domain copies and fills in."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import (
    Domain,
    EventKind,
    Navigation,
    Page,
    PageRequest,
    PaletteEntry,
    SampleProject,
    Schedule,
)
from sonde.platform.core.jobs import JobFunction, JobKind, JobOutcome, JobRun


def _page(request: PageRequest) -> Any:
    from dash import html

    return html.H1(f"Toys of {request.actor.name}", id="toys-page-title")


def _pages() -> Sequence[Page]:
    return (Page("/toys", "Toys", _page, Navigation("Data", "tabler:database", 900)),)


def _routers() -> Sequence[APIRouter]:
    router = APIRouter(prefix="/toys", tags=["toys"])

    @router.get("")
    def list_toys() -> Mapping[str, Any]:
        return {"items": []}

    return (router,)


def _count(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    steps = int(params.get("steps", 3))
    for step in range(steps):
        job.progress("counting", step / steps)
    return JobOutcome({"counted": steps})


def _load() -> JobFunction:
    return _count


def _jobs() -> Sequence[JobKind]:
    return (JobKind("toys.count", "Count toys", "default", _load),)


def _say_hello() -> None:
    """Say hello."""


def _commands() -> Sequence[tuple[str, Any]]:
    return (("toys", _say_hello),)


def _palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    return (PaletteEntry(f"Toys of {actor.name}", "/toys", "Toys", "tabler:database"),)


TOYS = Domain(
    slug="toys",
    title="Toys",
    pages=_pages,
    routers=_routers,
    commands=_commands,
    jobs=_jobs,
    schedules=(Schedule("toys.count", 3600.0),),
    event_kinds=(EventKind("toys.counted", "Toys were counted"),),
    palette=_palette,
    sample=SampleProject("toys.count", {"steps": 1}),
)
