"""A fit of several steps, each done once: what is done is kept, and the step under way too."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import FitRun
from sonde.learning.core.fitting.specification import Arrays, ModelConfig
from sonde.learning.core.fitting.training_config import training_document

_STAMP, _STATE = "stamp", "state"


@dataclass
class Steps:
    """The steps of one fit, such as the members of an ensemble, taken in the same order each time.

    Parameters
    ----------
    run : FitRun
        Of the whole fit; its kept state holds the arrays of the steps that are done.
    total : int
        How many steps there are.
    stamp : ndarray of uint8, shape (byte,)
        Of this very fit: what another one kept is not used.

    Examples
    --------
    >>> states = []
    >>> run = FitRun(lambda fraction: None, kept=lambda: states[-1] if states else None,
    ...              keep=states.append)
    >>> stamp = np.zeros(1, dtype=np.uint8)
    >>> first = Steps.resume(run, 2, stamp).take("one", lambda part: {"made": np.ones(2)})
    >>> again = Steps.resume(run, 2, stamp)
    >>> again.take("one", lambda part: {"made": np.zeros(2)})["made"].tolist()
    [1.0, 1.0]
    """

    run: FitRun
    total: int
    stamp: NDArray[np.uint8]
    _done: list[Mapping[str, NDArray[Any]]] = field(default_factory=list)
    _state: bytes | None = None
    _next: int = 0

    @classmethod
    def resume(cls, run: FitRun, total: int, stamp: NDArray[np.uint8]) -> "Steps":
        """Take up what the same fit kept before it was killed, or begin with nothing.

        Parameters
        ----------
        run : FitRun
        total : int
        stamp : ndarray of uint8, shape (byte,)
        """
        done, state = _unpacked(run.kept(), stamp)
        if done:
            run.note(f"{len(done)} of {total} steps are done already.")
        return cls(run, total, stamp, done, state)

    def take(self, name: str, compute: Callable[[FitRun], Arrays]) -> Arrays:
        """Return the arrays of the next step: the kept ones, else computed now and kept.

        Parameters
        ----------
        name : str
            Before its metrics and notes.
        compute : callable
            From the run of this step alone to its arrays.
        """
        number, self._next = self._next, self._next + 1
        if number < len(self._done):
            self.run((number + 1) / self.total)
            return self._done[number]
        arrays = dict(compute(self._part(number, name)))
        self._done.append(arrays)
        self._state = None
        self._keep(None)
        return arrays

    def _part(self, number: int, name: str) -> FitRun:
        """Return the run of one step: a slice of the progress, everything under its name."""
        run, state = self.run, self._state

        def log(step: int, values: Mapping[str, float]) -> None:
            run.log(step, {f"{name}/{metric}": value for metric, value in values.items()})

        return FitRun(
            on_progress=lambda fraction: run((number + fraction) / self.total),
            log=log,
            note=lambda message: run.note(f"{name}: {message}"),
            kept=lambda: state,
            keep=self._keep,
            keep_file=lambda file, content: run.keep_file(f"{name}/{file}", content),
            wants_stop=run.wants_stop,
            teacher=run.teacher,
        )

    def _keep(self, state: bytes | None) -> None:
        from safetensors.numpy import save

        arrays = {
            f"{number}.{name}": np.ascontiguousarray(array)
            for number, one in enumerate(self._done)
            for name, array in one.items()
        }
        if state is not None:
            arrays[_STATE] = np.frombuffer(state, dtype=np.uint8)
        self.run.keep(save({**arrays, _STAMP: self.stamp}))


def stamp_of(config: ModelConfig, indices: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return the mark of one fit: configuration and training samples.

    Parameters
    ----------
    config : ModelConfig
    indices : ndarray of intp, shape (sample,)

    Returns
    -------
    ndarray of uint8, shape (32,)
    """
    about = [config.model, config.seed, sorted(config.values.items())]
    digest = hashlib.sha256(repr([*about, training_document(config.training)]).encode())
    digest.update(np.asarray(indices).astype("<i8").tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)


def _unpacked(
    content: bytes | None, stamp: NDArray[np.uint8]
) -> tuple[list[Mapping[str, NDArray[Any]]], bytes | None]:
    """Return the arrays of every step that is done, and the state of the one under way."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content) if content is not None else {}
    except SafetensorError:
        return [], None
    if not np.array_equal(arrays.pop(_STAMP, np.zeros(0, dtype=np.uint8)), stamp):
        return [], None
    state = arrays.pop(_STATE, None)
    done: dict[int, dict[str, NDArray[Any]]] = {}
    for name, array in arrays.items():
        number, _, own = name.partition(".")
        done.setdefault(int(number), {})[own] = array
    return [done[number] for number in sorted(done)], None if state is None else state.tobytes()
