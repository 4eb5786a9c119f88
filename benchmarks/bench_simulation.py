"""1,430 journal-bearing signals of 102,400 samples into one HDF5 file, by two processes.

Peers: NumPy's own noise of as many samples (what no simulator that draws its noise can beat), the
original's equations in plain double precision, and the original's stated three to five minutes.
"""

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.plan import PRESETS
from sonde.bearings.core.simulate.preview import preview_of
from sonde.bearings.services.generation_local import FileWish, generate_file

WORKERS = 2
LIMIT_S, LIMIT_MB, PREVIEW_LIMIT_MS = 15.0, 400.0, 300.0
ORIGINAL_S = (180.0, 300.0)
WHITE_LAYERS = 2  # the floor and the measurement noise, without which no signal is


class _Memory:
    """The largest resident memory of any process of this one, in MB."""

    def __init__(self) -> None:
        self.largest_mb = 0.0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._ends.wait(0.1):
            for process in (own, *own.children(recursive=True)):
                try:
                    self.largest_mb = max(self.largest_mb, process.memory_info().rss / 1e6)
                except psutil.NoSuchProcess:
                    continue

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()


def _whole_s(config) -> tuple[float, float, float]:
    """Return seconds, the largest process in MB, and the size of the file in MB."""
    with tempfile.TemporaryDirectory() as folder, _Memory() as memory:
        target = Path(folder) / "set.h5"
        began = time.perf_counter()
        generate_file(config, FileWish(target, workers=WORKERS), lambda *_: None)
        took_s = time.perf_counter() - began
        return took_s, memory.largest_mb, target.stat().st_size / 1e6


def _each_s(make, count: int) -> float:
    make(0)
    began = time.perf_counter()
    for index in range(count):
        make(index)
    return (time.perf_counter() - began) / count


def main() -> None:
    """Print the figures."""
    config = PRESETS["eleven-classes"].config
    runs = [_whole_s(config) for _ in range(2)]
    took_s, memory_mb, file_mb = min(runs)
    memory_mb = max(run[1] for run in runs)
    rng = np.random.default_rng(1)

    def noise(_index: int) -> None:
        for _ in range(WHITE_LAYERS):
            rng.standard_normal(config.n_samples, dtype=np.float32)

    step = config.n_signals // 22
    original = replace(config, equations="original-v2")
    noise_s = _each_s(noise, 60) * config.n_signals / WORKERS
    ours_s = _each_s(lambda number: simulate(config, number * step), 22)
    plain_s = _each_s(lambda number: simulate(original, number * step), 22)
    preview_s = _each_s(lambda number: preview_of(simulate(config, number * step)), 22)
    print(f"{config.n_signals} signals x {config.n_samples} samples, {WORKERS} processes")
    print(f"whole file, HDF5 {file_mb:.0f} MB  {took_s:8.1f} s   (limit {LIMIT_S:.0f} s)")
    print(f"largest process            {memory_mb:8.0f} MB  (limit {LIMIT_MB:.0f} MB)")
    print(f"the original, as stated    {ORIGINAL_S[0]:.0f} to {ORIGINAL_S[1]:.0f} s: ", end="")
    print(f"{ORIGINAL_S[0] / took_s:.0f} to {ORIGINAL_S[1] / took_s:.0f} times longer")
    print(f"NumPy's own white noise    {noise_s:8.1f} s   ratio {took_s / noise_s:.1f}")
    print(f"one signal                 {ours_s * 1e3:8.1f} ms")
    print(f"  original's equations     {plain_s * 1e3:8.1f} ms  ratio {plain_s / ours_s:.2f}")
    print(f"  with what a preview draws{preview_s * 1e3:8.1f} ms  (limit {PREVIEW_LIMIT_MS:.0f})")
    if took_s > LIMIT_S or memory_mb > LIMIT_MB or preview_s * 1e3 > PREVIEW_LIMIT_MS:
        raise SystemExit("over a limit")


if __name__ == "__main__":
    main()
