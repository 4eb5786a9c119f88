"""A toy model that learns in steps: it logs, keeps its state, and stops when it is asked to."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import as_fit_run
from sonde.learning.core.fitting.specification import ModelConfig, ModelSpecification, Progress
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.problem import Problem


@dataclass(frozen=True)
class Centres:
    """The mean features of each class."""

    centres: NDArray[np.float64]

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities by distance."""
        distances = ((inputs[:, None, :] - self.centres[None]) ** 2).sum(axis=2)
        weights = np.exp(-(distances - distances.min(axis=1, keepdims=True)))
        answer: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
        return answer

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the centres."""
        return {"centres": self.centres}


@dataclass
class SlowModel:
    """Moves centres towards the class means, some steps of some time each.

    Parameters
    ----------
    n_steps : int
    step_s : float
    at_step : callable, optional
        Called with the number of each step.
    """

    n_steps: int = 5
    step_s: float = 0.0
    at_step: Callable[[int], None] | None = None
    seen: list[NDArray[np.intp]] = field(default_factory=list)
    taught: list[NDArray[np.float64]] = field(default_factory=list)
    resumed_at: list[int] = field(default_factory=list)

    def fit(
        self,
        problem: Problem,
        indices: NDArray[np.intp],
        config: ModelConfig,
        on_progress: Progress,
    ) -> Centres:
        """Learn, from the kept state on."""
        run = as_fit_run(on_progress)
        self.seen.append(indices)
        if run.teacher is not None:
            self.taught.append(run.teacher(indices[::-1]))
        features, labels = problem.read_features(indices), problem.labels[indices]
        means = np.stack([features[labels == one].mean(axis=0) for one in np.unique(labels)])
        centres, first = np.zeros_like(means), 1
        state = run.kept()
        if state is not None:
            first = int.from_bytes(state[:4], "little") + 1
            centres = np.frombuffer(state[4:]).reshape(means.shape).copy()
            self.resumed_at.append(first)
        for step in range(first, self.n_steps + 1):
            run((step - 1) / self.n_steps)
            time.sleep(self.step_s)
            centres += 0.5 * (means - centres)
            loss = float(((means - centres) ** 2).mean())
            run.log(step, {"train/loss": loss, "validation/macro_f1": 1.0 / (1.0 + loss)})
            run.keep(step.to_bytes(4, "little") + centres.tobytes())
            if self.at_step is not None:
                self.at_step(step)
            if run.wants_stop():
                run.note(f"Stopped after step {step}.")
                break
        run.keep_file("centres.bin", centres.tobytes())
        run(1.0)
        return Centres(centres)

    def specification(self) -> ModelSpecification:
        """Return the model as the catalogue lists it."""
        return ModelSpecification(
            name="slow",
            title="Slow centres",
            family="toy",
            help="For tests.",
            eats="features",
            hyper_parameters=(),
            fit=self.fit,
            restore=lambda arrays: Centres(arrays["centres"]),
            uses_training=True,
        )


@contextmanager
def listed(model: SlowModel) -> Iterator[SlowModel]:
    """List the model in the catalogue."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MODELS, "slow", model.specification())  # type: ignore[arg-type]
        yield model
