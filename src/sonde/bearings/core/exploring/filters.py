"""Which recordings of a data set are looked at."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.exploring.facts import NAMED, Facts
from sonde.bearings.core.features.table import FeatureTable
from sonde.platform.core.errors import Invalid

LISTS: Final = NAMED
MOST_RANGES: Final = 12
LARGEST_SAMPLE: Final = 100_000


@dataclass(frozen=True)
class Between:
    """Values of a figure from `low` to `high`, both included; None is open.

    Parameters
    ----------
    name : str
        A feature; empty for the speed.
    low, high : float, optional
    """

    name: str = ""
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no range."""
        for end in (self.low, self.high):
            if end is not None and not math.isfinite(end):
                raise Invalid("The ends of a range are numbers.", field="ranges")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise Invalid(
                f"{self.name or 'Speed'}: the range begins at {self.low:g}, beyond its end "
                f"{self.high:g}. Exchange them.",
                field="ranges",
            )

    @property
    def is_open(self) -> bool:
        """Whether it keeps everything."""
        return self.low is None and self.high is None

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which values lie inside; NaN is outside of every range that has an end."""
        inside = np.ones(len(values), dtype=bool)
        if self.low is not None:
            inside &= values >= self.low
        if self.high is not None:
            inside &= values <= self.high
        return inside


@dataclass(frozen=True, kw_only=True)
class ExplorerFilter:
    """A part of a data set.

    Parameters
    ----------
    labels, severities, bearings, sessions, loads : tuple of str
        Keep recordings whose value is one of these; an empty tuple keeps all, the empty text
        stands for "not stated".
    speed : Between
        In revolutions per minute.
    features : tuple of Between
        Ranges of extracted features; all must hold.
    per_class : int
        At most so many recordings of each class, drawn by `seed` out of what the rest keeps; 0
        keeps all.
    seed : int

    Raises
    ------
    Invalid
        If a number is out of its range.
    """

    labels: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    bearings: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    speed: Between = Between()
    features: tuple[Between, ...] = ()
    per_class: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 0 <= self.per_class <= LARGEST_SAMPLE:
            raise Invalid(
                f"A sample holds 1 to {LARGEST_SAMPLE:,} recordings of each class; 0 for all.",
                field="per_class",
            )
        if not 0 <= self.seed < 2**32:
            raise Invalid("A seed is a whole number from 0 to 4,294,967,295.", field="seed")
        if len(self.features) > MOST_RANGES:
            raise Invalid(f"At most {MOST_RANGES} ranges of features.", field="features")

    @property
    def text(self) -> str:
        """What it keeps, as one line: equal for equal filters."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The features whose values it needs."""
        return tuple(dict.fromkeys(one.name for one in self.features if not one.is_open))

    @property
    def is_narrow(self) -> bool:
        """Whether it can leave anything out."""
        return self != ExplorerFilter(seed=self.seed)


def filter_from_json(data: Mapping[str, Any]) -> ExplorerFilter:
    """Return the filter that ``dataclasses.asdict`` made plain, as far as it is named.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> found = filter_from_json({"labels": ["inner"], "speed": {"low": 900}})
    >>> found.labels, found.speed.low
    (('inner',), 900.0)
    """
    unknown = set(data) - {*LISTS, "speed", "features", "per_class", "seed"}
    if unknown:
        raise Invalid(f"There is no filter {sorted(unknown)[0]!r}.", field="filter")
    try:
        lists = {name: tuple(str(one) for one in data.get(name) or ()) for name in LISTS}
        return ExplorerFilter(
            **lists,
            speed=_between(data.get("speed") or {}),
            features=tuple(_between(one) for one in data.get("features") or ()),
            per_class=int(data.get("per_class") or 0),
            seed=int(data.get("seed") or 0),
        )
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Invalid("This filter cannot be understood.", field="filter") from error


def kept_places(
    facts: Facts, wanted: ExplorerFilter, table: FeatureTable | None = None
) -> NDArray[np.intp]:
    """Return the places of the recordings that a filter keeps, in the order of storing.

    Parameters
    ----------
    facts : Facts
    wanted : ExplorerFilter
    table : FeatureTable, optional
        Over the same recordings; needed where the filter has ranges of features.

    Raises
    ------
    Invalid
        If the filter needs features that the table does not have.

    Examples
    --------
    >>> from sonde.bearings.core.exploring.facts import facts_of
    >>> facts = facts_of({"labels": ["a", "b", "a"], "speed_rpm": [600.0, 900.0, 1200.0]})
    >>> kept_places(facts, ExplorerFilter(labels=("a",), speed=Between(low=700.0))).tolist()
    [2]
    """
    kept = wanted.speed.holds(facts.speed_rpm)
    for name in LISTS:
        chosen: Sequence[str] = getattr(wanted, name)
        if chosen:
            kept &= np.isin(getattr(facts, name), np.array(chosen, dtype=np.str_))
    for one in wanted.features:
        if not one.is_open:
            if table is None:
                raise Invalid("Ranges of features need their values.", field="features")
            kept &= one.holds(table.column(one.name))
    places = np.flatnonzero(kept)
    if wanted.per_class:
        places = drawn(facts.labels[places], wanted.per_class, wanted.seed, places)
    return places


def drawn(
    labels: NDArray[np.str_], per_class: int, seed: int, places: NDArray[np.intp] | None = None
) -> NDArray[np.intp]:
    """Return at most `per_class` places of each class, by chance, in their order.

    The draw of one class does not depend on which other classes there are.

    Examples
    --------
    >>> labels = np.array(["a"] * 50 + ["b"] * 3)
    >>> found = drawn(labels, 5, seed=1)
    >>> [int((labels[found] == name).sum()) for name in "ab"]
    [5, 3]
    """
    places = np.arange(len(labels)) if places is None else places
    parts = []
    for name in np.unique(labels):
        members = places[labels == name]
        if len(members) > per_class:
            chance = np.random.default_rng([seed, *str(name).encode()])
            members = chance.choice(members, per_class, replace=False)
        parts.append(members)
    return np.sort(np.concatenate(parts)) if parts else places


def _between(data: Mapping[str, Any]) -> Between:
    low, high = data.get("low"), data.get("high")
    return Between(
        str(data.get("name") or ""),
        None if low is None else float(low),
        None if high is None else float(high),
    )
