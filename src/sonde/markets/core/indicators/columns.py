"""Open, high, low, close and volume as they are: five of the 23 features."""

from collections.abc import Callable

from sonde.markets.core.indicators.indicator import Indicator
from sonde.markets.core.indicators.running import Bar, Incremental, Restorable
from sonde.markets.core.indicators.windows import Floats, columns

NAMES = ("open", "high", "low", "close", "volume")


def column(values: Floats) -> Floats:
    """Return the column itself.

    Parameters
    ----------
    values : ndarray of float, shape (bar,)

    Examples
    --------
    >>> column([1.0, 2.0])
    array([1., 2.])
    """
    return columns(values)[0]


class RunningColumn(Restorable):
    """A column of the bar, bar by bar."""

    def __init__(self, name: str) -> None:
        self.name = name

    def update(self, bar: Bar) -> tuple[float, ...]:
        """Return the bar's own value."""
        return (getattr(bar, self.name),)


def _running(name: str) -> Callable[[], Incremental]:
    return lambda: RunningColumn(name)


COLUMNS = tuple(
    Indicator(
        name=name,
        title=name.capitalize(),
        words="What was traded in the bar." if name == "volume" else f"The bar's {name} price.",
        source="the candle",
        outputs=(name,),
        parameters=(),
        inputs=(name,),
        compute=column,
        running=_running(name),
        memory=lambda _: 0,
    )
    for name in NAMES
)
