"""The journal-bearing benchmark of the original platform: 3,520 records of eleven classes.

Records are divided 70/15/15 by class and severity, models see windows of 1 s, a record is what the
mean of its five windows says. Three seeds of each model; intervals by drawing records. Beside the
original's equations stands the repaired simulator. ``--small`` takes 440 records: a smoke test
without bars. ``--choose`` repeats how the recipe was chosen, on training records only.
"""

import argparse
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.journal import (
    CHOICE,
    N_ORIGINAL,
    N_WINDOWS,
    SNR_DB,
    WEAKENED,
    Records,
    records,
)
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models.catalogue import MODELS, predict
from sonde.learning.core.problem import Problem

SEEDS = (0, 1, 2)
N_DRAWS = 2000
WORKERS = int(os.environ.get("SONDE_BENCH_WORKERS", "2"))
PARTS = (0.70, 0.85)
ALL, ORIGINAL_36, BANDS = slice(None), slice(0, N_ORIGINAL), slice(N_ORIGINAL, None)
COLUMNS = {"36": ORIGINAL_36, "bands": BANDS, "36 and bands": ALL}


@dataclass(frozen=True)
class Recipe:
    """A registered model, its settings and its features."""

    model: str
    features: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        """Say it in one line."""
        knobs = ", ".join(f"{name} {value}" for name, value in self.values)
        return f"{MODELS[self.model].title} ({knobs or 'defaults'}) on {self.features}"


FOREST = Recipe("random-forest", "36")
FOREST_36 = Recipe("random-forest", "36", (("max_features", "all"), ("n_trees", 150)))
PAIR = (("members", "extra-trees, gradient-boosting"),)
BEST = Recipe("voting", "bands", PAIR)
CANDIDATES = (
    FOREST,
    FOREST_36,
    Recipe("extra-trees", "36"),
    Recipe("random-forest", "bands"),
    Recipe("extra-trees", "bands"),
    Recipe("gradient-boosting", "bands"),
    BEST,
    Recipe("random-forest", "36 and bands"),
    Recipe("extra-trees", "36 and bands"),
)


@dataclass(frozen=True)
class Told:
    """Class numbers that were told, one row for each seed.

    Parameters
    ----------
    labels : ndarray of intp, shape (record,)
    of_records : ndarray of intp, shape (seed, record)
    of_windows : ndarray of intp, shape (seed, record, window)
    """

    labels: NDArray[np.intp]
    of_records: NDArray[np.intp]
    of_windows: NDArray[np.intp]

    def record_accuracy(self) -> NDArray[np.float64]:
        """Return the share of right records by seed."""
        return (self.of_records == self.labels).mean(axis=1)

    def window_accuracy(self) -> NDArray[np.float64]:
        """Return the share of right windows by seed."""
        return (self.of_windows == self.labels[:, None]).mean(axis=(1, 2))

    def interval(self, of: str) -> tuple[float, float]:
        """Return the central 95 % of the mean over seeds, records drawn anew 2,000 times."""
        right = self.of_records == self.labels
        if of == "windows":
            right = (self.of_windows == self.labels[:, None]).mean(axis=2)
        by_record = right.mean(axis=0)
        draws = np.random.default_rng(0).integers(0, len(by_record), (N_DRAWS, len(by_record)))
        low, high = np.quantile(by_record[draws].mean(axis=1), (0.025, 0.975))
        return float(low), float(high)


def _quiet(_fraction: float) -> None:
    return None


def _no_windows(_indices: NDArray[np.intp]) -> NDArray[np.float32]:
    raise NotImplementedError("only features are kept of these records")


def problem_of(
    table: Records, parts: Sequence[tuple[str, NDArray[np.intp]]], features: str
) -> Problem:
    """Return the windows of records, each part in one of its variants, as a problem."""
    rows = np.concatenate([which for _, which in parts])
    values = np.concatenate([table.features[name][which] for name, which in parts])
    flat = values[..., COLUMNS[features]].reshape(len(rows) * N_WINDOWS, -1)
    names = np.repeat(np.array([f"record {row}" for row in rows]), N_WINDOWS)
    starts = np.tile(np.arange(N_WINDOWS, dtype=np.int64), len(rows))
    return Problem(
        title="Journal bearings",
        class_names=table.classes,
        labels=np.repeat(table.labels[rows], N_WINDOWS),
        recordings=names,
        groups=names,
        spans=np.stack([starts, starts + 1], axis=1) * 20_480,
        fingerprints=np.zeros(len(names), dtype=np.uint64),
        attributes={},
        read_windows=_no_windows,
        read_features=lambda indices: flat[indices],
        feature_names=CHOICE.names[COLUMNS[features]],
        feature_recipe=f"journal {CHOICE.digest}",
        sampling_rate_hz=20_480.0,
    )


