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
    from sonde.bearings.api import (
        condition,
        condition_views,
        dataset_work,
        datasets,
        explorer,
        feature_sets,
        features,
        generations,
        imports,
        signal_files,
        signal_views,
        signals,
    )

    return (
        condition.ROUTER,
        condition_views.ROUTER,
        dataset_work.ROUTER,
        datasets.ROUTER,
        explorer.ROUTER,
        feature_sets.ROUTER,
        feature_sets.OWN,
        features.ROUTER,
        generations.CHOICES,
        generations.CONFIGS,
        generations.ROUTER,
        imports.ROUTER,
        signal_files.ROUTER,
        signal_views.ROUTER,
        signals.ROUTER,
    )


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


def _subset_job() -> JobFunction:
    from sonde.bearings.tasks.derivations import run_subset

    return run_subset


def _merge_job() -> JobFunction:
    from sonde.bearings.tasks.derivations import run_merge

    return run_merge


def _export_job() -> JobFunction:
    from sonde.bearings.tasks.exports import run

    return run


def _dataset_sweep() -> JobFunction:
    from sonde.bearings.tasks.exports import sweep

    return sweep


def _feature_study_job() -> JobFunction:
    from sonde.bearings.tasks.features import run_study

    return run_study


def _waterfall_job() -> JobFunction:
    from sonde.bearings.tasks.signals import run_waterfall

    return run_waterfall


def _projection_job() -> JobFunction:
    from sonde.bearings.tasks.explorer import run_projection

    return run_projection


def _class_spectra_job() -> JobFunction:
    from sonde.bearings.tasks.explorer import run_class_spectra

    return run_class_spectra


def _generation_job() -> JobFunction:
    from sonde.bearings.tasks.generation import run

    return run


def _generation_part_job() -> JobFunction:
    from sonde.bearings.tasks.generation import run_part

    return run_part


def _generation_sweep() -> JobFunction:
    from sonde.bearings.tasks.generation import sweep

    return sweep


def _feed_job() -> JobFunction:
    from sonde.bearings.tasks.condition import run_feed

    return run_feed


def _watch_job() -> JobFunction:
    from sonde.bearings.tasks.condition import run_watch

    return run_watch


def _is_any_folder_watched() -> bool:
    from sonde.bearings.services.condition.folders import is_any_watched

    return is_any_watched()


def _condition_demo_job() -> JobFunction:
    from sonde.bearings.tasks.condition import run_demonstration

    return run_demonstration


def _jobs() -> Sequence[JobKind]:
    return (
        JobKind("bearings.generate", "Generate a data set", "default", _generation_job),
        JobKind("bearings.generate-part", "Help to generate", "train", _generation_part_job),
        JobKind("bearings.generation_sweep", "Clear generations", "default", _generation_sweep),
        JobKind("bearings.import", "Import recordings", "default", _import_job),
        JobKind("bearings.import_sweep", "Let go of old imports", "default", _import_sweep),
        JobKind("bearings.sample", "Load the sample project", "default", _sample_job),
        JobKind("bearings.subset", "Store a part of a data set", "default", _subset_job),
        JobKind("bearings.merge", "Merge data sets", "default", _merge_job),
        JobKind("bearings.export", "Export a data set", "default", _export_job),
        JobKind(
            "bearings.dataset_sweep", "Empty the trash of data sets", "default", _dataset_sweep
        ),
        JobKind("bearings.features", "Extract features", "default", _feature_job),
        JobKind("bearings.feature-study", "Study features", "default", _feature_study_job),
        JobKind("bearings.feed", "Feed a machine", "default", _feed_job),
        JobKind("bearings.watch_folders", "Look at watched folders", "default", _watch_job),
        JobKind(
            "bearings.condition_demo", "Simulate a run to failure", "default", _condition_demo_job
        ),
        JobKind("bearings.projection", "Lay out recordings", "default", _projection_job),
        JobKind("bearings.class-spectra", "Average spectra", "default", _class_spectra_job),
        JobKind("bearings.waterfall", "Lay spectra below each other", "default", _waterfall_job),
    )


BEARINGS = Domain(
    slug="bearings",
    title="Bearings",
    pages=_pages,
    routers=_routers,
    commands=_commands,
    jobs=_jobs,
    schedules=(
        Schedule("bearings.import_sweep", 6 * 3600.0),
        Schedule("bearings.generation_sweep", 6 * 3600.0),
        Schedule("bearings.dataset_sweep", 6 * 3600.0),
        Schedule("bearings.watch_folders", 30.0, _is_any_folder_watched),
    ),
    tables=_tables,
    event_kinds=(
        EventKind("bearings.dataset_stored", "A data set was stored"),
        EventKind("bearings.dataset_deleted", "A data set was deleted"),
        EventKind("bearings.alarm_changed", "The state of a machine changed"),
    ),
    palette=_palette,
    home_cards=_home_cards,
    problem_sources=_problem_sources,
    sample=SampleProject("bearings.sample"),
)
