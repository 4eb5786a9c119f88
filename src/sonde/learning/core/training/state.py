"""Everything that a training needs to go on after a kill, as one safetensors file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import training_document
from sonde.learning.core.training.batches import Place
from sonde.learning.core.training.early_stopping import Watch
from sonde.learning.core.training.schedules import Plateau
from sonde.learning.core.training.tensor_files import from_file, named, part, to_file


@dataclass
class State:
    """Where a training stands.

    Parameters
    ----------
    place : Place
        The next step.
    learner : torch.nn.Module
        What the present stage trains.
    optimiser : torch.optim.Optimizer
    scaler : torch.amp.GradScaler
    watch : Watch
    plateau : Plateau
    sums : Tensor of float64, shape (4,)
        Of the running epoch: loss, right, windows, gradient norm.
    history : list of dict
        One record per finished epoch.
    """

    place: Place
    learner: Any
    optimiser: Any
    scaler: Any
    watch: Watch
    plateau: Plateau
    sums: Any
    history: list[dict[str, float]] = field(default_factory=list)


def stamp_of(module: Any, indices: NDArray[np.intp], config: ModelConfig) -> str:
    """Return the mark of one fit: a state is taken up by no other.

    Parameters
    ----------
    module : torch.nn.Module
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    """
    about = [
        config.model,
        config.seed,
        dict(config.values),
        training_document(config.training),
        [[name, list(one.shape)] for name, one in module.state_dict().items()],
        hashlib.sha256(np.sort(indices).astype("<i8").tobytes()).hexdigest(),
    ]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def pack(state: State, stamp: str) -> bytes:
    """Return the state as a file, torch's random states among it."""
    states = state.optimiser.state_dict()["state"]
    tensors = {
        **named(state.learner.state_dict(), "learner."),
        **named(state.watch.weights, "best."),
        **{
            f"optimiser.{number}.{name}": torch.as_tensor(value)
            for number, values in states.items()
            for name, value in values.items()
            if value is not None
        },
        "sums": state.sums,
        "random.cpu": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    watch = state.watch
    values = {
        "stamp": stamp,
        "place": asdict(state.place),
        "plateau": asdict(state.plateau),
        "watch": {"score": list(watch.score), "epoch": watch.epoch, "waited": watch.waited},
        "scaler": state.scaler.state_dict(),
        "history": state.history,
    }
    return to_file(tensors, values)


@dataclass(frozen=True)
class Kept:
    """A state that was kept, not yet taken up.

    Parameters
    ----------
    tensors, values : mapping
    """

    tensors: Mapping[str, Any]
    values: Mapping[str, Any]

    @property
    def stage(self) -> int:
        """The stage that it was kept in."""
        return int(self.values["place"]["stage"])


def unpack(content: bytes | None, stamp: str) -> Kept | None:
    """Return what was kept of this very fit, or None."""
    if content is None:
        return None
    try:
        kept = Kept(*from_file(content))
    except ValueError:
        return None
    return kept if kept.values.get("stamp") == stamp else None


def restore(state: State, kept: Kept) -> None:
    """Put a training where it was when the state was kept."""
    tensors, values = kept.tensors, kept.values
    state.learner.load_state_dict(part(tensors, "learner."))
    state.optimiser.load_state_dict(
        {
            "state": _by_parameter(part(tensors, "optimiser.")),
            "param_groups": state.optimiser.state_dict()["param_groups"],
        }
    )
    state.scaler.load_state_dict(values["scaler"])
    state.place = Place(**values["place"])
    state.plateau = Plateau(**values["plateau"])
    watch = values["watch"]
    state.watch.score, state.watch.epoch = tuple(watch["score"]), watch["epoch"]
    state.watch.waited, state.watch.weights = watch["waited"], part(tensors, "best.")
    state.sums = tensors["sums"].to(state.sums.device)
    state.history = [dict(record) for record in values["history"]]
    torch.set_rng_state(tensors["random.cpu"])
    if "random.cuda" in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["random.cuda"])


def _by_parameter(tensors: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    states: dict[int, dict[str, Any]] = {}
    for name, one in tensors.items():
        number, of = name.split(".", 1)
        states.setdefault(int(number), {})[of] = one
    return states
