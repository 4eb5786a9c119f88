"""The training of a network: from a fresh torch module to the weights of its best epoch.

torch is imported here: import `train` within a fit, never where the web would meet it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import fit_temperature
from sonde.learning.core.fitting.fit_run import FitRun
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.problem import Problem
from sonde.learning.core.training.feeding import RememberingReader
from sonde.learning.core.training.judge import Judge
from sonde.learning.core.training.losses import class_weights, criterion_of, soften
from sonde.learning.core.training.material import (
    Material,
    ask_teacher,
    auxiliary_targets,
    one_hot,
)
from sonde.learning.core.training.precision import Precision, precision_of
from sonde.learning.core.training.pretraining import pretraining_of
from sonde.learning.core.training.pulse import Pulse
from sonde.learning.core.training.session import Budget, Session, Stage
from sonde.learning.core.training.state import stamp_of
from sonde.learning.core.training.supervised import Supervised
from sonde.learning.core.training.validation import inner_split
from sonde.platform.core.errors import Invalid

USUAL = Budget()


@dataclass(frozen=True)
class TrainedModule:
    """A network with the weights of its best epoch, and how it came to them.

    Parameters
    ----------
    module : torch.nn.Module
        On the CPU, in evaluation mode.
    curves : tuple of mapping
        One record per epoch: ``step``, ``wall_time`` and metrics by name.
    best_epoch : int
        Counted from 1; without a validation part the last one.
    ended : {"epochs", "early", "asked"}
        All epochs were done, early stopping ended it, or the person did.
    teaching, watching : ndarray of intp
        Samples that the weights were learned from, and those that chose the epoch.
    temperature : float
        Calibrates the logits; learned on the samples that watched, 1 where nothing did.
    waited_s : float
        Time that steps have waited for their windows.
    """

    module: Any
    curves: tuple[Mapping[str, float], ...]
    best_epoch: int
    ended: str
    teaching: NDArray[np.intp]
    watching: NDArray[np.intp]
    temperature: float
    waited_s: float


def train(
    module: Any,
    problem: Problem,
    indices: NDArray[np.intp],
    config: ModelConfig,
    run: FitRun,
    budget: Budget = USUAL,
    watch_seed: int | None = None,
) -> TrainedModule:
    """Train a network; killed at any point and begun again with what it kept, it ends the same.

    Parameters
    ----------
    module : torch.nn.Module
        Fresh weights, drawn from the configuration's seed; float32 (batch, channel, time) in,
        logits (batch, class) out. It may define ``extra_loss(inputs, labels, targets)`` and
        ``auxiliary_targets`` (see `supervised.Supervised`) and ``representation(windows)``.
    problem : Problem
    indices : ndarray of intp, shape (sample,)
        Training samples.
    config : ModelConfig
    run : FitRun
    budget : Budget
        What the training may take beside computing.
    watch_seed : int, optional
        Of the choice of the groups that watch; the configuration's where none is given. A network
        that is trained on must be watched by the same groups as before: it has learned the others.

    Returns
    -------
    TrainedModule

    Raises
    ------
    Invalid
        If this machine lacks the precision or the training diverges.
    """
    precision = precision_of(config.training)
    seed = config.seed if watch_seed is None else watch_seed
    sides = inner_split(problem, indices, config.training.validation_fraction, seed)
    devices = [torch.cuda.current_device()] if precision.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices), precision.sound():
        torch.manual_seed(config.seed)
        return _train(module.to(precision.device), problem, sides, config, (run, budget, precision))


def _train(
    module: Any,
    problem: Problem,
    sides: tuple[NDArray[np.intp], NDArray[np.intp]],
    config: ModelConfig,
    means: tuple[FitRun, Budget, Precision],
) -> TrainedModule:
    run, budget, precision = means
    teaching, watching = sides
    if config.training.validation_fraction and not len(watching):
        run.note("No group can be spared to watch over the training; every epoch is done.")
    pulse = Pulse(run, 1)
    reader = RememberingReader(problem.read_windows, budget.remembered_bytes)
    material = _material(module, problem, reader, teaching, (config.training, pulse))
    weights = class_weights(
        problem.labels[teaching],
        len(problem.class_names),
        balanced=config.training.class_weights == "balanced",
    )
    stages = _stages(module, material, teaching, config, torch.from_numpy(weights))
    judge = Judge(
        module=module,
        material=material,
        watching=watching,
        weights=weights,
        batch_size=config.training.batch_size,
        precision=precision,
        pulse=pulse,
    )
    session = Session(
        run=run,
        judge=judge,
        teaching=teaching,
        config=config,
        stamp=stamp_of(module, np.concatenate(sides), config),
        budget=budget,
    )
    try:
        ended = session.go(stages)
        return _trained(session, ended)
    finally:
        pulse.end()


def _material(
    module: Any,
    problem: Problem,
    reader: RememberingReader,
    teaching: NDArray[np.intp],
    means: tuple[TrainingConfig, Pulse],
) -> Material:
    config, pulse = means
    n_samples, n_classes = len(problem), len(problem.class_names)
    teacher = np.zeros((n_samples, 0), dtype=np.float32)
    if pulse.run.teacher is not None:
        said = ask_teacher(pulse.run.teacher, teaching, (n_samples, n_classes), pulse.tell)
        teacher = soften(said, config.distillation_temperature)
    elif config.teacher:
        raise Invalid(
            "This training learns from a teacher, but none was handed to it.", field="teacher"
        )
    targets = auxiliary_targets(problem, getattr(module, "auxiliary_targets", ()), teaching)
    labels = one_hot(problem.labels, n_classes)
    return Material(reader, labels, teacher, targets)


def _stages(
    module: Any,
    material: Material,
    teaching: NDArray[np.intp],
    config: ModelConfig,
    weights: torch.Tensor,
) -> list[Stage]:
    training, seed = config.training, config.seed
    device = next(module.parameters()).device
    criterion = criterion_of(training, weights.to(device))
    whole = material.read(teaching[:1]).shape[2]
    stages: list[Stage] = []
    if training.pretraining != "none":
        first = pretraining_of(module, material, teaching, training, seed)
        first.learner.to(device)
        stages.append(first)
    return [*stages, Supervised(module, material, criterion, training, whole, seed)]


def _trained(session: Session, ended: str) -> TrainedModule:
    """Return the module with its best weights, its last ones kept as a file if asked for."""
    judge, watch = session.judge, session.state.watch
    training = session.config.training
    if training.checkpoints in {"last", "all"}:
        session.keep_weights("last.safetensors", session.n_epochs)
    if watch.epoch:
        judge.module.load_state_dict(watch.weights)
    best = watch.epoch or session.n_epochs
    if training.checkpoints in {"best", "all"}:
        session.keep_weights("best.safetensors", best)
    temperature = 1.0
    if len(judge.watching):
        temperature = fit_temperature(*judge.decisions())
    return TrainedModule(
        module=judge.module.cpu().eval(),
        curves=tuple(session.state.history),
        best_epoch=best,
        ended=ended,
        teaching=session.teaching,
        watching=judge.watching,
        temperature=temperature,
        waited_s=session.waited_s,
    )
