"""Which recordings of a data set to list, in which order, and which part of the list."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from sonde.bearings.core.datasets import StoredRecording
from sonde.platform.core.errors import Invalid

LARGEST_PAGE: Final = 1000
LISTS: Final = (
    "labels",
    "severities",
    "bearings",
    "sessions",
    "loads",
    "fault_sizes",
    "speeds_rpm",
)
_LONGEST_TEXT: Final = 200
_ORDER_AND_PART: Final = frozenset({"sort", "descending", "offset", "limit"})


class SortKey(StrEnum):
    """By what recordings can be sorted; ties keep the order of storing."""

    STORED = "stored"
    TITLE = "title"
    LABEL = "label"
    SEVERITY = "severity"
    BEARING = "bearing"
    SESSION = "session"
    LOAD = "load"
    FAULT_SIZE = "fault_size"
    FAULT_POSITION = "fault_position"
    UNIT = "unit"
    SPEED = "speed_rpm"
    RATE = "sampling_rate_hz"
    LENGTH = "length_s"
    MEAN_AMPLITUDE = "mean_amplitude"
    RMS = "rms"
    PEAK = "peak"
    KURTOSIS = "kurtosis"
    DOMINANT = "dominant_hz"
    FINDINGS = "findings"


RANGES: Final = (
    SortKey.SPEED,
    SortKey.RATE,
    SortKey.LENGTH,
    SortKey.MEAN_AMPLITUDE,
    SortKey.RMS,
    SortKey.PEAK,
    SortKey.KURTOSIS,
    SortKey.DOMINANT,
)


@dataclass(frozen=True)
class Range:
    """Values from `low` to `high`, both included; None is open.

    Parameters
    ----------
    key : SortKey
        One of `RANGES`.
    low, high : float, optional
    """

    key: SortKey
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class RecordingQuery:
    """A part of a data set's recordings.

    Parameters
    ----------
    labels, severities, bearings, sessions, loads, fault_sizes : tuple of str
        Keep recordings whose value is one of these; an empty tuple keeps all. The empty text
        stands for "not stated".
    speeds_rpm : tuple of float
        Keep recordings at exactly these speeds; for spans there is `ranges`.
    ranges : tuple of Range
        Keep recordings inside all of these; one without the figure is outside of every range.
    text : str
        Words that all occur in file, record, class, bearing, session or id; case does not matter.
    has_findings : bool, optional
        True keeps recordings with quality findings, False those without.
    ids : tuple of str, optional
        Keep only these recordings; an empty tuple keeps none.
    sort : SortKey
    descending : bool
        Recordings without the figure come last either way.
    offset, limit : int

    Examples
    --------
    >>> RecordingQuery(labels=("inner",), sort=SortKey.RMS, limit=10).is_narrow
    True
    >>> RecordingQuery(sort=SortKey.RMS).is_narrow
    False
    """

    labels: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    bearings: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    fault_sizes: tuple[str, ...] = ()
    speeds_rpm: tuple[float, ...] = ()
    ranges: tuple[Range, ...] = ()
    text: str = ""
    has_findings: bool | None = None
    ids: tuple[str, ...] | None = None
    sort: SortKey = SortKey.STORED
    descending: bool = False
    offset: int = 0
    limit: int = 100

    def __post_init__(self) -> None:
        if self.offset < 0 or not 1 <= self.limit <= LARGEST_PAGE:
            raise Invalid(f"A page holds 1 to {LARGEST_PAGE} recordings.", field="limit")
        if len(self.text) > _LONGEST_TEXT:
            raise Invalid(f"A search has at most {_LONGEST_TEXT} characters.", field="text")
        texts = (self.text, *self.labels, *self.severities, *self.bearings, *self.sessions)
        if not all(map(_is_storable, (*texts, *self.loads, *self.fault_sizes, *(self.ids or ())))):
            raise Invalid("A search holds readable characters only.", field="text")
        for one in self.ranges:
            if one.key not in RANGES:
                raise Invalid(f"There are no ranges of {one.key.value}.", field="ranges")
            if any(value is not None and math.isnan(value) for value in (one.low, one.high)):
                raise Invalid("The ends of a range are numbers.", field="ranges")

    @property
    def filter_text(self) -> str:
        """What it keeps, as one line: equal for queries that differ in order and part only."""
        kept = {name: value for name, value in asdict(self).items() if name not in _ORDER_AND_PART}
        return json.dumps(kept, sort_keys=True)

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves anything out."""
        return (
            any(
                (
                    self.labels,
                    self.severities,
                    self.bearings,
                    self.sessions,
                    self.loads,
                    self.fault_sizes,
                    self.speeds_rpm,
                    self.ranges,
                    self.text.split(),
                )
            )
            or self.has_findings is not None
            or self.ids is not None
        )


