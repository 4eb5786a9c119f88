"""Experiments: asked for, listed, looked at and deleted; what trains them is in `training`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, cast

from sonde.learning.core import result as results
from sonde.learning.core.certificate import require_honest
from sonde.learning.core.experiments import (
    BestScore,
    Experiment,
    ExperimentCounts,
    ExperimentSummary,
    NewExperiment,
)
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models.catalogue import MODELS, model
from sonde.learning.core.planning import plan_split
from sonde.learning.core.problem import Problem
from sonde.learning.core.sources import ProblemChoice, ProblemSource
from sonde.learning.core.splits.catalogue import POLICIES
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.core.storable import require_storable
from sonde.learning.persistence import experiments as rows
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.services import analysis_removal, tags
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id
from sonde.platform.core.paging import Slice
from sonde.platform.core.ports import FileStore
from sonde.platform.persistence.jobs import JobRow
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

JOB_KIND = "learning.train"
_TITLE_LENGTH = 200
_LONGEST_NOTES = 10_000
_LARGEST_SEED = 2**31 - 1
_WEEK = timedelta(days=7)


def problem_choices(actor: Actor) -> tuple[tuple[str, ProblemChoice], ...]:
    """Return everything that the actor may train on, each with the slug of its source."""
    return tuple(
        (source.slug, choice)
        for source in ports().parts.problem_sources
        for choice in cast(ProblemSource, source).choices(actor)
    )


def locate_problem(actor: Actor, name: str) -> tuple[str, str]:
    """Return source and ref of the problem with this id or title; raises NotFound, Conflict."""
    found = [
        (source, choice.ref)
        for source, choice in problem_choices(actor)
        if name in {choice.ref, choice.title}
    ]
    if not found:
        raise NotFound(f"There is no data set {name!r} to train on.", dataset=name)
    if len(found) > 1:
        raise Conflict(f"{len(found)} data sets are called {name!r}; give the id.", dataset=name)
    return found[0]


def describe_problem(actor: Actor, source: str, ref: str) -> Mapping[str, Any]:
    """Return cheap facts about a problem for the wizard; raises NotFound."""
    return _source(source).describe(actor, ref)


def load_problem(actor: Actor, source: str, ref: str, options: Mapping[str, Any]) -> Problem:
    """Return a problem with its samples unread; raises NotFound, Invalid."""
    return _source(source).load(actor, ref, options)


def create(
    actor: Actor, wanted: NewExperiment, *, family_id: str = "", rerun_of: str = ""
) -> Experiment:
    """Add an experiment and queue the job that trains it (queue ``train``).

    A family is the same experiment with several seeds.

    Raises Forbidden for viewers, NotFound for a problem or teacher that is not the actor's,
    Invalid for bad settings, Leaking for a split that leaks and was not asked for by name.
    """
    actor.require(Role.ANALYST)
    specification = model(wanted.model.model)
    values = specification.values(wanted.model.values)
    if not all(0 <= seed <= _LARGEST_SEED for seed in (wanted.model.seed, wanted.split.seed)):
        raise Invalid(f"A seed lies between 0 and {_LARGEST_SEED}.", field="seed")
    problem = _source(wanted.source).load(actor, wanted.ref, wanted.options)
    teacher_of(actor, wanted.model, wanted.source, wanted.ref)
    planned = plan_split(problem, wanted.split)
    require_honest(planned.certificate)
    title = wanted.title.strip() or f"{specification.title} on {problem.title}"
    if len(title) > _TITLE_LENGTH or not title.isprintable():
        raise Invalid(f"A title has at most {_TITLE_LENGTH} printable characters.", field="title")
    require_storable(wanted.options, "Options")
    experiment_id = rows.add(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        title=title,
        source=wanted.source,
        ref=wanted.ref,
        ref_title=problem.title,
        model=specification.name,
        policy=planned.certificate.policy,
        split_detail=planned.certificate.detail,
        seed=wanted.model.seed,
        family_id=family_id,
        notes=_checked_notes(wanted.notes),
        config={
            "model": asdict(replace(wanted.model, values=values)),
            "split": asdict(planned.split),
            "options": dict(wanted.options),
            **({"rerun_of": rerun_of} if rerun_of else {}),
        },
    )
    if wanted.tags:
        tags.attach(actor, [experiment_id], wanted.tags)
    job = jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"experiment_id": experiment_id},
        title=f"Train {title}",
        subject_link=result_path(experiment_id),
    )
    rows.set_job(experiment_id, job.id)
    return get(actor, experiment_id)


def _checked_notes(notes: str) -> str:
    if len(notes) > _LONGEST_NOTES or "\x00" in notes:
        raise Invalid(f"Notes have at most {_LONGEST_NOTES:,} characters.", field="notes")
    return notes.strip()


def teacher_of(actor: Actor, config: ModelConfig, source: str, ref: str) -> ModelConfig | None:
    """Return the configuration of the experiment that is to be distilled, or None.

    Raises NotFound for what is not the actor's to see, Invalid for an experiment that is not
    finished, was trained on other data, or has a teacher itself.
    """
    teacher_id = config.training.teacher
    if not teacher_id:
        return None
    specification = model(config.model)
    if not specification.uses_training:
        raise Invalid(
            f"{specification.title} cannot learn from a teacher; choose a network.",
            field="teacher",
        )
    teacher = get(actor, teacher_id)
    summary = teacher.summary
    if teacher.result is None:
        raise Invalid(f"{summary.title} is not finished; a teacher must be.", field="teacher")
    if (summary.source, summary.ref) != (source, ref):
        raise Invalid(
            f"{summary.title} was trained on {summary.ref_title}; a teacher must know the same "
            "data set.",
            field="teacher",
        )
    if teacher.model.training.teacher:
        raise Invalid(
            f"{summary.title} was taught by another experiment itself; name that one.",
            field="teacher",
        )
    return teacher.model


def get(actor: Actor, experiment_id: str) -> Experiment:
    """Return one experiment; raises NotFound for what is not the actor's to see."""
    row, job = find(actor, experiment_id)
    return Experiment(
        summary=summary_of(row, job),
        model=ModelConfig.from_document(row.config["model"]),
        split=SplitConfig(**row.config["split"]),
        options=row.config["options"],
        result=results.from_json(row.result) if row.result else None,
        rerun_of=row.config.get("rerun_of", ""),
    )


