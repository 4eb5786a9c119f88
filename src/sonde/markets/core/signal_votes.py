"""What indicators say of a direction: the signal filters of the desk.

Each filter reads the features of the newest closed bar and points up, points down or says nothing.
How sure a ticket is of its direction is the share of the chosen filters that point its way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from sonde.markets.core.sides import Side

OVERSOLD: Final = 30.0
OVERBOUGHT: Final = 70.0
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Vote:
    """What one filter says.

    Parameters
    ----------
    name, title : str
    side : Side, optional
        The way it points; None for neither.
    words : str
        What was measured, and what follows; why there is nothing where a feature is missing.
    """

    name: str
    title: str
    side: Side | None
    words: str


@dataclass(frozen=True)
class SignalFilter:
    """One filter.

    Parameters
    ----------
    title : str
    needs : tuple of str
        Features that it reads.
    judge : callable
        From their values to the way it points, and its words.
    """

    title: str
    needs: tuple[str, ...]
    judge: Callable[[Numbers], tuple[Side | None, str]]


def votes(names: Sequence[str], numbers: Mapping[str, float | None]) -> tuple[Vote, ...]:
    """Return what filters say; names that nobody knows are passed over.

    Parameters
    ----------
    names : sequence of str
        Of `FILTERS`.
    numbers : mapping of str to float or None
        Features at the newest closed bar.

    Returns
    -------
    tuple of Vote

    Examples
    --------
    >>> [(one.name, one.side) for one in votes(["rsi", "macd"], {"rsi": 25.0, "macd_diff": -1.5})]
    [('rsi', <Side.LONG: 'long'>), ('macd', <Side.SHORT: 'short'>)]
    >>> votes(["rsi"], {})[0].words
    'There are not enough bars yet.'
    """
    return tuple(_vote(name, FILTERS[name], numbers) for name in names if name in FILTERS)


def confidence_in(side: Side, said: Sequence[Vote]) -> Decimal | None:
    """Return the share of filters that point one way; None where none is chosen.

    Examples
    --------
    >>> said = votes(["rsi", "macd", "bollinger"], {"rsi": 25.0, "macd_diff": 1.0})
    >>> confidence_in(Side.LONG, said), confidence_in(Side.SHORT, said)
    (Decimal('0.67'), Decimal('0.00'))
    """
    if not said:
        return None
    share = Decimal(sum(one.side is side for one in said)) / len(said)
    return share.quantize(Decimal("0.01"))


def _vote(name: str, one: SignalFilter, numbers: Mapping[str, float | None]) -> Vote:
    known = {need: value for need in one.needs if (value := numbers.get(need)) is not None}
    if len(known) < len(one.needs):
        return Vote(name, one.title, None, "There are not enough bars yet.")
    return Vote(name, one.title, *one.judge(known))


def _rsi(numbers: Numbers) -> tuple[Side | None, str]:
    value = numbers["rsi"]
    if value < OVERSOLD:
        return Side.LONG, f"RSI {value:.1f} is below {OVERSOLD:g}: oversold."
    if value > OVERBOUGHT:
        return Side.SHORT, f"RSI {value:.1f} is above {OVERBOUGHT:g}: overbought."
    return None, f"RSI {value:.1f} lies between {OVERSOLD:g} and {OVERBOUGHT:g}."


def _macd(numbers: Numbers) -> tuple[Side | None, str]:
    value = numbers["macd_diff"]
    if value == 0:
        return None, "MACD is at its signal line."
    side, place = (Side.LONG, "above") if value > 0 else (Side.SHORT, "below")
    return side, f"MACD is {abs(value):.4g} {place} its signal line."


def _bollinger(numbers: Numbers) -> tuple[Side | None, str]:
    close, low, high = (numbers[name] for name in ("close", "bb_low", "bb_high"))
    if close < low:
        return Side.LONG, f"The close is below the lower band, {low:,.6g}."
    if close > high:
        return Side.SHORT, f"The close is above the upper band, {high:,.6g}."
    return None, f"The close lies inside the bands, {low:,.6g} to {high:,.6g}."


FILTERS: Final[Mapping[str, SignalFilter]] = MappingProxyType(
    {
        "rsi": SignalFilter("RSI", ("rsi",), _rsi),
        "macd": SignalFilter("MACD", ("macd_diff",), _macd),
        "bollinger": SignalFilter("Bollinger", ("close", "bb_low", "bb_high"), _bollinger),
    }
)
