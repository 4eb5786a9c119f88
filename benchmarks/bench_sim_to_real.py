"""From simulation to measurement: train on simulated 6205 bearings only, test on CWRU records.

The test records are those of protocol ``cwru-size-out`` (drive end at 12 kHz; 7, 14 and 21 mil;
outer race at 6 o'clock; the healthy bearing): 40 whole records of 10 bearings, of which none is
used for anything but the last line. The model is chosen on simulated machines of another, harder
population. Control arms: the same pipeline with the conditions of the simulated machines shuffled,
and the verdict from physics, which is not trained at all.
"""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from benchmarks.cwru import cwru_folder
from sonde.bearings.core.catalogue import catalogue, find_bearing
from sonde.bearings.core.diagnosis import band_views, diagnose, excess_kurtosis
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_recording,
)
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.weighing import look_for_faults
from sonde.bearings.persistence.signal_files import read_signal
from sonde.bearings.services.scanning import files_in, label_table_in, scan
from sonde.learning.core.evaluation import confusion_matrix, macro_f1

GEOMETRY = find_bearing("6205-2RS").geometry
RATE_HZ = 12_000.0
CLASSES = tuple(fault.value for fault in Fault)
SIZES = ("7 mil", "14 mil", "21 mil")
N_DRAWS = 2000
# Every machine has other parts that strike; at the sensor they are this much of a severe fault.
STRANGERS_SHARE = (0.02, 0.5)


@dataclass(frozen=True)
class Population:
    """Simulated machines that differ within these limits.

    Parameters
    ----------
    seed, n_machines : int
        Machines of each condition; every one is recorded twice.
    noise, jitter : (float, float)
        Drawn log-uniformly, one for each machine.
    slip : float
    severity : (float, float)
    """

    seed: int
    n_machines: int
    noise: tuple[float, float]
    jitter: tuple[float, float]
    slip: float
    severity: tuple[float, float]


# A fault that cannot be seen teaches nothing but its name: severities begin where it can.
TRAINING = Population(1, 80, (0.1, 1.0), (0.003, 0.02), 0.01, (0.3, 1.0))
CHOOSING = Population(2, 25, (0.2, 1.5), (0.008, 0.03), 0.015, (0.3, 1.0))
HEALTHY_MACHINES = 3  # as many without a fault as with one of the three
MODELS: dict[str, ClassifierMixin] = {
    "logistic regression": LogisticRegression(C=0.3, max_iter=5000),
    "RBF-SVM": SVC(C=3.0),
    "random forest": RandomForestClassifier(400, min_samples_leaf=3, random_state=0),
    "extra trees": ExtraTreesClassifier(400, min_samples_leaf=3, random_state=0),
}


def family_features(samples: NDArray[np.floating], speed_rpm: float) -> NDArray[np.float64]:
    """Return how far each part's lines stand out, absolutely and against the other parts.

    Only ratios within one recording enter: logarithm of the strength, depth and prominence of the
    families of the outer race, the inner race, a rolling element and the cage, the first two of
    these minus their mean over the families, and the excess kurtosis (logarithmic beyond 1).
    """
    used = np.ascontiguousarray(samples[:120_000], dtype=np.float32)
    seen = look_for_faults(band_views(used, RATE_HZ, speed_rpm / 60), GEOMETRY)
    families = [one.family for one in seen.values()]
    strength = np.log(np.maximum([one.strength for one in families], 0.1))
    depth = np.array([one.depth for one in families])
    prominence = np.log(np.maximum([one.prominence for one in families], 1e-3))
    kurtosis = np.arcsinh(excess_kurtosis(used))
    return np.concatenate(
        [strength, depth, prominence, strength - strength.mean(), depth - depth.mean(), [kurtosis]]
    )


def _machine(job: tuple[Population, int, int]) -> NDArray[np.float64]:
    population, number, kind = job
    fault = tuple(Fault)[kind]
    rng = np.random.default_rng([population.seed, number, kind])
    plans = tuple(
        PlannedRecording(
            f"{fault.value}-{number}",
            fault,
            float(rng.uniform(*population.severity)),
            float(rng.uniform(1700, 1820)),
            float(rng.uniform(0, 1)),
        )
        for _ in range(2)
    )
    config = SimulationConfig(
        population.seed,
        "6205-2RS",
        GEOMETRY,
        RATE_HZ,
        10.0,
        plans,
        jitter=float(np.exp(rng.uniform(*np.log(population.jitter)))),
        largest_slip=population.slip,
        noise=float(np.exp(rng.uniform(*np.log(population.noise)))),
        mains_hz=60.0,
    )
    stranger = _stranger(config, rng)
    share = float(np.exp(rng.uniform(*np.log(STRANGERS_SHARE))))
    return np.stack(
        [
            family_features(
                simulate_recording(config, index).samples
                + share * simulate_recording(stranger, index).samples,
                plan.speed_rpm,
            )
            for index, plan in enumerate(plans)
        ]
    )


