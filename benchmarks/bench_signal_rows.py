"""One signal out of many: a random row of a data set's file, opened for each as a page does.

Peers in the same run: h5py with the chunks that it chooses by itself, h5py with gzip, and, as the
limit, the same bytes read at once from a plain file.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from sonde.bearings.persistence.signal_files import read_signal, writing

N_SIGNALS, N_SAMPLES = 256, 102_400
N_READS = 200


def _made(folder: Path) -> dict[str, Path]:
    rng = np.random.default_rng(0)
    signals = rng.standard_normal((N_SIGNALS, N_SAMPLES), dtype=np.float32)
    paths = {name: folder / name for name in ("sonde", "guessed", "gzip", "plain")}
    with writing(paths["sonde"]) as writer:
        for row in signals:
            writer.add(row[None], channels=("x",))
    with h5py.File(paths["guessed"], "w") as file:
        file.create_dataset("signals", data=signals, chunks=True)
    with h5py.File(paths["gzip"], "w") as file:
        file.create_dataset("signals", data=signals, chunks=(1, N_SAMPLES), compression="gzip")
    signals.tofile(paths["plain"])
    return paths


def _row_of(path: Path) -> Callable[[int], NDArray[np.float32]]:
    def read(number: int) -> NDArray[np.float32]:
        with h5py.File(path, "r") as file:
            return np.asarray(file["signals"][number])

    return read


def _plain(path: Path) -> Callable[[int], NDArray[np.float32]]:
    size = 4 * N_SAMPLES

    def read(number: int) -> NDArray[np.float32]:
        return np.fromfile(path, dtype=np.float32, count=N_SAMPLES, offset=number * size)

    return read


def _milliseconds(read: Callable[[int], NDArray[np.float32]]) -> float:
    rng = np.random.default_rng(1)
    took = []
    for number in rng.integers(0, N_SIGNALS, N_READS):
        begun = time.perf_counter()
        read(int(number))
        took.append(time.perf_counter() - begun)
    return 1000 * float(np.median(took))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        paths = _made(Path(folder))
        readers = {
            "Sonde": lambda number: read_signal(paths["sonde"], f"/signals/{number + 1:06d}", 0),
            "h5py, chunks=True": _row_of(paths["guessed"]),
            "h5py, gzip": _row_of(paths["gzip"]),
            "plain file, the limit": _plain(paths["plain"]),
        }
        found = {name: _milliseconds(read) for name, read in readers.items()}
    print("| one random signal of 102,400 samples, file opened each time | ms | against Sonde |")
    print("|---|---|---|")
    for name, took in found.items():
        print(f"| {name} | {took:.3f} | {took / found['Sonde']:.1f} |")


if __name__ == "__main__":
    main()
