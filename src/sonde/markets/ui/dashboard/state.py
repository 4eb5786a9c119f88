"""What the dashboard looks at, as the address and the page's memory say it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sonde.markets.core.indicators.catalogue import INDICATORS
from sonde.markets.core.prices.views import MOST_INDICATORS
from sonde.markets.core.timeframes import TIMEFRAMES

PATH: Final = "/markets"
_FIRST: Final = ("sma", "bollinger")


@dataclass(frozen=True)
class Look:
    """One way of looking at the market.

    Parameters
    ----------
    symbol : str
        ``venue:SYMBOL``; empty where nothing is known of any.
    account_id : str
        Empty where the person has none.
    timeframe : str
        Empty to choose.
    shown : tuple of str
        Names of indicators.
    is_live : bool
        Whether the page follows by itself.
    """

    symbol: str
    account_id: str
    timeframe: str = ""
    shown: tuple[str, ...] = _FIRST
    is_live: bool = True

    def stored(self) -> dict[str, Any]:
        """Return the look as the page remembers it."""
        return {
            "symbol": self.symbol,
            "account": self.account_id,
            "timeframe": self.timeframe,
            "show": list(self.shown),
            "live": self.is_live,
        }


def of_query(query: Mapping[str, str], chosen: Look) -> Look:
    """Return what is chosen, with bars and indicators as an address says them.

    Examples
    --------
    >>> of_query({"timeframe": "4h", "show": "rsi,nonsense"}, Look("x:AB", "a"))
    Look(symbol='x:AB', account_id='a', timeframe='4h', shown=('rsi',), is_live=True)
    """
    shown = query["show"].split(",") if "show" in query else _FIRST
    return replace(chosen, timeframe=_timeframe(query.get("timeframe", "")), shown=_known(shown))


def of_store(stored: Mapping[str, Any]) -> Look:
    """Return what the page remembers.

    Examples
    --------
    >>> look = Look("x:AB", "a", "1h", ("rsi",), False)
    >>> of_store(look.stored()) == look
    True
    """
    return Look(
        str(stored.get("symbol") or ""),
        str(stored.get("account") or ""),
        _timeframe(str(stored.get("timeframe") or "")),
        _known(stored.get("show") or ()),
        bool(stored.get("live", True)),
    )


def _timeframe(name: str) -> str:
    return name if name in TIMEFRAMES else ""


def _known(names: Any) -> tuple[str, ...]:
    known = [str(name) for name in names if str(name) in INDICATORS]
    return tuple(dict.fromkeys(known))[:MOST_INDICATORS]
