"""What a model is: its name, its knobs, how it learns and how it comes back from arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.training_config import TrainingConfig, accept_training
from sonde.learning.core.hyper_parameters import HyperParameter, Value
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

Progress = Callable[[float], None]
"""Told often, with the fraction done in [0, 1]; raises to stop the work."""

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class ModelConfig:
    """Which model, with which knobs; saved with every run.

    Parameters
    ----------
    model : str
    seed : int
    values : mapping
        Values of the hyper-parameters; what is absent has its default.
    training : TrainingConfig
        How a deep model learns; the other models do not look at it.
    """

    model: str
    seed: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "ModelConfig":
        """Return the configuration that a stored run names; raises Invalid."""
        return cls(
            document["model"],
            document["seed"],
            document["values"],
            accept_training(document.get("training", {})),
        )


class FittedModel(Protocol):
    """A model that has learned; nothing but arrays inside."""

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities, shape (sample, class), rows summing to one.

        `inputs` are float32 windows (sample, channel, time) or float64 features
        (sample, feature), as the model's specification says.
        """
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        ...


Fit = Callable[[Problem, NDArray[np.intp], ModelConfig, Progress], FittedModel]


def _accept(_values: Mapping[str, Value]) -> None:
    return


@dataclass(frozen=True)
class ModelSpecification:
    """One model that can be trained.

    Parameters
    ----------
    name, title, family, help : str
    eats : {"windows", "features"}
    hyper_parameters : tuple of HyperParameter
    fit : callable
        From problem, training indices, config and progress to a fitted model.
    restore : callable
        From the arrays of a fitted model back to it; raises KeyError or ValueError if they are
        not such arrays.
    uses_training : bool
        Whether a `TrainingConfig` matters to it: networks, and ensembles that may hold one.
    check : callable
        Raises Invalid for accepted values that make no sense together or cannot be read.
    """

    name: str
    title: str
    family: str
    help: str
    eats: Literal["windows", "features"]
    hyper_parameters: tuple[HyperParameter, ...]
    fit: Fit
    restore: Callable[[Arrays], FittedModel]
    uses_training: bool = False
    check: Callable[[Mapping[str, Value]], None] = _accept

    def values(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Return the value of every knob, the given ones checked.

        Raises
        ------
        Invalid
            If a name is unknown or a value is not acceptable.
        """
        known = {knob.name: knob for knob in self.hyper_parameters}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise Invalid(
                f"{self.title} has no setting {unknown[0]!r}; it has {', '.join(known)}.",
                unknown=unknown,
                choices=list(known),
            )
        values = {
            name: knob.accept(given[name]) if name in given else knob.default
            for name, knob in known.items()
        }
        self.check(values)
        return values
