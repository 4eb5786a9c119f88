"""How long a network needs for a 1 s window, and what it is worth: default against ResNet-18.

``python -m benchmarks.bench_inference`` measures latency: the shipped default and every other
network with its own settings, beside a ResNet-18 of the original's shape, in one run. With
``accuracy`` it trains default and ResNet-18 on simulated journal-bearing records, tested on
records that they never saw: ``accuracy [trained] [tested] [epochs] [seeds] [names]``, the first two
in records of each class. Many are tested, because a tenth of a point is one record in a thousand.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.journal import N_WINDOWS, journal_config
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.places import place_of
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.learning.core.fingerprints import window_fingerprints
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.building import build_module
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES, DEFAULT
from sonde.learning.core.models.deep.cost import network_cost
from sonde.learning.core.models.deep.export import deep_model
from sonde.learning.core.models.deep.fitted import DeepModel
from sonde.learning.core.problem import Problem

RATE_HZ = 20_480.0
SHAPE = InputShape(1, 20_480, RATE_HZ)
N_CLASSES = 11
ROUNDS = 200
BAR_MS = 5.0
ORIGINAL = ("resnet-18-1d", {"width": 64, "first_stride": 16, "first_kernel": 65})
"""A stem of 64 samples, stride 4 and pooling by 4, then widths 64 to 512: 3.9 M parameters."""
TRAINING = TrainingConfig(
    schedule="one-cycle", learning_rate=3e-3, batch_size=32, validation_fraction=0.0
)


@dataclass(frozen=True)
class Row:
    """One measured network: its title, cost and latency."""

    title: str
    n_parameters: int
    macs: int
    p50_ms: float
    p95_ms: float


def untrained(name: str, given: dict[str, object]) -> DeepModel:
    """Return a network with fresh weights: latency does not ask what they are."""
    architecture, values = ARCHITECTURES[name], MODELS[name].values(given)
    module = build_module(architecture, SHAPE, N_CLASSES, values, 0)
    return deep_model(architecture, SHAPE, N_CLASSES, values, module, np.arange(N_CLASSES))


def measure(title: str, name: str, given: dict[str, object], rounds: int = ROUNDS) -> Row:
    """Return the latency of one window through ONNX Runtime on one core, answer included."""
    model = untrained(name, given)
    random = np.random.default_rng(0)
    windows = random.normal(size=(8, 1, 1, SHAPE.n_samples)).astype(np.float32)
    for number in range(10):
        model.predict_proba(windows[number % 8])
    took_ms = []
    for number in range(rounds):
        started = time.perf_counter()
        model.predict_proba(windows[number % 8])
        took_ms.append(1e3 * (time.perf_counter() - started))
    cost = network_cost(ARCHITECTURES[name], SHAPE, N_CLASSES, model.values)
    p50, p95 = np.percentile(took_ms, [50, 95])
    return Row(title, cost.n_parameters, cost.macs, float(p50), float(p95))


def latency() -> None:
    """Print the table of latencies."""
    peer = measure("ResNet-18, the original's shape", *ORIGINAL)
    rows = [measure(f"{ARCHITECTURES[DEFAULT].title} (default)", DEFAULT, {}), peer]
    rows += [
        measure(architecture.title, name, {}, 40)
        for name, architecture in ARCHITECTURES.items()
        if name != DEFAULT
    ]
    print("| network | parameters | M multiply-adds | p50 ms | p95 ms | times faster than peer |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.title} | {row.n_parameters:,} | {row.macs / 1e6:.0f} | {row.p50_ms:.2f} "
            f"| {row.p95_ms:.2f} | {peer.p50_ms / row.p50_ms:.1f} |"
        )
    verdict = "met" if rows[0].p50_ms < BAR_MS else "MISSED"
    print(f"bar: p50 of the default under {BAR_MS:g} ms: {verdict}; the original printed 12.9 ms")


def _wave(config: GenerationConfig, index: int) -> NDArray[np.float32]:
    return np.asarray(simulate(config, index).samples[0], dtype=np.float32)


def journal_problem(per_class: int) -> Problem:
    """Return simulated records, cut into windows of 1 s; the record is the group."""
    config = journal_config("original-v2", per_class)
    with ProcessPoolExecutor(2) as pool:
        waves = np.stack(list(pool.map(partial(_wave, config), range(config.n_signals))))
    windows = waves.reshape(-1, 1, SHAPE.n_samples)
    places = [place_of(config, index) for index in range(config.n_signals)]
    labels = np.array([config.classes.index(place.label) for place in places], dtype=np.intp)
    records = np.array([f"record {index}" for index in range(config.n_signals)])
    starts = np.tile(np.arange(N_WINDOWS) * SHAPE.n_samples, config.n_signals)
    return Problem(
        title="Journal bearings",
        class_names=config.classes,
        labels=np.repeat(labels, N_WINDOWS),
        recordings=np.repeat(records, N_WINDOWS),
        groups=np.repeat(records, N_WINDOWS),
        spans=np.stack([starts, starts + SHAPE.n_samples], axis=1).astype(np.int64),
        fingerprints=window_fingerprints(windows),
        attributes={},
        read_windows=lambda indices: windows[indices],
        read_features=lambda indices: np.zeros((len(indices), 0)),
        feature_names=(),
        feature_recipe="none",
        sampling_rate_hz=RATE_HZ,
        group_noun="record",
    )


def held_out(problem: Problem, n_tested: int, seed: int) -> NDArray[np.bool_]:
    """Return which windows are of the `n_tested` records of every class that are tested."""
    random = np.random.default_rng(seed)
    n_records = len(problem) // N_WINDOWS
    of_record = problem.labels[::N_WINDOWS]
    is_tested = np.zeros(n_records, dtype=np.bool_)
    for label in np.unique(of_record):
        mine = random.permutation(np.flatnonzero(of_record == label))
        is_tested[mine[:n_tested]] = True
    return np.repeat(is_tested, N_WINDOWS)


@dataclass(frozen=True)
class Trial:
    """How much is trained on and tested, in records of each class, and how often."""

    n_trained: int = 40
    n_tested: int = 100
    epochs: int = 15
    seeds: int = 1


def accuracy(trial: Trial, names: list[str]) -> None:
    """Print record accuracy of networks on the same split and seeds."""
    problem = journal_problem(trial.n_trained + trial.n_tested)
    print(trial)
    print("| network | record accuracy, % | window accuracy, % | training, s |\n|---|---|---|---|")
    for name in names:
        given = ORIGINAL[1] if name == ORIGINAL[0] else {}
        found = []
        for seed in range(trial.seeds):
            tested = held_out(problem, trial.n_tested, seed)
            config = ModelConfig(name, seed, given, replace(TRAINING, epochs=trial.epochs))
            started = time.perf_counter()
            model = MODELS[name].fit(problem, np.flatnonzero(~tested), config, lambda _: None)
            took_s = time.perf_counter() - started
            told = model.predict_proba(problem.read_windows(np.flatnonzero(tested)))
            truth = problem.labels[tested]
            votes = told.reshape(-1, N_WINDOWS, told.shape[1]).mean(axis=1).argmax(axis=1)
            records = 100 * float((votes == truth[::N_WINDOWS]).mean())
            found.append((records, 100 * float((told.argmax(axis=1) == truth).mean()), took_s))
        middle, spread = np.mean(found, axis=0), np.std(found, axis=0)
        print(
            f"| {MODELS[name].title} | {middle[0]:.2f} +- {spread[0]:.2f} "
            f"| {middle[1]:.2f} +- {spread[1]:.2f} | {middle[2]:.0f} |",
            flush=True,
        )


def main() -> None:
    """Measure what the command line asks for."""
    if sys.argv[1:2] != ["accuracy"]:
        latency()
        return
    trial = Trial(*(int(one) for one in sys.argv[2:6]))
    accuracy(trial, sys.argv[6:] or [DEFAULT, ORIGINAL[0]])


if __name__ == "__main__":
    main()
