"""Estimates: what an experiment would be worth and cost, before it is started."""

import math

import numpy as np

from sonde.learning.core.estimating import Estimate, PastRun, Work, seconds_of
from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models.catalogue import model
from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.models.deep.cost import NetworkCost, network_cost
from sonde.learning.core.planning import SplitPlan, plan_split
from sonde.learning.persistence import experiments as rows
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor

_PAST_RUNS = 8
_LEAKY_FITS = 5


def estimate(actor: Actor, wanted: NewExperiment) -> Estimate:
    """Return certificate and cost of an experiment; raises NotFound, Invalid."""
    problem = experiments.load_problem(actor, wanted.source, wanted.ref, wanted.options)
    plan = plan_split(problem, wanted.split)
    first = problem.read_windows(np.array([0]))
    shape = InputShape(first.shape[1], first.shape[2], problem.sampling_rate_hz)
    cost = _cost(wanted.model, shape, len(problem.class_names))
    work = _work(plan, wanted.model, cost)
    past = [
        _past(experiments.get(actor, one))
        for one in rows.finished_of_model(wanted.model.model, actor.workspace_ids, _PAST_RUNS)
    ]
    known = [one for one in past if one is not None]
    low, high = seconds_of(work, known)
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
    )


def _cost(config: ModelConfig, shape: InputShape, n_classes: int) -> NetworkCost | None:
    architecture = ARCHITECTURES.get(config.model)
    if architecture is None:
        return None
    return network_cost(architecture, shape, n_classes, model(config.model).values(config.values))


def _work(plan: SplitPlan, config: ModelConfig, cost: NetworkCost | None) -> Work:
    sizes = [len(fold.train) for fold in plan.folds]
    return Work(
        n_fits=len(plan.folds) + _LEAKY_FITS + 1,
        n_samples=math.ceil(sum(sizes) / len(sizes)),
        n_epochs=config.training.epochs if cost else 1,
        training_macs=cost.training_macs if cost else 0,
    )


def _past(experiment: Experiment) -> PastRun | None:
    """Return what an earlier experiment took; None where its model is built otherwise today."""
    result = experiment.result
    if result is None:
        return None
    shape = InputShape(*result.window_shape, result.sampling_rate_hz)
    cost = _cost(experiment.model, shape, len(result.evaluation.class_names))
    n_folds = len(result.evaluation.folds)
    n_samples = sum(count for _, count, _ in result.class_counts)
    work = Work(
        n_fits=n_folds + (_LEAKY_FITS if result.leaky else 0) + 1,
        n_samples=n_samples,
        n_epochs=experiment.model.training.epochs if cost else 1,
        training_macs=cost.training_macs if cost else 0,
    )
    return PastRun(work, result.train_seconds)
