"""The bar that is not over yet: what is known of it from finer bars and from prices."""

from dataclasses import dataclass

from sonde.markets.core.candles import Candles
from sonde.markets.core.timeframes import Timeframe


@dataclass(frozen=True)
class GrowingBar:
    """A bar so far.

    Parameters
    ----------
    open_time_ms : int
        When it opened, milliseconds UTC.
    open, high, low, close : float
    volume : float
        Of the finer bars of it that are over.
    """

    open_time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float = 0.0

    def at(self, price: float) -> "GrowingBar":
        """Return the bar after one more price.

        Examples
        --------
        >>> GrowingBar(0, 5.0, 6.0, 4.0, 5.0).at(7.5)
        GrowingBar(open_time_ms=0, open=5.0, high=7.5, low=4.0, close=7.5, volume=0.0)
        """
        high, low = max(self.high, price), min(self.low, price)
        return GrowingBar(self.open_time_ms, self.open, high, low, price, self.volume)


def open_time_of(timeframe: Timeframe, price_ms: int, *, is_close: bool) -> int:
    """Return when the bar opened that a price belongs to.

    Parameters
    ----------
    timeframe : Timeframe
    price_ms : int
        Of the price, milliseconds UTC.
    is_close : bool
        Whether the price is the close of a bar: at the end of an hour it belongs to that hour.

    Examples
    --------
    >>> hour = Timeframe("1h")
    >>> open_time_of(hour, 3_600_000, is_close=True), open_time_of(hour, 3_600_000, is_close=False)
    (0, 3600000)
    """
    return timeframe.floor(price_ms - 1 if is_close else price_ms)


def grown(finer: Candles | None, open_ms: int, price: float) -> GrowingBar:
    """Return the bar that opened at `open_ms`, from its finer bars and the newest price.

    Parameters
    ----------
    finer : Candles, optional
        Bars that are over; those before `open_ms` are passed over.
    open_ms : int
    price : float
        The newest.
    """
    inside = None if finer is None or not finer.n else finer.between(open_ms, _LAST_MS)
    if inside is None or not inside.n:
        return GrowingBar(open_ms, price, price, price, price)
    first = GrowingBar(
        open_ms,
        float(inside.open[0]),
        float(inside.high.max()),
        float(inside.low.min()),
        float(inside.close[-1]),
        float(inside.volume.sum()),
    )
    return first.at(price)


_LAST_MS = 2**62
