"""Bearings, as the one value that the rest of the product reads."""

from collections.abc import Sequence
from typing import Any

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import Domain, EventKind, PaletteEntry, SampleProject, Schedule
from sonde.platform.core.jobs import JobFunction, JobKind


def _pages() -> Sequence[Any]:
    from sonde.bearings.ui.pages import PAGES

    return PAGES


def _routers() -> Sequence[Any]:
    from sonde.bearings.api import datasets, imports, signals

    return (datasets.ROUTER, imports.ROUTER, signals.ROUTER)


def _home_cards(actor: Actor) -> Sequence[Any]:
    from sonde.bearings.ui.home import home_cards

    return home_cards(actor)


def _palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    from sonde.bearings.ui.palette import palette

    return palette(actor, text)


def _tables() -> Sequence[Any]:
    from sonde.bearings.services.tables import TABLES

    return TABLES


def _commands() -> Sequence[tuple[str, Any]]:
    from sonde.bearings.api.commands import COMMANDS

    return COMMANDS


def _problem_sources() -> Sequence[Any]:
    from sonde.bearings.services.problems import DatasetProblems

    return (DatasetProblems(),)


def _import_job() -> JobFunction:
    from sonde.bearings.tasks.imports import run

    return run


def _import_sweep() -> JobFunction:
    from sonde.bearings.tasks.imports import sweep

    return sweep


def _sample_job() -> JobFunction:
    from sonde.bearings.tasks.sample import run

    return run


def _feature_job() -> JobFunction:
    from sonde.bearings.tasks.features import run_extraction

    return run_extraction


def _jobs() -> Sequence[JobKind]:
    return (
        JobKind("bearings.import", "Import recordings", "default", _import_job),
        JobKind("bearings.import_sweep", "Let go of old imports", "default", _import_sweep),
        JobKind("bearings.sample", "Load the sample project", "default", _sample_job),
        JobKind("bearings.features", "Extract features", "default", _feature_job),
    )


BEARINGS = Domain(
    slug="bearings",
    title="Bearings",
    pages=_pages,
    routers=_routers,
    commands=_commands,
    jobs=_jobs,
    schedules=(Schedule("bearings.import_sweep", 6 * 3600.0),),
    tables=_tables,
    event_kinds=(
        EventKind("bearings.dataset_stored", "A data set was stored"),
        EventKind("bearings.dataset_deleted", "A data set was deleted"),
    ),
    palette=_palette,
    home_cards=_home_cards,
    problem_sources=_problem_sources,
    sample=SampleProject("bearings.sample"),
)
