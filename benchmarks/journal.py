"""Journal-bearing records as tables of window features, computed once and kept on disk.

Every record of 5 s is cut into five windows of 1 s that do not overlap. Beside the record itself
stand copies of it: with white noise of a given ratio to the record's own RMS, and, of the records
that the shift in severity is trained on, weakened into a healthy one of them.
"""

import hashlib
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.measuring import Circumstances
from sonde.bearings.core.features.own import OwnBand, Quantity
from sonde.bearings.core.features.registry import DEFAULT_NAMES
from sonde.bearings.core.features.sets import FeatureChoice, measure_windows
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.places import index_of, place_of
from sonde.bearings.core.simulate.plan import PRESETS, GenerationConfig

N_WINDOWS = 5
N_ORIGINAL = len(DEFAULT_NAMES)
SNR_DB = {"noise 10 dB": 10.0, "noise 5 dB": 5.0}
WEAKENED = tuple(f"weakened {number}" for number in range(4))
WEAKEST = 0.1
_RMS, _PEAK, _TAILS = Quantity.RMS, Quantity.PEAK, Quantity.KURTOSIS
# Where a shaft of 54 to 66 Hz puts its lines, and where bursts and friction ring.
_BANDS_HZ: tuple[tuple[str, float, float, tuple[Quantity, ...]], ...] = (
    ("slow", 1.5, 6.0, (_RMS,)),
    ("below_half", 8.0, 20.0, (_RMS,)),
    ("whirl", 22.0, 33.0, (_RMS,)),
    ("above_half", 34.0, 49.0, (_RMS,)),
    ("1x", 53.0, 67.0, (_RMS,)),
    ("2x", 106.0, 134.0, (_RMS,)),
    ("3x", 160.0, 200.0, (_RMS,)),
    ("quiet", 250.0, 1200.0, (_RMS, _TAILS)),
    ("bursts", 1400.0, 2600.0, (_RMS, _PEAK, _TAILS)),
    ("high", 3000.0, 10_000.0, (_RMS, _PEAK, _TAILS)),
)
OWN = tuple(
    OwnBand(f"b_{name}_{quantity.value}", low, high, quantity=quantity)
    for name, low, high, quantities in _BANDS_HZ
    for quantity in quantities
)
CHOICE = FeatureChoice((*DEFAULT_NAMES, *(band.column for band in OWN)), OWN)


@dataclass(frozen=True)
class Records:
    """What is known of every record, and the features of its windows in every variant.

    Parameters
    ----------
    classes : tuple of str
    labels : ndarray of intp, shape (record,)
    severities : ndarray of str, shape (record,)
    features : dict of str to ndarray of float64, shape (record, window, feature)
        NaN where a record has no such variant.
    """

    classes: tuple[str, ...]
    labels: NDArray[np.intp]
    severities: NDArray[np.str_]
    features: dict[str, NDArray[np.float64]]


def journal_config(equations: str, per_class: int) -> GenerationConfig:
    """Return the stratified set of the original, made by one of the two sets of equations."""
    return replace(PRESETS["original-v2"].config, equations=equations, per_class=per_class)


def is_severe_side(config: GenerationConfig, index: int) -> bool:
    """Whether the shift in severity is trained on a record: severe, or every other healthy one."""
    place = place_of(config, index)
    return place.number % 2 == 0 if place.label == "healthy" else place.levels == ("severe",)


def noisy(config: GenerationConfig, index: int) -> dict[str, NDArray[np.float32]]:
    """Return the record and its noisy copies, each of shape (time,)."""
    record = simulate(config, index).samples[0]
    found = {"clean": record}
    for name, level_db in SNR_DB.items():
        rng = np.random.default_rng([config.seed, index, int(level_db)])
        size = np.float32(np.sqrt(np.mean(record**2)) * 10 ** (-level_db / 20))
        found[name] = record + size * rng.standard_normal(len(record), dtype=np.float32)
    return found


def weakened(config: GenerationConfig, index: int) -> dict[str, NDArray[np.float32]]:
    """Return copies of a record that are mixed into healthy records, none where it has no use."""
    if not is_severe_side(config, index):
        return {}
    record = simulate(config, index).samples[0]
    found = {}
    for number, name in enumerate(WEAKENED):
        rng = np.random.default_rng([config.seed, index, 1000 + number])
        share = float(WEAKEST ** rng.uniform())
        partner = index_of(config, "healthy", 2 * int(rng.integers(config.per_class // 2)))
        quiet = simulate(config, partner).samples[0]
        found[name] = np.float32(share) * record + np.float32(np.sqrt(1 - share**2)) * quiet
    return found


def known_speed(config: GenerationConfig, index: int) -> dict[str, NDArray[np.float32]]:
    """Return the record, to be measured with its shaft speed known."""
    return {"speed known": simulate(config, index).samples[0]}


FAMILIES = {
    "noisy": (noisy, ("clean", *SNR_DB), CHOICE),
    "weakened": (weakened, WEAKENED, CHOICE),
    "speed": (known_speed, ("speed known",), FeatureChoice(DEFAULT_NAMES)),
}


def _measured(family: str, config: GenerationConfig, index: int) -> dict[str, NDArray[np.float64]]:
    make, _, choice = FAMILIES[family]
    speed_rpm = simulate(config, index).speed_rpm if family == "speed" else 0.0
    about = [Circumstances(config.sampling_rate_hz, speed_rpm)] * N_WINDOWS
    return {
        name: measure_windows(wave.reshape(N_WINDOWS, -1), about, choice)
        for name, wave in make(config, index).items()
    }


def records(equations: str, per_class: int) -> Records:
    """Return the table, from disk where it was computed before."""
    config = journal_config(equations, per_class)
    places = [place_of(config, index) for index in range(config.n_signals)]
    features: dict[str, NDArray[np.float64]] = {}
    for family in FAMILIES:
        path = _cache_path(family, config)
        if not path.is_file():
            _compute(family, config, path)
        with np.load(path) as kept:
            features |= {name: kept[name] for name in kept.files}
    return Records(
        classes=config.classes,
        labels=np.array([config.classes.index(place.label) for place in places], dtype=np.intp),
        severities=np.array(
            ["nominal" if place.label == "healthy" else place.levels[0] for place in places]
        ),
        features=features,
    )


def _cache_path(family: str, config: GenerationConfig) -> Path:
    folder = Path(os.environ.get("SONDE_BENCH_CACHE", Path(tempfile.gettempdir()) / "sonde-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    knobs = SNR_DB if family == "noisy" else (WEAKENED, WEAKEST)
    meant = f"{family} {config.content_hash} {FAMILIES[family][2].digest} {knobs}"
    return folder / f"journal-{hashlib.sha256(meant.encode()).hexdigest()[:16]}.npz"


def _compute(family: str, config: GenerationConfig, path: Path) -> None:
    shape = (config.n_signals, N_WINDOWS, len(FAMILIES[family][2].names))
    features = {name: np.full(shape, np.nan) for name in FAMILIES[family][1]}
    with ProcessPoolExecutor(2) as pool:
        work = partial(_measured, family, config)
        for index, row in enumerate(pool.map(work, range(config.n_signals), chunksize=16)):
            for name, values in row.items():
                features[name][index] = values
    temporary = path.with_suffix(".part.npz")
    np.savez(temporary, **features)
    temporary.replace(path)