def told_of(recipe: Recipe, train: Problem, tests: Sequence[Problem], n_seeds: int) -> list[Told]:
    """Fit a recipe once for each seed and ask it about every test."""
    specification = MODELS[recipe.model]
    said: list[list[NDArray[np.float64]]] = [[] for _ in tests]
    for seed in SEEDS[:n_seeds]:
        config = ModelConfig(recipe.model, seed, dict(recipe.values))
        fitted = specification.fit(train, np.arange(len(train)), config, _quiet)
        for heard, test in zip(said, tests, strict=True):
            proba = predict(specification, fitted, test, np.arange(len(test)), _quiet)
            heard.append(proba.reshape(-1, N_WINDOWS, proba.shape[1]))
    return [
        Told(
            labels=test.labels[::N_WINDOWS],
            of_records=np.stack(heard).mean(axis=2).argmax(axis=2),
            of_windows=np.stack(heard).argmax(axis=3),
        )
        for heard, test in zip(said, tests, strict=True)
    ]


def divided(table: Records) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return records for training, choosing and testing: 70/15/15 of every class and severity.

    A healthy record has no severity; its quarters are dealt like those of the others.
    """
    rng = np.random.default_rng(0)
    per_class = len(table.labels) // len(table.classes)
    number = np.arange(len(table.labels)) % per_class
    parts: tuple[list[NDArray[np.intp]], ...] = ([], [], [])
    for label in range(len(table.classes)):
        for level in range(4):
            mine = rng.permutation(np.flatnonzero((table.labels == label) & (number % 4 == level)))
            edges = [round(share * len(mine)) for share in PARTS]
            for part, piece in zip(parts, np.split(mine, edges), strict=True):
                part.append(piece)
    return tuple(np.sort(np.concatenate(part)) for part in parts)  # type: ignore[return-value]


def line(title: str, told: Told, of: str, bar: float | None) -> str:
    """Return one row of the table."""
    scores = told.record_accuracy() if of == "records" else told.window_accuracy()
    low, high = told.interval(of)
    mean = float(scores.mean())
    verdict = "" if bar is None else f"{100 * bar:.1f} " + ("met" if mean >= bar else "MISSED")
    return (
        f"| {title} | {of} | **{100 * mean:.2f}** | {100 * scores.std(ddof=1):.2f} "
        f"| {100 * low:.2f} to {100 * high:.2f} | {verdict} |"
    )


@dataclass(frozen=True)
class Job:
    """What is taught once for each seed, and what is asked of it.

    Parameters
    ----------
    recipe : Recipe
    taught : tuple of (str, str)
        Variant and which records.
    asked : tuple of (str, str, str, str, float or None)
        Variant, which records, title of the row, what is counted, bar.
    """

    recipe: Recipe
    taught: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str, str, str, float | None], ...]


LOUD = tuple((name, "known") for name in ("clean", *SNR_DB))
MIXED = (("clean", "severe"), *((name, "severe") for name in WEAKENED))
JOBS = (
    Job(
        BEST,
        (("clean", "known"),),
        (
            ("clean", "test", f"**the recipe**: {BEST}", "records", 0.995),
            ("clean", "test", "the recipe", "windows", None),
            ("noise 5 dB", "test", "control: 5 dB, taught without noise", "windows", None),
        ),
    ),
    Job(
        BEST,
        LOUD,
        (
            ("noise 5 dB", "test", "the recipe at 5 dB, taught with noise", "windows", 0.96),
            ("noise 5 dB", "test", "the recipe at 5 dB, taught with noise", "records", None),
        ),
    ),
    Job(
        BEST,
        MIXED,
        (("clean", "incipient", "severe to incipient, taught weakened too", "records", 0.88),),
    ),
    Job(
        BEST,
        MIXED[:1],
        (("clean", "incipient", "control: taught severe as it is", "records", None),),
    ),
    Job(
        FOREST,
        (("clean", "known"),),
        (("clean", "test", f"{FOREST}", "records", 0.987),),
    ),
    Job(
        FOREST,
        (("speed known", "known"),),
        (
            ("speed known", "test", f"{FOREST}, speed known", "records", 0.987),
            ("speed known", "test", f"{FOREST}, speed known", "windows", None),
        ),
    ),
    Job(
        FOREST_36,
        (("clean", "known"),),
        (
            ("clean", "test", str(FOREST_36), "records", 0.987),
            ("clean", "test", str(FOREST_36), "windows", None),
        ),
    ),
)


def rows_of(equations: str, per_class: int, with_bars: bool, job: Job) -> list[str]:
    """Teach, ask, and return the rows of the table."""
    table = records(equations, per_class)
    teaching, choosing, testing = divided(table)
    severe, incipient = shift(table)
    which = {
        "known": np.concatenate([teaching, choosing]),
        "test": testing,
        "severe": severe,
        "incipient": incipient,
    }
    taught = [(name, which[part]) for name, part in job.taught]
    tests = [
        problem_of(table, [(name, which[part])], job.recipe.features)
        for name, part, *_ in job.asked
    ]
    told = told_of(job.recipe, problem_of(table, taught, job.recipe.features), tests, len(SEEDS))
    return [
        line(title, one, of, bar if with_bars else None)
        for one, (_, _, title, of, bar) in zip(told, job.asked, strict=True)
    ]


def measure(equations: str, per_class: int, with_bars: bool) -> None:
    """Print the table of one simulator."""
    began = time.perf_counter()
    n_test = len(divided(records(equations, per_class))[2])
    print(f"\n{equations}: {11 * per_class:,} records, {n_test} of them for the test\n")
    print("| what | of | accuracy, % | spread of seeds | 95 % interval | bar |")
    print("|---|---|---|---|---|---|", flush=True)
    with ProcessPoolExecutor(WORKERS) as pool:
        for rows in pool.map(partial(rows_of, equations, per_class, with_bars), JOBS):
            print("\n".join(rows), flush=True)
    print(f"\n{time.perf_counter() - began:.0f} s", flush=True)


def shift(table: Records, tested: str = "incipient") -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return severe records and every other healthy one; records of `tested`, as many healthy."""
    per_class = len(table.labels) // len(table.classes)
    number = np.arange(len(table.labels)) % per_class
    is_healthy = table.severities == "nominal"
    severe = (table.severities == "severe") | (is_healthy & (number % 2 == 0))
    fresh = is_healthy & (number % 2 == 1) & (number < per_class // 2)
    return np.flatnonzero(severe), np.flatnonzero((table.severities == tested) | fresh)


def choose(per_class: int) -> None:
    """Print what candidates reach on records for choosing, and after a shift to mild faults."""
    table = records("original-v2", per_class)
    teaching, choosing, _ = divided(table)
    severe, mild = shift(table, "mild")
    mixed = [("clean", severe), *((name, severe) for name in WEAKENED)]
    loud = [(name, teaching) for name in ("clean", *SNR_DB)]
    print("| candidate | records, % | 5 dB windows, % | severe to mild, % |\n|---|---|---|---|")
    for recipe in CANDIDATES:
        scores = []
        for taught, asked in (
            ([("clean", teaching)], ("clean", choosing)),
            (loud, ("noise 5 dB", choosing)),
            (mixed, ("clean", mild)),
        ):
            train = problem_of(table, taught, recipe.features)
            (told,) = told_of(recipe, train, [problem_of(table, [asked], recipe.features)], 1)
            is_loud = asked[0] != "clean"
            right = told.window_accuracy() if is_loud else told.record_accuracy()
            scores.append(f"{100 * float(right.mean()):.2f}")
        print(f"| {recipe} | {' | '.join(scores)} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--only", default="", help="original-v2 or repaired")
    asked = parser.parse_args()
    per_class = 40 if asked.small else 320
    if asked.choose:
        choose(per_class)
        return
    for equations in (asked.only,) if asked.only else ("original-v2", "repaired"):
        measure(equations, per_class, with_bars=not asked.small and equations == "original-v2")


if __name__ == "__main__":
    main()
