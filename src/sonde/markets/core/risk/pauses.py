"""Pauses after exits: how long a symbol, or everything, rests.

Each is recomputed from the closed trades, so that nothing has to be kept in step; a pause that
somebody ended (`Forgiven`) no longer counts the trades before that moment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from sonde.markets.core.risk.facts import Measured, PastTrade
from sonde.markets.core.risk.findings import Finding, Verdict, fine, shown
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.risk.settings import RiskSettings

_MINUTE_MS = 60_000


@dataclass(frozen=True)
class Pause:
    """A rest that a rule asks for.

    Parameters
    ----------
    until_ms, since_ms : int
    symbol : str
        Empty for every symbol.
    reason : str
    """

    until_ms: int
    since_ms: int
    symbol: str
    reason: str


def cooldown(symbol: str, measured: Measured, settings: RiskSettings) -> Pause | None:
    """Return the rest after the newest exit of a symbol; None if it is over or not asked for."""
    minutes = settings.cooldown_minutes
    exits = _counted("cooldown", symbol, measured)
    if minutes is None or not exits:
        return None
    last = exits[-1].exit_time_ms
    told = f"{symbol} was closed less than {shown(minutes, 'min')} ago"
    return _still(Pause(last + int(minutes) * _MINUTE_MS, last, symbol, told), measured)


def stop_guard(_symbol: str, measured: Measured, settings: RiskSettings) -> Pause | None:
    """Return the rest after n stops within m bars: until fewer than n are so recent."""
    count, bars = settings.stop_guard_stops, settings.stop_guard_bars
    if count is None:
        return None
    stops = [one for one in _counted("stop_guard", "", measured) if one.stopped]
    if len(stops) < count:
        return None
    nth, last = stops[-int(count)].exit_time_ms, stops[-1].exit_time_ms
    told = f"{shown(count)} stops were hit within {shown(bars)} bars"
    return _still(Pause(nth + int(bars) * measured.bar_ms, last, "", told), measured)


def low_profit(symbol: str, measured: Measured, settings: RiskSettings) -> Pause | None:
    """Return the rest of a symbol whose last n trades made less, together, than was asked."""
    count = settings.low_profit_trades
    exits = _counted("low_profit", symbol, measured)
    if count is None or len(exits) < count:
        return None
    latest = exits[-int(count) :]
    made = sum((one.return_percent for one in latest), Decimal(0))
    if made >= settings.low_profit_percent:
        return None
    last = latest[-1].exit_time_ms
    told = f"The last {shown(count)} trades of {symbol} made {shown(made, '%')} together"
    rest = int(settings.low_profit_minutes) * _MINUTE_MS
    return _still(Pause(last + rest, last, symbol, told), measured)


PauseRule = Callable[[str, Measured, RiskSettings], Pause | None]
PAUSES: Mapping[str, PauseRule] = MappingProxyType(
    {"cooldown": cooldown, "stop_guard": stop_guard, "low_profit": low_profit}
)


def paused(code: str, pause: Pause | None, now_ms: int, otherwise: str) -> Finding:
    """Return the finding that a pause, or none, leads to."""
    if pause is None:
        return fine(code, otherwise)
    left = minutes_until(pause.until_ms, now_ms)
    told = f"{pause.reason}; it rests for {left} more minutes."
    return Finding(code, Verdict.BLOCK, told, left, Decimal(0), "min")


def pause_locks(measured: Measured, settings: RiskSettings) -> tuple[Lock, ...]:
    """Return the pauses that hold now, as locks that can be listed; their id names the rule.

    Examples
    --------
    >>> from sonde.markets.core.sides import Side
    >>> one = PastTrade("x:BTC", Side.LONG, 0, Decimal(-1), stopped=True)
    >>> facts = Measured(60_000, *[Decimal(100)] * 4, recent=(one,))
    >>> [lock.id for lock in pause_locks(facts, RiskSettings(cooldown_minutes=Decimal(5)))]
    ['cooldown/x:BTC']
    """
    symbols = sorted({one.symbol for one in measured.recent})
    found: dict[str, Lock] = {}
    for code, rule in PAUSES.items():
        for symbol in symbols:
            pause = rule(symbol, measured, settings)
            if pause is not None:
                key = f"{code}/{pause.symbol}"
                found[key] = Lock(
                    key, pause.symbol, None, pause.until_ms, pause.reason, code, pause.since_ms
                )
    return tuple(found.values())


def minutes_until(until_ms: int, now_ms: int) -> Decimal:
    """Return the minutes that are left, rounded up."""
    return (Decimal(until_ms - now_ms) / _MINUTE_MS).to_integral_value(ROUND_CEILING)


def _counted(code: str, symbol: str, measured: Measured) -> list[PastTrade]:
    """Return the exits that count for a rule, oldest first."""
    since = [
        one.at_ms for one in measured.forgiven if one.code == code and one.symbol in ("", symbol)
    ]
    after = max(since, default=-1)
    return sorted(
        (
            one
            for one in measured.recent
            if symbol in ("", one.symbol) and after < one.exit_time_ms <= measured.now_ms
        ),
        key=lambda one: one.exit_time_ms,
    )


def _still(pause: Pause, measured: Measured) -> Pause | None:
    return pause if measured.now_ms < pause.until_ms else None
