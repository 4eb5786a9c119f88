"""Signals at rest: one HDF5 file for each data set, one uncompressed chunk for each channel."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import NotFound

if TYPE_CHECKING:
    import h5py


@dataclass
class SignalWriter:
    """Writes signals into a new file, one after the other.

    Parameters
    ----------
    file : h5py.File
    n_signals : int
    """

    file: "h5py.File"
    n_signals: int = 0

    def add(
        self,
        samples: NDArray[np.float32],
        *,
        channels: tuple[str, ...],
        sampling_rate_hz: float | None = None,
    ) -> str:
        """Write samples of shape (channel, time); return where they stand."""
        self.n_signals += 1
        path = f"/signals/{self.n_signals:06d}"
        made = self.file.create_dataset(
            path, data=samples.astype("<f4", copy=False), chunks=(1, samples.shape[1])
        )
        if sampling_rate_hz is not None:
            made.attrs["sampling_rate_hz"] = sampling_rate_hz
        made.attrs["channels"] = list(channels)
        return path


@contextmanager
def writing(path: Path) -> Iterator[SignalWriter]:
    """Open a new signal file; on any error the file is removed."""
    import h5py

    try:
        with h5py.File(path, "w", libver="v110") as file:
            yield SignalWriter(file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def reading(path: Path) -> "h5py.File":
    """Open a signal file that is there already."""
    import h5py

    return h5py.File(path, "r")


def copy_signals(source: Path, target: Path, signal_paths: frozenset[str]) -> None:
    """Write a new file that holds only these signals, under their names."""
    with reading(source) as old, writing(target) as writer:
        for signal_path in sorted(signal_paths):
            old.copy(signal_path, writer.file.require_group("/signals"))


def append_signals(
    writer: SignalWriter, source: Path, signal_paths: Sequence[str]
) -> Iterator[str]:
    """Copy signals of another file behind those that are there; yield where each stands now."""
    with reading(source) as old:
        for signal_path in signal_paths:
            if signal_path not in old:
                raise NotFound("This signal is not in its data set's file.", signal=signal_path)
            writer.n_signals += 1
            path = f"/signals/{writer.n_signals:06d}"
            old.copy(signal_path, writer.file.require_group("/signals"), name=path)
            yield path


def read_channels(file: "h5py.File", signal_path: str) -> NDArray[np.float32]:
    """Return all channels of one signal of an open file, shape (channel, time)."""
    if signal_path not in file:
        raise NotFound("This signal is not in its data set's file.", signal=signal_path)
    return np.asarray(file[signal_path][...], dtype=np.float32)


def read_signal(
    path: Path, signal_path: str, channel: int, start: int = 0, stop: int | None = None
) -> NDArray[np.float32]:
    """Return samples `start` to `stop` of one channel, shape (time,)."""
    with reading(path) as file:
        if signal_path not in file:
            raise NotFound("This signal is not in its data set's file.", signal=signal_path)
        return np.asarray(file[signal_path][channel, start:stop], dtype=np.float32)


def read_windows(
    path: Path, places: list[tuple[str, int, int]], n_samples: int
) -> NDArray[np.float32]:
    """Return windows of equal length from many signals, the file opened once.

    Parameters
    ----------
    path : Path
    places : list of (str, int, int)
        Signal path, channel row and first sample of each window.
    n_samples : int

    Returns
    -------
    ndarray of float32, shape (window, time)
    """
    windows = np.empty((len(places), n_samples), dtype=np.float32)
    with reading(path) as file:
        for row, (signal_path, channel, start) in enumerate(places):
            windows[row] = file[signal_path][channel, start : start + n_samples]
    return windows


def samples_hash(samples: NDArray[np.float32]) -> str:
    """Return the SHA-256 of samples, wherever they were stored before."""
    return hashlib.sha256(np.ascontiguousarray(samples, dtype="<f4").tobytes()).hexdigest()
