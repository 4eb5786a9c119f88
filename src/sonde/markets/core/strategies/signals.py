"""The signals log: what a strategy said, at which bar, and what it saw."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sonde.markets.core.candles import Candles
from sonde.markets.core.strategies.decisions import FLAGS, NUMBERS, Decisions
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class Signal:
    """One wish of a strategy.

    Parameters
    ----------
    strategy : str
    instrument : str
        Such as ``"binance:BTCUSDT"``.
    timeframe : str
    open_time_ms : int
        Of the bar that it looked at last, milliseconds UTC.
    known_at_ms : int
        Close time of that bar: nobody could act earlier.
    action : str
        One of ``enter_long``, ``exit_long``, ``enter_short``, ``exit_short``.
    close : float
        Close of the bar, quote currency.
    reason : str
        Empty where the strategy gives none.
    numbers : mapping of str to float
        Stop, target, confidence and so on, as far as they are given.
    indicators : mapping of str to float
        What the strategy saw at that bar; without those that are not defined there.
    """

    strategy: str
    instrument: str
    timeframe: str
    open_time_ms: int
    known_at_ms: int
    action: str
    close: float
    reason: str
    numbers: Mapping[str, float]
    indicators: Mapping[str, float]


def signals_of(
    strategy: str, candles: Candles, decisions: Decisions, first: int = 0
) -> tuple[Signal, ...]:
    """Return the wishes of `decisions`, the oldest first; exits before entries in one bar.

    A wish that stands over many bars in a row is one signal, at the first of them.

    Parameters
    ----------
    strategy : str
    candles : Candles
    decisions : Decisions
        One row per candle.
    first : int
        Row from which on signals are returned.

    Raises
    ------
    Invalid
        If there are not as many rows as candles.
    """
    if decisions.n != candles.n:
        raise Invalid(f"There are {decisions.n} decisions for {candles.n} candles.")
    found = []
    for order, action in enumerate(sorted(FLAGS, reverse=True)):
        flags = getattr(decisions, action)
        begins = flags & ~np.concatenate(([False], flags[:-1])) if candles.n else flags
        found += [(int(row), order, action) for row in np.flatnonzero(begins) if row >= first]
    return tuple(
        _signal(strategy, candles, decisions, row, action) for row, _, action in sorted(found)
    )


def _signal(strategy: str, candles: Candles, decisions: Decisions, row: int, action: str) -> Signal:
    given = {name: getattr(decisions, name) for name in NUMBERS}
    numbers = {name: float(each[row]) for name, each in given.items() if each is not None}
    seen = {name: float(each[row]) for name, each in decisions.indicators.items()}
    code = -1 if decisions.reason is None else int(decisions.reason[row])
    return Signal(
        strategy=strategy,
        instrument=candles.instrument.key,
        timeframe=candles.timeframe.name,
        open_time_ms=int(candles.open_time_ms[row]),
        known_at_ms=int(candles.open_time_ms[row]) + candles.timeframe.ms,
        action=action,
        close=float(candles.close[row]),
        reason=decisions.reason_names[code] if code >= 0 else "",
        numbers=_defined(numbers),
        indicators=_defined(seen),
    )


def _defined(values: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in values.items() if np.isfinite(value)}
