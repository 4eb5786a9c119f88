"""What learning brings: experiments, their pages, routers, commands and jobs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import Domain, EventKind, PaletteEntry, Schedule
from sonde.platform.core.jobs import JobFunction, JobKind


def _load_training() -> JobFunction:
    from sonde.learning.tasks.training import run

    return run


def _training_ended(workspace_id: str, params: Mapping[str, Any]) -> None:
    from sonde.learning.services import saved_searches

    saved_searches.tell_of_ended(params["experiment_id"], workspace_id)


def _load_analysing() -> JobFunction:
    from sonde.learning.tasks.analysing import run

    return run


def _load_predicting() -> JobFunction:
    from sonde.learning.tasks.predicting import run

    return run


def _load_trash_sweep() -> JobFunction:
    from sonde.learning.tasks.trash import sweep

    return sweep


def _jobs() -> Sequence[JobKind]:
    return (
        JobKind("learning.train", "Train a model", "train", _load_training, ended=_training_ended),
        JobKind("learning.analyse", "Analyse a model", "train", _load_analysing),
        JobKind(
            "learning.trash_sweep", "Empty the trash of experiments", "default", _load_trash_sweep
        ),
        JobKind("learning.predict", "Ask a model about many recordings", "train", _load_predicting),
    )


def _routers() -> Sequence[Any]:
    from sonde.learning.api import (
        analyses,
        batches,
        comparisons,
        experiment_list,
        experiments,
        inference,
        predictions,
        registry,
        results,
        runs,
        saved_searches,
        tags,
        templates,
    )

    return (
        experiments.CHOICES,
        experiment_list.ROUTER,  # its fixed paths come before those with an id
        tags.ROUTER,
        saved_searches.ROUTER,
        experiments.ROUTER,
        runs.ROUTER,
        results.ROUTER,
        templates.ROUTER,
        predictions.ROUTER,
        analyses.ROUTER,
        comparisons.ROUTER,
        registry.ROUTER,
        batches.ROUTER,
        inference.LOG,
        inference.ROUTER,
    )


def _protocols() -> Sequence[Any]:
    from sonde.learning.api import open_inference

    return (open_inference.ROUTER,)


def _commands() -> Sequence[tuple[str, Any]]:
    from sonde.learning.api.commands import COMMANDS

    return COMMANDS


def _tables() -> Sequence[Any]:
    from sonde.learning.services.tables import TABLES

    return TABLES


def _pages() -> Sequence[Any]:
    from sonde.learning.ui.pages import PAGES

    return PAGES


def _palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    from sonde.learning.ui.palette import palette

    return palette(actor, text)


def _home_cards(actor: Actor) -> Sequence[Any]:
    from sonde.learning.ui.home import home_cards

    return home_cards(actor)


LEARNING = Domain(
    slug="learning",
    title="Learning",
    pages=_pages,
    palette=_palette,
    home_cards=_home_cards,
    routers=_routers,
    protocols=_protocols,
    commands=_commands,
    jobs=_jobs,
    schedules=(Schedule("learning.trash_sweep", 6 * 3600.0),),
    tables=_tables,
    event_kinds=(
        EventKind("learning.experiment_finished", "An experiment is finished"),
        EventKind("learning.search_matched", "A saved search finds a new experiment"),
        EventKind("learning.model_registered", "A model has a new version"),
        EventKind("learning.model_promoted", "A model has a new champion"),
        EventKind("learning.model_rolled_back", "A model was rolled back"),
        EventKind("learning.batch_predicted", "A model was asked about many recordings"),
    ),
)
