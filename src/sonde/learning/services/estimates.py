"""Estimates: what an experiment would be worth and cost, before it is started."""

import math

import numpy as np

from sonde.learning.core.estimating import Estimate, PastRun, Work, seconds_of
from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models import snapshot
from sonde.learning.core.models.catalogue import model
from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.models.deep.cost import NetworkCost, network_cost
from sonde.learning.core.planning import SplitPlan, plan_split
from sonde.learning.core.splits.catalogue import policy
from sonde.learning.persistence import experiments as rows
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import JobState
from sonde.platform.services import jobs

_PAST_RUNS = 8
_MOST_BEFORE = 50


def estimate(actor: Actor, wanted: NewExperiment) -> Estimate:
    """Return certificate and cost of an experiment; raises NotFound, Invalid."""
    problem = experiments.load_problem(actor, wanted.source, wanted.ref, wanted.options)
    teacher = experiments.teacher_of(actor, wanted.model, wanted.source, wanted.ref)
    plan = plan_split(problem, wanted.split)
    first = problem.read_windows(np.array([0]))
    shape = InputShape(first.shape[1], first.shape[2], problem.sampling_rate_hz)
    cost = _cost(wanted.model, shape, len(problem.class_names))
    work = _work(plan, wanted.model, cost)
    known = _known(actor, wanted.model.model)
    low, high = seconds_of(work, known)
    if teacher is not None:
        taught = _work(plan, teacher, _cost(teacher, shape, len(problem.class_names)))
        quick, slow = seconds_of(taught, _known(actor, teacher.model))
        low, high = low + quick, high + slow
    return Estimate(
        certificate=plan.certificate,
        work=work,
        window_shape=(shape.n_channels, shape.n_samples),
        low_s=low,
        high_s=high,
        n_runs=len(known),
        n_parameters=cost.n_parameters if cost else None,
        macs=cost.macs if cost else None,
        activation_bytes=cost.activation_bytes if cost else None,
        n_before=_n_before(actor),
    )


def _known(actor: Actor, name: str) -> list[PastRun]:
    """Return what the latest runs of a model took."""
    ids = rows.finished_of_model(name, actor.workspace_ids, _PAST_RUNS)
    past = [_past(experiments.get(actor, one)) for one in ids]
    return [one for one in past if one is not None]


def _n_before(actor: Actor) -> int:
    """Return how many trainings run or wait already, as far as the actor may see."""
    unfinished = (JobState.QUEUED, JobState.RUNNING)
    found = jobs.list_jobs(actor, states=unfinished, limit=_MOST_BEFORE).items
    return sum(job.kind == experiments.JOB_KIND for job in found)


def _cost(config: ModelConfig, shape: InputShape, n_classes: int) -> NetworkCost | None:
    values = model(config.model).values(config.values)
    name = config.model
    if name == snapshot.SPECIFICATION.name:
        network = snapshot.network_of(values)
        name, values = network.specification.name, network.specification.values(network.values)
    if name not in ARCHITECTURES:
        return None
    return network_cost(ARCHITECTURES[name], shape, n_classes, values)


def _work(plan: SplitPlan, config: ModelConfig, cost: NetworkCost | None) -> Work:
    sizes = [len(fold.train) for fold in plan.folds]
    return Work(
        n_fits=len(plan.folds) + _n_leaky(plan) + 1,
        n_samples=math.ceil(sum(sizes) / len(sizes)),
        n_epochs=_n_epochs(config, cost),
        training_macs=cost.training_macs if cost else 0,
    )


def _n_leaky(plan: SplitPlan) -> int:
    """Return how many models the comparison with random windows takes."""
    return 0 if policy(plan.certificate.policy).is_leaky else 1


def _n_epochs(config: ModelConfig, cost: NetworkCost | None) -> int:
    training = config.training
    before = 0 if training.pretraining == "none" else training.pretraining_epochs
    return training.epochs + before if cost else 1


def _past(experiment: Experiment) -> PastRun | None:
    """Return what an earlier experiment took; None where its model is built otherwise today."""
    result = experiment.result
    if result is None or experiment.model.training.teacher:
        return None
    shape = InputShape(*result.window_shape, result.sampling_rate_hz)
    try:
        cost = _cost(experiment.model, shape, len(result.evaluation.class_names))
    except Invalid:
        return None
    n_folds = len(result.evaluation.folds)
    n_samples = sum(count for _, count, _ in result.class_counts)
    work = Work(
        n_fits=n_folds + bool(result.leaky) + 1,
        n_samples=n_samples,
        n_epochs=_n_epochs(experiment.model, cost),
        training_macs=cost.training_macs if cost else 0,
    )
    return PastRun(work, result.train_seconds)
