"""On-balance volume (Granville)."""

from sonde.markets.core.indicators.indicator import Indicator
from sonde.markets.core.indicators.running import Bar, Restorable
from sonde.markets.core.indicators.windows import Floats, columns


def obv(close: Floats, volume: Floats) -> Floats:
    """Return the volume of all rising bars less that of all falling bars.

    Begun with the first bar's volume, as TA-Lib does (Granville, 1963, *New Key to Stock Market
    Profits*). Its level says nothing: it depends on where the candles begin. Its slope does.

    Parameters
    ----------
    close, volume : ndarray of float, shape (bar,)

    Returns
    -------
    ndarray of float, shape (bar,)
        Units of base; defined from the first row on.

    Examples
    --------
    >>> obv([1.0, 2.0, 2.0, 1.0], [10.0, 5.0, 7.0, 3.0])
    array([10., 15., 15., 12.])
    """
    close, volume = columns(close, volume)
    import talib

    balance: Floats = talib.OBV(close, volume)
    return balance


class RunningObv(Restorable):
    """On-balance volume, bar by bar."""

    def __init__(self) -> None:
        self.last: float | None = None
        self.balance = 0.0

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Take in the next bar; return the balance."""
        last, self.last = self.last, bar.close
        if last is None or bar.close > last:
            self.balance += bar.volume
        elif bar.close < last:
            self.balance -= bar.volume
        return (self.balance,)


OBV = Indicator(
    name="obv",
    title="On-balance volume",
    words="The volume of all rising bars less that of all falling ones; only its slope counts.",
    source="Granville (1963), New Key to Stock Market Profits",
    outputs=("obv",),
    parameters=(),
    inputs=("close", "volume"),
    compute=obv,
    running=RunningObv,
    memory=lambda _: None,
)