def list_experiments(
    actor: Actor, *, cursor: str = "", limit: int = 50
) -> Slice[ExperimentSummary]:
    """Return the experiments of the actor's workspaces, newest first."""
    if cursor and not is_id(cursor):
        raise Invalid("This cursor leads nowhere.", field="cursor")
    found = rows.page(actor.workspace_ids, before=cursor, limit=limit + 1)
    summaries = [summary_of(row, job) for row, job in found]
    return Slice.cut(summaries, limit, key=lambda summary: summary.id)


def recent(actor: Actor, limit: int = 5) -> tuple[ExperimentSummary, ...]:
    """Return the latest experiments."""
    return list_experiments(actor, limit=limit).items


def search(actor: Actor, text: str, limit: int = 8) -> tuple[tuple[str, str], ...]:
    """Return id and title of experiments whose title contains `text`."""
    return tuple((row.id, row.title) for row in rows.search(actor.workspace_ids, text, limit))


def counts(actor: Actor) -> ExperimentCounts:
    """Return how many experiments there are."""
    since = ports().clock() - _WEEK
    return ExperimentCounts(*rows.counts(actor.workspace_ids, since))


def best_honest_score(actor: Actor) -> BestScore | None:
    """Return the best score of an honest split, or None before there is one."""
    best = rows.best_honest(actor.workspace_ids)
    if best is None or best.macro_f1 is None:
        return None
    earlier = rows.best_honest(actor.workspace_ids, ports().clock() - _WEEK)
    return BestScore(best.id, best.title, best.macro_f1, earlier.macro_f1 if earlier else None)


def of_problem(actor: Actor, source: str, ref: str) -> Sequence[str]:
    """Return the ids of the experiments that were trained on one problem."""
    return rows.of_problem(source, ref, actor.workspace_ids)


def delete(actor: Actor, experiment_id: str) -> None:
    """Delete an experiment, its model and its files; a running training is cancelled.

    Raises NotFound, and Forbidden for other people's experiments.
    """
    actor.require(Role.ANALYST)
    row, job = find(actor, experiment_id)
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can delete this experiment.")
    running = job is not None and not rows.state_of(job, row).is_final
    job_id = row.job_id
    analysis_removal.remove_of_experiments(actor, [experiment_id])
    rows.remove([experiment_id])
    if running:
        jobs.cancel(actor, job_id)
    files = ports().files
    after_commit(lambda: delete_files(files, experiment_id))


def delete_files(files: FileStore, experiment_id: str) -> None:
    """Delete every stored file of an experiment."""
    for key in list(files.keys(file_prefix(experiment_id))):
        files.delete(key)


def file_prefix(experiment_id: str) -> str:
    """Return what the keys of an experiment's files begin with."""
    return f"experiments/{experiment_id}/"


def result_path(experiment_id: str) -> str:
    """Return the path of the page that shows an experiment."""
    return f"/experiment/{experiment_id}/results"


def _source(slug: str) -> ProblemSource:
    return cast(ProblemSource, ports().parts.problem_source(slug))


def find(actor: Actor, experiment_id: str) -> rows.Found:
    """Return an experiment's row and its job's; raises NotFound for what is not the actor's."""
    found = rows.find(experiment_id, actor.workspace_ids) if is_id(experiment_id) else None
    if found is None:
        raise NotFound(f"There is no experiment {experiment_id}.", experiment_id=experiment_id)
    return found


def summary_of(row: ExperimentRow, job: JobRow | None) -> ExperimentSummary:
    """Return one line of the list of experiments."""
    return ExperimentSummary(
        id=row.id,
        title=row.title,
        source=row.source,
        ref=row.ref,
        ref_title=row.ref_title,
        model=row.model,
        model_title=MODELS[row.model].title if row.model in MODELS else row.model,
        policy=row.policy,
        policy_title=POLICIES[row.policy].title if row.policy in POLICIES else row.policy,
        split_detail=row.split_detail,
        seed=row.seed,
        owner_id=row.owner_id,
        created_at=row.created_at,
        finished_at=row.finished_at,
        job_id=row.job_id,
        state=rows.state_of(job, row),
        phase=job.phase if job else "",
        fraction=job.fraction if job else 1.0,
        error=job.error if job else "",
        macro_f1=row.macro_f1,
        interval_low=row.interval_low,
        interval_high=row.interval_high,
        is_honest=row.is_honest,
        leaky_macro_f1=row.leaky_macro_f1,
        n_groups=row.n_groups,
        family_id=row.family_id,
        notes=row.notes,
    )
