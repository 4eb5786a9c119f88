"""Bearings, as the one value that the rest of the product reads."""

from collections.abc import Sequence
from typing import Any

from sonde.platform.core.domain import Domain, EventKind
from sonde.platform.core.jobs import JobFunction, JobKind


def _tables() -> Sequence[Any]:
    from sonde.bearings.services.tables import TABLES

    return TABLES


def _commands() -> Sequence[tuple[str, Any]]:
    from sonde.bearings.api.commands import COMMANDS

    return COMMANDS


def _import_job() -> JobFunction:
    from sonde.bearings.tasks.imports import run

    return run


def _jobs() -> Sequence[JobKind]:
    return (JobKind("bearings.import", "Import recordings", "default", _import_job),)


BEARINGS = Domain(
    slug="bearings",
    title="Bearings",
    commands=_commands,
    jobs=_jobs,
    tables=_tables,
    event_kinds=(
        EventKind("bearings.dataset_stored", "A data set was stored"),
        EventKind("bearings.dataset_deleted", "A data set was deleted"),
    ),
)
