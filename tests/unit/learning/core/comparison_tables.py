"""Tables of held-out samples as two or more experiments of a known skill would leave them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.certificate import ClassSides, FoldSides, SplitCertificate
from sonde.learning.core.comparison.agreement import Tested
from sonde.learning.core.held_out import HeldOut

CLASSES = ("healthy", "inner", "outer", "ball")


def certificate(n_folds: int = 3) -> SplitCertificate:
    """Return an honest certificate."""
    sides = tuple(
        FoldSides(str(fold), (ClassSides("healthy", 20, 10, 2, 1, ("a", "b"), ("c",)),))
        for fold in range(n_folds)
    )
    return SplitCertificate(
        policy="group-k-fold",
        policy_title="Groups in folds",
        detail="",
        seed=0,
        group_noun="bearing",
        n_groups=24,
        n_recordings=24,
        n_samples=480,
        folds=sides,
        leaks=(),
        divided_by_record=(),
        honest_classes=CLASSES,
        notes=(),
        asked_for_by_name=False,
        data_hash="data",
    )


def shares_under(
    skills: NDArray[np.float64], n_units: int, n_windows: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Return shares of right windows, shape (experiment, unit).

    Each unit is as hard for all, and each experiment has its own luck with it: windows of one unit
    are alike.
    """
    hard = random.normal(size=n_units)
    own = random.normal(size=(len(skills), n_units))
    chance = 1.0 / (1.0 + np.exp(-(np.asarray(skills)[:, None] + hard + own)))
    return random.binomial(n_windows, chance) / n_windows


def table_of(shares: NDArray[np.float64], n_windows: int, *, n_folds: int = 3) -> HeldOut:
    """Return a table with these shares; wrong windows are told as the next class."""
    n_units, n_classes = len(shares), len(CLASSES)
    unit = np.repeat(np.arange(n_units), n_windows)
    window = np.tile(np.arange(n_windows), n_units)
    labels = (unit % n_classes).astype(np.int64)
    wrong = window >= np.rint(shares * n_windows)[unit]
    probabilities = np.full((len(unit), n_classes), 0.1)
    probabilities[np.arange(len(unit)), (labels + wrong) % n_classes] = 0.7
    starts = window.astype(np.int64) * 100
    return HeldOut(
        class_names=CLASSES,
        fold_names=tuple(str(fold) for fold in range(n_folds)),
        group_noun="bearing",
        data_hash="data",
        samples=np.arange(len(unit)),
        folds=(unit // n_classes % n_folds).astype(np.int64),
        labels=labels,
        probabilities=probabilities,
        recordings=np.char.add("recording ", unit.astype(str)),
        groups=np.char.add("bearing ", unit.astype(str)),
        spans=np.stack([starts, starts + 100], axis=1),
        attributes={
            "load": np.where(window % 2, "high", "low"),
            "site": np.full(len(unit), "hall 3"),
        },
    )


def experiments(
    *skills: float, n_units: int = 24, n_windows: int = 20, seed: int = 0
) -> list[Tested]:
    """Return one experiment for each skill, on the same units."""
    random = np.random.default_rng(seed)
    shares = shares_under(np.array(skills), n_units, n_windows, random)
    return [
        Tested(f"id-{place}", f"Model {place}", table_of(row, n_windows), certificate())
        for place, row in enumerate(shares)
    ]


def with_table(one: Tested, **columns: object) -> Tested:
    """Return an experiment with parts of its table replaced."""
    return replace(one, table=replace(one.table, **columns))
