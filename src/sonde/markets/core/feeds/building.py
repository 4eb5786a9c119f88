"""Candles from trades: the same bars that the venue makes, or marked as not whole.

A bar holds the trades of ``[open time, open time + timeframe)``. Its open is the trade with the
lowest (time, number), its close the one with the highest, whatever order they arrive in; the same
number is the same trade. A bar without trades repeats the last close with volume 0, as venues
write it, but only where nothing can have been missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sonde.markets.core.feeds.events import Bar, Tick
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

_Order = tuple[int, int]
_MOST_GAPS = 1000


@dataclass
class _Growing:
    """The bar that grows."""

    open_time_ms: int
    is_whole: bool
    first: _Order
    last: _Order
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    is_empty: bool = False
    seen: set[int] = field(default_factory=set)

    def add(self, tick: Tick, order: _Order) -> None:
        if order < self.first:
            self.first, self.open = order, tick.price
        if order >= self.last:
            self.last, self.close = order, tick.price
        self.high = max(self.high, tick.price)
        self.low = min(self.low, tick.price)
        self.volume += tick.quantity


@dataclass
class CandleBuilder:
    """Builds bars of one instrument and timeframe from its trades.

    Parameters
    ----------
    key : str
    timeframe : Timeframe
    has_every_number : bool
        The venue numbers its trades without gaps, so that a gap shows a missed trade.

    Examples
    --------
    >>> builder = CandleBuilder("x:AB", Timeframe("1m"))
    >>> one = Decimal(1)
    >>> [builder.add(Tick("x:AB", at, Decimal(price), one)) for at, price in ((0, 5), (59_999, 7))]
    [(), ()]
    >>> (first,) = builder.add(Tick("x:AB", 60_000, Decimal(6), one))
    >>> first.open, first.high, first.low, first.close, first.volume, first.is_whole
    (Decimal('5'), Decimal('7'), Decimal('5'), Decimal('7'), Decimal('2'), False)
    """

    key: str
    timeframe: Timeframe
    has_every_number: bool = False
    late: int = 0
    repeated: int = 0
    missed: int = 0
    _bar: _Growing | None = None
    _arrived: int = 0
    _is_blind: bool = False
    _highest: int | None = None
    _gaps: set[int] = field(default_factory=set)

    def add(self, tick: Tick) -> tuple[Bar, ...]:
        """Take in one trade; return the bars that it ends, oldest first.

        A trade of a bar that has ended already is counted in `late` and changes nothing.

        Raises
        ------
        Invalid
            For a trade of another instrument, or one that is for display only.
        """
        if tick.key != self.key or tick.for_display:
            raise Invalid(f"This builds candles of {self.key} from real trades.", key=tick.key)
        open_ms = self.timeframe.floor(tick.time_ms)
        if self._bar is not None and open_ms < self._bar.open_time_ms:
            self.late += 1
            return ()
        if self._is_repeated(tick):
            self.repeated += 1
            return ()
        found_gap = self._note_number(tick)
        had = self._bar
        ended = tuple(self._end_until(open_ms))
        self._take(tick, open_ms)
        if found_gap and ended and had is not None and self._bar is not None:
            # What was missed between two bars may have belonged to either.
            self._bar.is_whole = False
        return ended

    def close_until(self, now_ms: int) -> tuple[Bar, ...]:
        """Return the bars whose time is over at `now_ms`, also those without a trade."""
        return tuple(self._end_until(self.timeframe.floor(now_ms)))

    def interrupt(self) -> None:
        """Note that trades are being missed, until the next one arrives."""
        self._is_blind = True
        self._highest = None
        if self._bar is not None:
            self._bar.is_whole = False

    def growing(self) -> Bar | None:
        """Return the bar so far, marked as unfinished; None before the first trade."""
        return None if self._bar is None else self._as_bar(self._bar, is_finished=False)

    def _is_repeated(self, tick: Tick) -> bool:
        bar = self._bar
        return bar is not None and tick.sequence is not None and tick.sequence in bar.seen

    def _end_until(self, open_ms: int) -> Iterator[Bar]:
        while self._bar is not None and self._bar.open_time_ms < open_ms:
            bar = self._bar
            yield self._as_bar(bar, is_finished=True)
            self._gaps.clear()
            self._bar = _flat(bar, bar.open_time_ms + self.timeframe.ms, not self._is_blind)

    def _note_number(self, tick: Tick) -> bool:
        """Note the trade's number; say whether it shows that others were missed."""
        number, highest = tick.sequence, self._highest
        if not self.has_every_number or number is None:
            return False
        self._highest = number if highest is None else max(number, highest)
        if number in self._gaps:
            self._gaps.discard(number)
            self.missed -= 1
        if highest is None or number <= highest + 1:
            return False
        self.missed += number - highest - 1
        self._gaps.update(range(highest + 1, min(number, highest + _MOST_GAPS)))
        return True

    def _take(self, tick: Tick, open_ms: int) -> None:
        self._arrived += 1
        order = (tick.time_ms, self._arrived if tick.sequence is None else tick.sequence)
        if self._bar is None or self._bar.is_empty:
            # What was traded before the first trade that we saw is not known.
            is_whole = self._bar is not None and self._bar.is_whole
            p = tick.price
            self._bar = _Growing(open_ms, is_whole, order, order, p, p, p, p, tick.quantity)
        else:
            self._bar.add(tick, order)
        self._is_blind = False
        if tick.sequence is not None:
            self._bar.seen.add(tick.sequence)

    def _as_bar(self, bar: _Growing, *, is_finished: bool) -> Bar:
        return Bar(
            self.key,
            self.timeframe.name,
            bar.open_time_ms,
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            is_finished,
            bar.is_whole and not self._gaps,
        )


def _flat(before: _Growing, open_ms: int, is_whole: bool) -> _Growing:
    """Return a bar without a trade yet: flat at the last close."""
    p = before.close
    start = (open_ms, 0)
    return _Growing(open_ms, is_whole, start, start, p, p, p, p, Decimal(0), is_empty=True)