def query_to_json(query: RecordingQuery) -> dict[str, Any]:
    """Return what a query keeps as JSON: only what it names.

    Examples
    --------
    >>> query_to_json(RecordingQuery(labels=("inner",), text="run 1"))
    {'labels': ['inner'], 'text': 'run 1'}
    """
    plain: dict[str, Any] = {
        name: list(values) for name in LISTS if (values := getattr(query, name))
    }
    if query.ranges:
        plain["ranges"] = [
            {"key": one.key.value, "low": one.low, "high": one.high} for one in query.ranges
        ]
    if query.text.split():
        plain["text"] = query.text
    if query.has_findings is not None:
        plain["has_findings"] = query.has_findings
    if query.ids is not None:
        plain["ids"] = list(query.ids)
    return plain


def query_from_json(data: Mapping[str, Any]) -> RecordingQuery:
    """Return the query that `query_to_json` wrote.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> query_from_json({"labels": ["inner"], "text": "run 1"}).labels
    ('inner',)
    """
    unknown = set(data) - {*LISTS, "ranges", "text", "has_findings", "ids"}
    if unknown:
        raise Invalid(f"There is no filter {sorted(unknown)[0]!r}.", field="filter")
    kinds: dict[str, Any] = dict.fromkeys((*LISTS, "ids"), str)
    kinds["speeds_rpm"] = (int, float)
    lists: dict[str, Any] = {
        name: _list_of(data, name, kinds[name]) for name in kinds if data.get(name) is not None
    }
    text, has_findings = data.get("text") or "", data.get("has_findings")
    if not isinstance(text, str) or not isinstance(has_findings, bool | None):
        raise Invalid("The text of a filter is text, and has_findings true or false.", field="text")
    ranges = tuple(map(_range, _list_of(data, "ranges", dict) if data.get("ranges") else ()))
    return RecordingQuery(**lists, ranges=ranges, text=text, has_findings=has_findings)


def _list_of(data: Mapping[str, Any], name: str, kind: Any) -> tuple[Any, ...]:
    found = data[name]
    if not isinstance(found, list | tuple) or not all(
        isinstance(one, kind) and not isinstance(one, bool) for one in found
    ):
        raise Invalid(f"The filter {name!r} is a list of values.", field=name)
    return tuple(found)


def _range(data: Mapping[str, Any]) -> Range:
    ends = (data.get("low"), data.get("high"))
    if data.get("key") not in set(SortKey) or not all(
        one is None or (isinstance(one, int | float) and not isinstance(one, bool)) for one in ends
    ):
        raise Invalid("A range has a key, and numbers or nothing as low and high.", field="ranges")
    low, high = (None if one is None else float(one) for one in ends)
    return Range(SortKey(data["key"]), low, high)


@dataclass(frozen=True)
class RecordingPage:
    """A part of a list of recordings.

    Parameters
    ----------
    total : int
        How many recordings the query holds without its offset and limit.
    rows : tuple of StoredRecording
    """

    total: int
    rows: tuple[StoredRecording, ...]


def _is_storable(text: str) -> bool:
    return not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text)
