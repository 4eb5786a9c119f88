"""A small network, and a run that remembers all it was told and dies where a test wants it to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sonde.learning.core.fitting.fit_run import FitRun
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.problem import Problem
from sonde.learning.core.training.loop import TrainedModule, train
from sonde.learning.core.training.session import Budget
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem(windows_per_recording=2)
ANY = np.arange(len(PROBLEM))


class SmallNet(nn.Module):
    """Convolution, normalisation, drop-out and a line; remembers what it was fed."""

    def __init__(self, n_classes: int = 4) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(1, 4, 9, stride=4), nn.BatchNorm1d(4), nn.ReLU(), nn.AdaptiveAvgPool1d(4)
        )
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(16, n_classes)
        self.fed: list[torch.Tensor] = []
        self.kinds: set[str] = set()

    def representation(self, windows: torch.Tensor) -> torch.Tensor:
        """Return 16 features of each window."""
        if self.training:
            self.fed.append(windows.clone())
        features = self.body(windows).flatten(1)
        self.kinds.add(str(features.dtype))
        return features

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Return logits."""
        return self.head(self.drop(self.representation(windows)))


def small_net(kind: type[nn.Module] = SmallNet, seed: int = 0) -> Any:
    """Return a fresh network whose weights follow from the seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return kind()


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Ledger:
    """What a run was told, over all its attempts."""

    die_at: int = 0
    events: int = 0
    state: bytes | None = None
    states: list[bytes] = field(default_factory=list)
    logs: dict[int, dict[str, float]] = field(default_factory=dict)
    pretraining: dict[int, dict[str, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    fractions: list[float] = field(default_factory=list)
    stop_after: int = 10**9

    def run(self, teacher: Any = None) -> FitRun:
        """Return the run that writes here."""
        return FitRun(
            self._progress,
            log=self._log,
            note=self.notes.append,
            kept=lambda: self.state,
            keep=self._keep,
            keep_file=self._keep_file,
            wants_stop=lambda: len(self.fractions) > self.stop_after,
            teacher=teacher,
        )

    def tick(self) -> None:
        """Die if it is time."""
        self.events += 1
        if self.events == self.die_at:
            raise Killed

    def _progress(self, fraction: float) -> None:
        self.tick()
        self.fractions.append(fraction)

    def _log(self, step: int, values: Mapping[str, float]) -> None:
        self.tick()
        is_first = any(name.startswith("pretraining") for name in values)
        (self.pretraining if is_first else self.logs)[step] = dict(values)

    def _keep(self, state: bytes) -> None:
        self.tick()
        self.state = state
        self.states.append(state)
        self.tick()

    def _keep_file(self, name: str, content: bytes) -> None:
        self.tick()
        self.files[name] = content

    def reader(self, problem: Problem) -> Problem:
        """Return the problem with windows that may never arrive."""

        def read(indices: NDArray[np.intp]) -> NDArray[np.float32]:
            self.tick()
            return problem.read_windows(indices)

        return replace(problem, read_windows=read)


OFTEN = Budget(keep_every_s=0.0, keep_share=1e9)


def fit(
    training: TrainingConfig,
    ledger: Ledger,
    *,
    kind: type[nn.Module] = SmallNet,
    problem: Problem = PROBLEM,
    budget: Budget = OFTEN,
    teacher: Any = None,
) -> TrainedModule:
    """Train a fresh small network."""
    config = ModelConfig("small", 3, {}, training)
    module = small_net(kind)
    run = ledger.run(teacher)
    return train(module, ledger.reader(problem), np.arange(len(problem)), config, run, budget)