def _stranger(config: SimulationConfig, rng: np.random.Generator) -> SimulationConfig:
    """Return another part of the machine that strikes at orders of its own, heard from afar."""
    names = sorted(catalogue())
    own = find_bearing(names[int(rng.integers(len(names)))]).geometry
    fault = (Fault.OUTER, Fault.INNER, Fault.BALL)[int(rng.integers(3))]
    plans = tuple(
        replace(plan, bearing=f"stranger of {plan.bearing}", fault=fault, severity=1.0)
        for plan in config.recordings
    )
    return replace(config, geometry=own, recordings=plans, seed=config.seed + 1000)


def simulated(population: Population) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return features and condition of every simulated recording."""
    jobs = [
        (population, number, kind)
        for kind in range(len(CLASSES))
        for number in range(population.n_machines * (1 if kind else HEALTHY_MACHINES))
    ]
    with ProcessPoolExecutor(2) as pool:
        made = list(pool.map(_machine, jobs, chunksize=8))
    labels = np.repeat([kind for _, _, kind in jobs], 2).astype(np.intp)
    return np.concatenate(made), labels


@dataclass(frozen=True)
class Measured:
    """The measured records: features, condition, bearing, size, and the verdict from physics."""

    values: NDArray[np.float64]
    labels: NDArray[np.intp]
    bearings: NDArray[np.str_]
    verdicts: NDArray[np.intp]


def measured() -> Measured:
    """Read the records of the protocol."""
    folder = cwru_folder()
    rows = []
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "signals.h5"
        given = Given(labels=label_table_in(folder))
        for row in scan(files_in(folder), given, path, lambda *_: None):
            wanted = row.label == "healthy" or row.fault_size in SIZES
            at_six = row.label != "outer" or row.fault_position == "6"
            if row.goes_in and wanted and at_six and row.sampling_rate_hz == RATE_HZ:
                samples = read_signal(path, row.signal_path, 0)
                rows.append((row, samples))
    values, verdicts = [], []
    for row, samples in rows:
        values.append(family_features(samples, row.speed_rpm))
        told = diagnose(samples, RATE_HZ, row.speed_rpm, GEOMETRY).verdict.value
        verdicts.append(CLASSES.index(told) if told in CLASSES else len(CLASSES))
    return Measured(
        np.stack(values),
        np.array([CLASSES.index(row.label) for row, _ in rows], dtype=np.intp),
        np.array([row.bearing for row, _ in rows]),
        np.array(verdicts, dtype=np.intp),
    )


def score(truth: NDArray[np.intp], told: NDArray[np.intp]) -> float:
    """Return the macro-F1; "cannot tell" is a wrong answer of no class."""
    confusion = confusion_matrix(truth, told, len(CLASSES) + 1)[:, : len(CLASSES)]
    missed = confusion_matrix(truth, told, len(CLASSES) + 1)
    square = missed[: len(CLASSES), : len(CLASSES)]
    hits = np.diagonal(square)
    total = missed[: len(CLASSES)].sum(axis=1) + confusion.sum(axis=0)
    return float(np.mean(2 * hits / np.maximum(total, 1)))


def interval(records: Measured, told: NDArray[np.intp]) -> tuple[float, float]:
    """Return the 95 % interval of the macro-F1, drawing whole bearings within each condition."""
    rng = np.random.default_rng(0)
    places = {
        kind: [
            np.flatnonzero(records.bearings == name)
            for name in np.unique(records.bearings[records.labels == kind])
        ]
        for kind in range(len(CLASSES))
    }
    drawn = []
    for _ in range(N_DRAWS):
        rows = np.concatenate(
            [
                group[pick]
                for group in places.values()
                for pick in rng.integers(0, len(group), len(group))
            ]
        )
        drawn.append(score(records.labels[rows], told[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print the table."""
    values, labels = simulated(TRAINING)
    other, truth = simulated(CHOOSING)
    chosen, best = "", -1.0
    for name, model in MODELS.items():
        told = make_pipeline(StandardScaler(), model).fit(values, labels).predict(other)
        found = float(macro_f1(confusion_matrix(truth, told, len(CLASSES))))
        sys.stdout.write(f"chosen on simulated machines: {name} {found:.3f}\n")
        if found > best:
            chosen, best = name, found
    records = measured()
    arms = {}
    pipeline = make_pipeline(StandardScaler(), MODELS[chosen])
    arms[f"simulation only, {chosen}"] = pipeline.fit(values, labels).predict(records.values)
    shuffled = np.random.default_rng(0).permutation(labels)
    arms["control: shuffled conditions"] = pipeline.fit(values, shuffled).predict(records.values)
    arms["physics, untrained"] = records.verdicts
    print(f"{len(records.labels)} records of {len(np.unique(records.bearings))} bearings")
    print("| arm | macro-F1 | interval | " + " | ".join(CLASSES) + " |")
    print("|---|---|---|" + "---|" * len(CLASSES))
    for name, told in arms.items():
        low, high = interval(records, told)
        right = " | ".join(
            f"{int((told[records.labels == kind] == kind).sum())}/"
            f"{int((records.labels == kind).sum())}"
            for kind in range(len(CLASSES))
        )
        found = score(records.labels, told)
        print(f"| {name} | {found:.3f} | {low:.2f} to {high:.2f} | {right} |")


if __name__ == "__main__":
    main()
