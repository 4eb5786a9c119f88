"""What is looked at of a series, as the address and the page's memory say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sonde.markets.core.indicators.catalogue import INDICATORS
from sonde.markets.core.prices.views import MOST_INDICATORS

PATH = "/markets/data"
Span = tuple[int, int]
_LATEST_MS = 1 << 46


def path_of(series_id: str) -> str:
    """Return where a series is looked at."""
    return f"{PATH}/{series_id}"


@dataclass(frozen=True)
class ViewState:
    """One way of looking at one series.

    Parameters
    ----------
    series_id : str
    span : (int, int), optional
        What is in view, milliseconds UTC; all of it if None.
    mark : (int, int), optional
        A place that is marked.
    shown : tuple of str
        Names of indicators.
    """

    series_id: str
    span: Span | None = None
    mark: Span | None = None
    shown: tuple[str, ...] = ()

    def stored(self) -> dict[str, Any]:
        """Return the state as the page remembers it."""
        return {
            "series": self.series_id,
            "span": list(self.span) if self.span else None,
            "mark": list(self.mark) if self.mark else None,
            "show": list(self.shown),
        }


def of_query(series_id: str, query: Mapping[str, str]) -> ViewState:
    """Return what an address says, as far as it makes sense.

    Examples
    --------
    >>> of_query("x", {"from": "10", "to": "20", "show": "rsi,nonsense"})
    ViewState(series_id='x', span=(10, 20), mark=None, shown=('rsi',))
    >>> of_query("x", {"from": "20", "to": "10"}).span is None
    True
    """
    return ViewState(
        series_id,
        _span([query.get("from", ""), query.get("to", "")]),
        _span(query.get("mark", "").split("-")),
        _known(query.get("show", "").split(",")),
    )


def of_store(stored: Mapping[str, Any]) -> ViewState:
    """Return what the page remembers.

    Examples
    --------
    >>> state = ViewState("x", (10, 20), (12, 13), ("rsi",))
    >>> of_store(state.stored()) == state
    True
    """
    return ViewState(
        str(stored.get("series", "")),
        _span(stored.get("span") or []),
        _span(stored.get("mark") or []),
        _known(stored.get("show") or []),
    )


def _span(ends: Any) -> Span | None:
    try:
        first, last = (int(end) for end in ends)
    except (TypeError, ValueError):
        return None
    return (first, last) if 0 <= first < last < _LATEST_MS else None


def _known(names: Any) -> tuple[str, ...]:
    known = [str(name) for name in names if str(name) in INDICATORS]
    return tuple(dict.fromkeys(known))[:MOST_INDICATORS]
