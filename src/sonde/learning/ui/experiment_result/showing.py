"""What the result page shows: asked of the services, handed to the tab's panel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from dash import html

from sonde.learning.core.experiments import Experiment
from sonde.learning.core.result import ExperimentResult
from sonde.learning.core.sources import ProblemSource
from sonde.learning.services import evaluations, experiments, results, runs
from sonde.learning.ui.evaluation.panels import calibration, curves
from sonde.learning.ui.experiment_monitor.layout import curve_charts
from sonde.learning.ui.experiment_monitor.page import curves_of
from sonde.learning.ui.experiment_result.conditions import conditions_panel
from sonde.learning.ui.experiment_result.made import About
from sonde.learning.ui.experiment_result.origin import origin_panel
from sonde.learning.ui.experiment_result.overview import overview_panel
from sonde.learning.ui.experiment_result.prediction import predict_panel
from sonde.learning.ui.experiment_result.samples import samples_panel
from sonde.learning.ui.experiment_result.state import ResultState
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, NotFound
from sonde.platform.core.jobs import Job
from sonde.platform.services import jobs
from sonde.platform.services.work import ports
from sonde.platform.ui.components import button_link, card, note
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone


@dataclass(frozen=True)
class Look:
    """One look at a finished experiment."""

    actor: Actor
    experiment: Experiment
    result: ExperimentResult
    state: ResultState


_PROBABILITIES = {"curves": curves.panel, "calibration": calibration.panel}


def looked_at(
    actor: Actor, experiment_id: str, state: ResultState
) -> tuple[Experiment, Job | None, ResultState, list[Any]]:
    """Return an experiment, the job that trains it, and what the tab of `state` shows."""
    experiment = experiments.get(actor, experiment_id)
    return experiment, _job(actor, experiment), state, panel(actor, experiment, state)


def panel(actor: Actor, experiment: Experiment, state: ResultState) -> list[Any]:
    """Return what the tab shows; nothing before the experiment is finished."""
    result = experiment.result
    if result is None:
        return []
    try:
        return _PANELS[state.tab](Look(actor, experiment, result, state))
    except Conflict as error:
        return [note(error.message, Tone.WARN)]


def _overview(look: Look) -> list[Any]:
    actor, experiment_id = look.actor, look.experiment.id
    about = About(results.tags(actor, experiment_id), results.intervals(actor, experiment_id))
    return overview_panel(look.experiment, look.result, about)


def _conditions(look: Look) -> list[Any]:
    found = results.conditions(look.actor, look.experiment.id)
    return conditions_panel(found, look.result.certificate.group_noun)


def _samples(look: Look) -> list[Any]:
    state = look.state
    n_samples, told = results.samples(look.actor, look.experiment.id, state.label, state.told)
    return samples_panel(n_samples, told, state)


def _predict(look: Look) -> list[Any]:
    source = ports().parts.problem_source(look.experiment.summary.source)
    return [predict_panel(cast(ProblemSource, source).asks)]


def _origin(look: Look) -> list[Any]:
    files = tuple(runs.files(look.actor, look.experiment.id))
    may_ask = look.actor.role is not Role.VIEWER
    return origin_panel(look.experiment, look.result, files, may_ask=may_ask)


def _probabilities(look: Look) -> list[Any]:
    """Return curves and calibration; asked for at the first look, kept for the next."""
    actor, experiment_id = look.actor, look.experiment.id

    def linked(samples: list[Mapping[str, Any]]) -> tuple[str, ...]:
        return evaluations.links(actor, experiment_id, samples)

    may_ask = actor.role is not Role.VIEWER
    parts: list[Any] = []
    for kind, shown in _PROBABILITIES.items():
        found = evaluations.look(actor, kind, (experiment_id,), {})
        if found is None and may_ask:
            found = evaluations.ask(actor, kind, (experiment_id,), {})
        if found is None:
            parts.append(note("Nobody asked for this yet; an analyst can.", Tone.INFO))
        elif found.result is not None:
            parts += shown(found.result, linked)
        elif found.job is not None:
            parts.append(card(job_progress(found.job)))
        else:
            parts.append(note(found.error, Tone.WARN))
    return parts


def _learning_curves(look: Look) -> list[Any]:
    experiment_id = look.experiment.id
    watch = button_link(
        "Log, load and more",
        f"/experiment/{experiment_id}/monitor",
        icon_name="tabler:activity",
    )
    return [html.Div(watch), curve_charts(curves_of(look.actor, experiment_id), "")]


def _job(actor: Actor, experiment: Experiment) -> Job | None:
    if experiment.result is not None:
        return None
    try:
        return jobs.get(actor, experiment.summary.job_id)
    except NotFound:
        return None


_PANELS: Final[Mapping[str, Callable[[Look], list[Any]]]] = {
    "overview": _overview,
    "conditions": _conditions,
    "samples": _samples,
    "probabilities": _probabilities,
    "curves": _learning_curves,
    "predict": _predict,
    "origin": _origin,
}
