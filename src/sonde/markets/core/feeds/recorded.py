"""Recorded prices as events: candles and trades, in the order in which they became known."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles
from sonde.markets.core.feeds.events import Bar, FeedEvent, Tick
from sonde.markets.core.instruments import Instrument
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True, eq=False)
class RecordedTicks:
    """Trades of one instrument, in order of time.

    Parameters
    ----------
    instrument : Instrument
    time_ms : ndarray of int64, shape (trade,)
        Milliseconds UTC, never decreasing.
    price_ticks, quantity_steps : ndarray of int64, shape (trade,)

    Raises
    ------
    Invalid
        If the columns differ in length or time goes back.
    """

    instrument: Instrument
    time_ms: NDArray[np.int64]
    price_ticks: NDArray[np.int64]
    quantity_steps: NDArray[np.int64]

    def __post_init__(self) -> None:
        if not self.time_ms.shape == self.price_ticks.shape == self.quantity_steps.shape:
            raise Invalid("Every trade needs a time, a price and a quantity.")
        if self.time_ms.size and bool((np.diff(self.time_ms) < 0).any()):
            row = int(np.argmax(np.diff(self.time_ms) < 0)) + 1
            raise Invalid(f"Row {row}: this trade is before the one above it.", row=row)


Recording = Candles | RecordedTicks


def span_ms(recording: Recording) -> tuple[int, int]:
    """Return from when to when (exclusive) something is recorded, milliseconds UTC.

    Raises
    ------
    Invalid
        If nothing is.
    """
    times = recording.open_time_ms if isinstance(recording, Candles) else recording.time_ms
    if not times.size:
        raise Invalid(f"Nothing is recorded of {recording.instrument.key}.")
    length = recording.timeframe.ms if isinstance(recording, Candles) else 1
    # What ends at the very end belongs to it.
    return int(times[0]), int(times[-1]) + length + 1


def events_between(
    recordings: Sequence[Recording], from_ms: int, to_ms: int
) -> Iterator[FeedEvent]:
    """Go through what became known in ``[from_ms, to_ms)``, oldest first.

    A candle becomes known as a finished `Bar` at its close time. On the way four points of it are
    told as ticks for display: its open, the nearer of low and high, the other one, its close.
    """
    streams = [_timed(recording, from_ms, to_ms) for recording in recordings]
    return map(itemgetter(1), heapq.merge(*streams, key=itemgetter(0)))


_Timed = tuple[tuple[int, int], FeedEvent]


def _timed(recording: Recording, from_ms: int, to_ms: int) -> Iterator[_Timed]:
    if isinstance(recording, RecordedTicks):
        yield from _timed_ticks(recording, from_ms, to_ms)
        return
    length = recording.timeframe.ms
    first, last = np.searchsorted(recording.open_time_ms, (from_ms - length, to_ms), "left")
    for k in range(int(first), int(last)):
        for at_ms, event in _path(recording, k):
            if from_ms <= at_ms < to_ms:
                yield (at_ms, 1 if isinstance(event, Bar) else 0), event


def _timed_ticks(recording: RecordedTicks, from_ms: int, to_ms: int) -> Iterator[_Timed]:
    first, last = np.searchsorted(recording.time_ms, (from_ms, to_ms), "left")
    instrument = recording.instrument
    for k in range(int(first), int(last)):
        at_ms = int(recording.time_ms[k])
        price = instrument.price_of(int(recording.price_ticks[k]))
        quantity = instrument.quantity_of(int(recording.quantity_steps[k]))
        yield (at_ms, 0), Tick(instrument.key, at_ms, price, quantity, k)


def _path(candles: Candles, k: int) -> Iterator[tuple[int, FeedEvent]]:
    opened, length = int(candles.open_time_ms[k]), candles.timeframe.ms
    bar = bar_of(candles, k)
    low_first = bar.open - bar.low <= bar.high - bar.open
    between = (bar.low, bar.high) if low_first else (bar.high, bar.low)
    for part, price in enumerate((bar.open, *between, bar.close)):
        at_ms = opened + (length - 1) * part // 3
        yield at_ms, Tick(bar.key, at_ms, price, Decimal(0), for_display=True)
    yield opened + length, bar


def bar_of(candles: Candles, k: int) -> Bar:
    """Return bar `k` as a finished `Bar` of exact decimals on the instrument's grid.

    Examples
    --------
    >>> from sonde.markets.core.candles import Provenance
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> from sonde.markets.core.timeframes import Timeframe
    >>> ab = Instrument("x", "AB", "A", "B", Decimal("0.01"), Decimal("0.1"), Decimal(0),
    ...                 FEE_PRESETS["file"])
    >>> column = np.array([0.3])
    >>> one = Candles(ab, Timeframe("1m"), np.array([0]), column, column, column, column, column,
    ...               Provenance("x", "file", "a.csv", "", 0))
    >>> bar_of(one, 0).close
    Decimal('0.30')
    """
    instrument = candles.instrument
    opened = int(candles.open_time_ms[k])
    return Bar(
        instrument.key,
        candles.timeframe.name,
        opened,
        on_grid(float(candles.open[k]), instrument.tick),
        on_grid(float(candles.high[k]), instrument.tick),
        on_grid(float(candles.low[k]), instrument.tick),
        on_grid(float(candles.close[k]), instrument.tick),
        on_grid(float(candles.volume[k]), instrument.step),
        is_finished=True,
    )


def on_grid(value: float, grid: Decimal) -> Decimal:
    """Return the multiple of `grid` that a float64 was written for.

    Examples
    --------
    >>> on_grid(67745.75, Decimal("0.01"))
    Decimal('67745.75')
    """
    exact = Decimal(repr(value))
    return int((exact / grid).to_integral_value()) * grid
