"""A generation into a file, by processes of its own: no server, no database."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import NewRecording, content_hash
from sonde.bearings.core.export.manifest import VERSION, Exported, name_of
from sonde.bearings.core.simulate.describing import simulate_recording
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.services.generations import designation_of
from sonde.platform.core.errors import Invalid, Unavailable
from sonde.platform.core.identifiers import new_id

MAX_WORKERS = 64
_BATCH_BYTES = 3_000_000
_BATCHES_AHEAD = 3
Made = list[tuple[NewRecording, NDArray[np.float32]]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FileWish:
    """Where a generation goes.

    Parameters
    ----------
    target : Path
        Replaced at the end, whole.
    format : str
        One of ``EXPORT_FORMATS``.
    workers : int
        Processes; the content does not depend on it.
    """

    target: Path
    format: str = "hdf5"
    workers: int = 1


def generate_file(config: GenerationConfig, wish: FileWish, progress: Progress) -> str:
    """Write a generation to a file; return the hash of its content.

    `progress` is told how many of how many signals are written. Raises Invalid for a target that
    cannot be written, TooLarge beyond the limits and Unavailable if a worker process dies. The
    target is replaced only once everything is there.
    """
    from sonde.bearings.core.export import writing

    if not 1 <= wish.workers <= MAX_WORKERS:
        raise Invalid(f"Choose 1 to {MAX_WORKERS} workers.", field="workers")
    if not wish.target.absolute().parent.is_dir():
        raise Invalid(f"There is no folder {wish.target.absolute().parent}.", field="out")
    if wish.target.is_dir():
        raise Invalid(f"{wish.target} is a folder; name a file in it.", field="out")
    config.check_size()
    facts = _facts(config)
    described: list[NewRecording] = []

    def signals() -> Iterator[Exported]:
        for recording, samples in _made(config, wish.workers):
            described.append(recording)
            yield Exported(name_of(len(described) - 1), recording, samples)
            progress(len(described), config.n_signals)

    beside = wish.target.with_name(f".{wish.target.name}.{new_id()}.part")
    try:
        writing.write(wish.format, beside, facts, signals())
        beside.replace(wish.target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Invalid(f"{wish.target} cannot be written: {reason}.", field="out") from None
    finally:
        beside.unlink(missing_ok=True)
    return content_hash(described)


def _facts(config: GenerationConfig) -> dict[str, Any]:
    """Return what the file says of itself; its own name is not part of it."""
    return {
        "sonde_export": VERSION,
        "name": f"Simulated {config.kind} bearings",
        "designation": designation_of(config),
        "made_from": {"config": config.to_json(), "config_hash": config.content_hash},
    }


def _made(
    config: GenerationConfig, workers: int
) -> Iterator[tuple[NewRecording, NDArray[np.float32]]]:
    """Go through all signals in order, made here or by so many processes."""
    if workers == 1:
        for index in range(config.n_signals):
            yield simulate_recording(config, index)
        return
    context = get_context("forkserver")
    context.set_forkserver_preload([simulate_recording.__module__])
    executor = ProcessPoolExecutor(workers, mp_context=context)
    try:
        for batch in _in_order(executor, config, workers * _BATCHES_AHEAD):
            yield from batch
    except BrokenProcessPool:
        raise Unavailable(
            "A worker process has ended, perhaps for want of memory; try with fewer workers."
        ) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _in_order(
    executor: ProcessPoolExecutor, config: GenerationConfig, n_ahead: int
) -> Iterator[Made]:
    """Yield the batches in order, only so many made ahead that memory stays flat."""
    each = len(config.channels) * config.n_samples * 4
    size = max(1, min(_BATCH_BYTES // each, 64))
    waiting: deque[Future[Made]] = deque()
    for first in range(0, config.n_signals, size):
        if len(waiting) == n_ahead:
            yield waiting.popleft().result()
        last = min(first + size, config.n_signals)
        waiting.append(executor.submit(_make_batch, config, first, last))
    while waiting:
        yield waiting.popleft().result()


def _make_batch(config: GenerationConfig, first: int, last: int) -> Made:
    return [simulate_recording(config, index) for index in range(first, last)]
