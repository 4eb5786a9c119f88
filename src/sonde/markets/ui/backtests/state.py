"""What the pages show, as their addresses say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from sonde.markets.core.backtesting.comparison import MOST
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.platform.core.identifiers import is_id

PATH: Final = "/markets/backtests"
COMPARE_PATH: Final = f"{PATH}/compare"
SORTABLE: Final = (
    *("kind_title", "strategy", "symbol", "timeframe", "net_profit", "total_return"),
    *("sharpe", "max_drawdown", "trades", "created"),
)
_LONGEST: Final = 40
_LATEST_MS: Final = 1 << 46


def like_path(backtest_id: str, study: str = "", cell: int | None = None) -> str:
    """Return where the form begins with what a run was told.

    Examples
    --------
    >>> like_path("x", "sweep")
    '/markets/backtests?like=x&study=sweep'
    """
    said = {"like": backtest_id, "study": study, "cell": "" if cell is None else str(cell)}
    return f"{PATH}?" + urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class RunsState:
    """What of the list is shown.

    Parameters
    ----------
    kind, symbol : str
        Empty for all.
    sort : str
        A column, descending behind a minus; empty for the newest first.
    before : str
        Only those older than this one; empty for the newest.
    """

    kind: str = ""
    symbol: str = ""
    sort: str = ""
    before: str = ""

    def query(self, **changes: str) -> str:
        """Return the address's query with changes, with its question mark."""
        said = {"kind": self.kind, "symbol": self.symbol, "sort": self.sort, "before": self.before}
        kept = {name: value for name, value in (said | changes).items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def of_query(query: Mapping[str, str]) -> RunsState:
    """Return what an address says of the list, as far as it makes sense.

    Examples
    --------
    >>> of_query({"kind": "sweep", "sort": "-sharpe", "before": "nonsense"})
    RunsState(kind='sweep', symbol='', sort='-sharpe', before='')
    """
    kind, sort, before = (query.get(name, "") for name in ("kind", "sort", "before"))
    return RunsState(
        kind if kind in STUDY_TITLES else "",
        _printable(query.get("symbol", "")),
        sort if sort.removeprefix("-") in SORTABLE else "",
        before if is_id(before) else "",
    )


def ids_of(query: Mapping[str, str]) -> tuple[str, ...]:
    """Return the runs that are compared, each once, at most as many as can be."""
    given = [each for each in query.get("ids", "").split(",") if is_id(each)]
    return tuple(dict.fromkeys(given))[:MOST]


def span_of(stored: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the stretch of time that is looked at; None for all.

    Examples
    --------
    >>> span_of({"span": [1, 5]}), span_of({"span": [5, 1]}), span_of({})
    ((1, 5), None, None)
    """
    ends = stored.get("span")
    try:
        first, last = (int(end) for end in ends or ())
    except (TypeError, ValueError):
        return None
    return (first, last) if 0 <= first < last < _LATEST_MS else None


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST]
