"""A data set class by class: how many, how strong, how fast."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.exploring.facts import Facts
from sonde.bearings.core.fault_classes import JOURNAL_CLASSES, Severity

_ORDER = {each.key: each.id for each in JOURNAL_CLASSES}
_SEVERITIES = [each.value for each in Severity]


@dataclass(frozen=True)
class ClassRow:
    """One class in figures; NaN where nobody measured.

    Parameters
    ----------
    label : str
    n, n_bearings : int
    mean_amplitude, rms : float
        Means over the recordings, in the unit of the signals.
    kurtosis, dominant_hz : float
        Medians over the recordings.
    speed_low_rpm, speed_high_rpm : float
    """

    label: str
    n: int
    n_bearings: int
    mean_amplitude: float
    rms: float
    kurtosis: float
    dominant_hz: float
    speed_low_rpm: float
    speed_high_rpm: float


@dataclass(frozen=True)
class ExplorerOverview:
    """What a filter keeps.

    Parameters
    ----------
    n, n_total : int
        Recordings kept, and those of the whole data set.
    classes : tuple of ClassRow
        Healthy first, then in the order of the fault classes, then by name.
    severities : tuple of (str, str, int)
        Class, severity and number of recordings.
    """

    n: int
    n_total: int
    classes: tuple[ClassRow, ...]
    severities: tuple[tuple[str, str, int], ...]


def class_order(labels: "set[str] | frozenset[str]") -> tuple[str, ...]:
    """Return classes as people list them.

    Examples
    --------
    >>> class_order({"wear", "outer", "healthy", "imbalance"})
    ('healthy', 'imbalance', 'wear', 'outer')
    """
    return tuple(sorted(labels, key=lambda label: (_ORDER.get(label, len(_ORDER)), label)))


def overview_of(facts: Facts, places: NDArray[np.intp]) -> ExplorerOverview:
    """Return the kept recordings class by class.

    Parameters
    ----------
    facts : Facts
    places : ndarray of int, shape (kept,)

    Examples
    --------
    >>> from sonde.bearings.core.exploring.facts import facts_of
    >>> facts = facts_of({"labels": ["a", "b", "a"], "rms": [1.0, 5.0, 2.0]})
    >>> found = overview_of(facts, np.array([0, 2]))
    >>> found.n, found.n_total, found.classes[0].rms
    (2, 3, 1.5)
    """
    kept = facts.at(places)
    rows = [
        _row(label, kept.at(np.flatnonzero(kept.labels == label)))
        for label in class_order(frozenset(kept.labels.tolist()))
    ]
    counted = Counter(zip(kept.labels.tolist(), kept.severities.tolist(), strict=True))
    severities = sorted(
        ((label, severity, number) for (label, severity), number in counted.items()),
        key=lambda one: (one[0], _rank(one[1])),
    )
    return ExplorerOverview(len(kept), len(facts), tuple(rows), tuple(severities))


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else -1


def _row(label: str, part: Facts) -> ClassRow:
    return ClassRow(
        label=label,
        n=len(part),
        n_bearings=len(np.unique(part.bearings)),
        mean_amplitude=_of(np.mean, part.mean_amplitude),
        rms=_of(np.mean, part.rms),
        kurtosis=_of(np.median, part.kurtosis),
        dominant_hz=_of(np.median, part.dominant_hz),
        speed_low_rpm=_of(np.min, part.speed_rpm),
        speed_high_rpm=_of(np.max, part.speed_rpm),
    )


def _of(figure: "np.ufunc | object", values: NDArray[np.float64]) -> float:
    measured = values[np.isfinite(values)]
    return float(figure(measured)) if len(measured) and callable(figure) else float("nan")
