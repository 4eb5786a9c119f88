"""Snapshot ensemble: one network, several cycles of training, a vote of where each cycle ended.

Huang et al. 2017, "Snapshot ensembles: train 1, get M for free": every cycle begins with the full
learning rate and lets it fall along half a cosine, so that each ends in a valley of its own.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import FitRun, as_fit_run
from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.fitting.steps import Steps, stamp_of
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.members import (
    FAMILY,
    FittedMember,
    Member,
    parse_members,
    restored_members,
)
from sonde.learning.core.models.voting import Voters
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid


def restore(arrays: Arrays) -> Voters:
    """Return the snapshots of `arrays`; raises KeyError or ValueError if they are none."""
    return Voters(restored_members(arrays, "windows"), is_hard=False)


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> Voters:
    """Train one network through several cycles and keep it as it is after each.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
        The epochs of the training are dealt out to the cycles.
    on_progress : callable

    Returns
    -------
    Voters

    Raises
    ------
    Invalid
        If the member is no network.
    """
    run = as_fit_run(on_progress)
    run(0.0)
    values = SPECIFICATION.values(config.values)
    snapshots = _snapshots(network_of(values), problem, indices, config, run)
    run(1.0)
    return Voters(snapshots, is_hard=False)


def _check(values: Mapping[str, Any]) -> None:
    network_of(values)


def network_of(values: Mapping[str, Any]) -> Member:
    """Return the network that the settings of a snapshot ensemble name.

    Parameters
    ----------
    values : mapping

    Raises
    ------
    Invalid
        If it cannot be read, or is none.
    """
    from sonde.learning.core.models.deep.catalogue import ARCHITECTURES

    (member,) = parse_members(str(values["network"]), "windows", (1, 1))
    if member.specification.name not in ARCHITECTURES:
        raise Invalid(
            f"A snapshot ensemble is made of a network; {member.specification.title} is none. "
            f"Choose one of {', '.join(ARCHITECTURES)}.",
            field="network",
        )
    return member


def _snapshots(
    member: Member,
    problem: Problem,
    indices: NDArray[np.intp],
    config: ModelConfig,
    run: FitRun,
) -> tuple[FittedMember, ...]:
    from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
    from sonde.learning.core.models.deep.export import deep_model
    from sonde.learning.core.models.deep.fitted import as_module, restored
    from sonde.learning.core.models.deep.scaling import settle
    from sonde.learning.core.models.deep.specification import build_module, input_shape
    from sonde.learning.core.training.loop import train

    name = member.specification.name
    architecture, values = ARCHITECTURES[name], member.specification.values(member.values)
    shape, n_classes = input_shape(problem), len(problem.class_names)
    classes = np.unique(problem.labels[indices])
    module = build_module(architecture, shape, n_classes, values, config.seed)
    settle(module.scaling, problem, indices, config.seed)

    def cycle(module: Any, own: ModelConfig, part: FitRun) -> Arrays:
        trained = train(module, problem, indices, own, part, watch_seed=config.seed)
        made = trained.module, classes, trained.temperature
        return deep_model(architecture, shape, n_classes, values, *made).arrays()

    n_cycles = int(SPECIFICATION.values(config.values)["n_cycles"])
    steps = Steps.resume(run, n_cycles, stamp_of(config, indices))
    snapshots: list[FittedMember] = []
    for number in range(n_cycles):
        own = cycle_config(config, number, n_cycles)
        arrays = steps.take(f"cycle {number + 1}", partial(cycle, module, own))
        snapshot = restored(architecture, arrays)
        module = as_module(snapshot)
        snapshots.append(FittedMember(name, snapshot))
        if run.wants_stop():
            run.note(f"Stopped after {number + 1} of {n_cycles} cycles, whose networks are kept.")
            break
    return tuple(snapshots)


def cycle_config(config: ModelConfig, number: int, n_cycles: int) -> ModelConfig:
    """Return the configuration of one cycle: its share of the epochs, batches in its own order.

    Examples
    --------
    >>> cycle = cycle_config(ModelConfig("snapshot", 3), 1, 5)
    >>> cycle.seed, cycle.training.epochs, cycle.training.schedule
    (4, 6, 'cosine')
    """
    epochs = config.training.epochs
    share = epochs // n_cycles + (1 if number < epochs % n_cycles else 0)
    return replace(
        config,
        seed=config.seed + number,
        training=replace(
            config.training,
            epochs=max(1, share),
            schedule="cosine",
            early_stopping=False,
            warm_up_epochs=config.training.warm_up_epochs if number == 0 else 0,
            pretraining=config.training.pretraining if number == 0 else "none",
        ),
    )


SPECIFICATION = ModelSpecification(
    name="snapshot",
    title="Snapshot ensemble",
    family=FAMILY,
    help="One network trained in cycles; where each cycle ended has a vote. Costs no more epochs.",
    eats="windows",
    hyper_parameters=(
        HyperParameter(
            "network",
            "Network",
            "The name of a network, such as cnn-1d or resnet-18-1d; settings in brackets, as in "
            "cnn-1d(width=32).",
            "cnn-1d",
        ),
        HyperParameter(
            "n_cycles", "Cycles", "The epochs are dealt out to them.", 5, low=2, high=20
        ),
    ),
    fit=fit,
    restore=restore,
    uses_training=True,
    check=_check,
)
