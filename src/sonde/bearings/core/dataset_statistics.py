"""What a data set holds, in figures: whole, for each class and for each physical bearing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Span:
    """Smallest and largest value; None where there is none."""

    low: float | None = None
    high: float | None = None

    def joined(self, other: "Span") -> "Span":
        """Return the span over both.

        Examples
        --------
        >>> Span(1.0, 2.0).joined(Span()).joined(Span(0.5, 1.5))
        Span(low=0.5, high=2.0)
        """
        lows = [value for value in (self.low, other.low) if value is not None]
        highs = [value for value in (self.high, other.high) if value is not None]
        return Span(min(lows, default=None), max(highs, default=None))


@dataclass(frozen=True, kw_only=True)
class Group:
    """Recordings that share everything named here.

    Parameters
    ----------
    label, severity, bearing, fault, load, session, unit : str
    sampling_rate_hz : float
    n_recordings : int
    duration_s : float
        Of all of them together.
    speed_rpm, length_s, rms, kurtosis : Span
    rms_sum : float
        Of those whose RMS is known.
    n_rms : int
        How many those are.
    """

    label: str
    severity: str
    bearing: str
    fault: str
    load: str
    session: str
    unit: str
    sampling_rate_hz: float
    n_recordings: int
    duration_s: float
    speed_rpm: Span
    length_s: Span
    rms: Span
    kurtosis: Span
    rms_sum: float
    n_rms: int


@dataclass(frozen=True)
class Part:
    """Some recordings of a data set in figures.

    Parameters
    ----------
    name : str
        Of the class or the physical bearing; empty for the whole.
    n_recordings, n_bearings : int
    duration_s : float
    speed_rpm, length_s, rms, kurtosis : Span
    mean_rms : float, optional
    """

    name: str
    n_recordings: int
    n_bearings: int
    duration_s: float
    speed_rpm: Span
    length_s: Span
    rms: Span
    kurtosis: Span
    mean_rms: float | None


@dataclass(frozen=True)
class BearingPart:
    """One physical bearing: what it has, and how often and at which speeds it was measured."""

    name: str
    label: str
    fault: str
    n_recordings: int
    speed_rpm: Span


Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class DatasetStatistics:
    """A data set in figures.

    Parameters
    ----------
    whole : Part
    classes : tuple of Part
        Healthy first, then by name.
    bearings : tuple of BearingPart
        By name.
    severities : tuple of (str, str, int)
        Class, severity and number of recordings.
    severity_counts, loads, sessions, units, findings : tuple of (str, int)
        Value and number of recordings, the most frequent first; "" where not stated.
    rates_hz : tuple of (float, int)
        The most frequent first.
    """

    whole: Part
    classes: tuple[Part, ...]
    bearings: tuple[BearingPart, ...]
    severities: tuple[tuple[str, str, int], ...]
    severity_counts: Counts
    loads: Counts
    sessions: Counts
    units: Counts
    rates_hz: tuple[tuple[float, int], ...]
    findings: Counts

    @property
    def n_findings(self) -> int:
        """How many findings there are."""
        return sum(number for _, number in self.findings)


def statistics_of_groups(
    groups: Sequence[Group], findings: Sequence[tuple[str, int]]
) -> DatasetStatistics:
    """Put the figures of disjoint groups together.

    Parameters
    ----------
    groups : sequence of Group
    findings : sequence of (str, int)

    Returns
    -------
    DatasetStatistics
    """
    labels = sorted({one.label for one in groups}, key=lambda label: (label != "healthy", label))
    classes = [part_of(label, [one for one in groups if one.label == label]) for label in labels]
    severities = Counter[tuple[str, str]]()
    for one in groups:
        severities[one.label, one.severity] += one.n_recordings
    return DatasetStatistics(
        whole=part_of("", groups),
        classes=tuple(classes),
        bearings=tuple(_bearings(groups)),
        severities=tuple((*pair, number) for pair, number in sorted(severities.items())),
        severity_counts=_counts(groups, lambda one: one.severity),
        loads=_counts(groups, lambda one: one.load),
        sessions=_counts(groups, lambda one: one.session),
        units=_counts(groups, lambda one: one.unit),
        rates_hz=_counts(groups, lambda one: one.sampling_rate_hz),
        findings=tuple(findings),
    )


def part_of(name: str, groups: Sequence[Group]) -> Part:
    """Return groups together as one part."""
    speed = length = rms = kurtosis = Span()
    for one in groups:
        speed, length = speed.joined(one.speed_rpm), length.joined(one.length_s)
        rms, kurtosis = rms.joined(one.rms), kurtosis.joined(one.kurtosis)
    n_rms = sum(one.n_rms for one in groups)
    return Part(
        name=name,
        n_recordings=sum(one.n_recordings for one in groups),
        n_bearings=len({one.bearing for one in groups}),
        duration_s=sum(one.duration_s for one in groups),
        speed_rpm=speed,
        length_s=length,
        rms=rms,
        kurtosis=kurtosis,
        mean_rms=sum(one.rms_sum for one in groups) / n_rms if n_rms else None,
    )


def _bearings(groups: Sequence[Group]) -> list[BearingPart]:
    own: dict[str, list[Group]] = {}
    for one in groups:
        own.setdefault(one.bearing, []).append(one)
    parts = []
    for name, members in sorted(own.items()):
        labels = ", ".join(sorted({one.label for one in members}))
        faults = ", ".join(sorted({one.fault for one in members if one.fault}))
        whole = part_of(name, members)
        parts.append(BearingPart(name, labels, faults, whole.n_recordings, whole.speed_rpm))
    return parts


def _counts(groups: Sequence[Group], key: Callable[[Group], Any]) -> tuple[tuple[Any, int], ...]:
    counted = Counter[Any]()
    for one in groups:
        counted[key(one)] += one.n_recordings
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
