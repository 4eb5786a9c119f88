"""Does a strategy know the future? Cut the candles, ask again, and compare what it says.

A decision of bar k that needs bars 0..k only is the same whether later bars exist or not. The
candles are cut behind bars with decisions, behind early bars (a back-fill shows there) and behind
bars drawn at random (a resampled bar is unfinished there).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.decision_columns import Difference, columns_of, differing
from sonde.markets.core.candles import Candles
from sonde.markets.core.parameters import Settings
from sonde.markets.core.strategies.decisions import FLAGS, Decisions
from sonde.markets.core.strategies.protocol import Strategy, settings_for
from sonde.platform.core.errors import Invalid

Columns = Mapping[str, NDArray[np.float64]]
CUTS = 200
_FEWEST_BARS = 3


@dataclass(frozen=True)
class LookAheadReport:
    """What was found.

    Parameters
    ----------
    strategy : str
    bars : int
    cuts : tuple of int
        After how many bars the candles were cut, in rising order.
    refused : int
        Cuts at which the strategy asked for more bars.
    differences : tuple of Difference
        For each column that looks ahead the first differing bar, in order of the bars.
    repeatable : bool
        Whether the same candles bring the same answer twice; if not, nothing can be said.
    """

    strategy: str
    bars: int
    cuts: tuple[int, ...]
    refused: int
    differences: tuple[Difference, ...]
    repeatable: bool

    @property
    def looks_ahead(self) -> bool:
        """Whether any column knew what it could not know."""
        return bool(self.differences)


def look_ahead(
    strategy: Strategy,
    candles: Candles,
    given: Mapping[str, object],
    generator: np.random.Generator,
    cuts: int = CUTS,
) -> LookAheadReport:
    """Compare the decisions on all candles with those on candles that end earlier.

    Parameters
    ----------
    strategy : Strategy
    candles : Candles
        At least 3 bars; more bars find more.
    given : mapping of str to object
        Settings; what is missing takes its default.
    generator : numpy.random.Generator
        Draws the cuts that are drawn.
    cuts : int
        At most that many, at least 3.

    Returns
    -------
    LookAheadReport

    Raises
    ------
    Invalid
        If the settings are refused, there are too few bars, or the strategy refuses every cut.
    """
    if candles.n < _FEWEST_BARS or cuts < _FEWEST_BARS:
        raise Invalid(
            f"Looking for look-ahead needs at least {_FEWEST_BARS} bars and {_FEWEST_BARS} cuts; "
            f"there are {candles.n} bars and {cuts} cuts.",
            field="candles",
        )
    settings = settings_for(strategy, given)
    told = strategy.decide(candles, settings)
    all_columns = columns_of(told)
    if _unlike(all_columns, columns_of(strategy.decide(candles, settings)), candles.n):
        return LookAheadReport(strategy.name, candles.n, (), 0, (), repeatable=False)
    chosen = choose_cuts(told, strategy.warm_up(settings), cuts, generator)
    asked = _asked(strategy, candles, settings, chosen)
    found, refused = _compared(candles, all_columns, asked)
    if refused == len(chosen):
        raise Invalid(
            f"Strategy {strategy.name} accepts none of the {len(chosen)} shorter histories; "
            "take more candles.",
            field="candles",
        )
    ordered = tuple(sorted(found, key=lambda each: (each.bar, each.column)))
    return LookAheadReport(strategy.name, candles.n, chosen, refused, ordered, repeatable=True)


def choose_cuts(
    told: Decisions, warm_up: int, cuts: int, generator: np.random.Generator
) -> tuple[int, ...]:
    """Choose after how many bars to cut: behind decisions, early bars and drawn bars.

    Parameters
    ----------
    told : Decisions
        On all bars.
    warm_up : int
        Bars that the strategy needs.
    cuts : int
        At most that many.
    generator : numpy.random.Generator

    Returns
    -------
    tuple of int
        Different, rising, each from 1 to one less than the bars.
    """
    n, share = told.n, max(1, cuts // 3)
    wishes = np.flatnonzero(np.any([getattr(told, name) for name in FLAGS], axis=0)) + 1
    early = np.arange(1, min(n, 2 * warm_up + 20))
    drawn = generator.integers(1, n, share)
    chosen = np.unique(np.concatenate((_spread(wishes, share), _spread(early, share), drawn)))
    return tuple(int(cut) for cut in chosen if 1 <= cut < n)


def _spread(values: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    if values.size <= most:
        return values
    return values[np.linspace(0, values.size - 1, most).astype(np.int64)]


def _asked(
    strategy: Strategy, candles: Candles, settings: Settings, cuts: tuple[int, ...]
) -> Iterator[tuple[int, Columns | None]]:
    """Ask about each cut; None where the strategy wants more bars."""
    for known in cuts:
        try:
            yield known, columns_of(strategy.decide(candles.until(known), settings))
        except Invalid:
            yield known, None


def _compared(
    candles: Candles, told: Columns, asked: Iterator[tuple[int, Columns | None]]
) -> tuple[list[Difference], int]:
    """Return the first difference of each column, and how many cuts were refused."""
    found: dict[str, Difference] = {}
    refused = 0
    for known, columns in asked:
        if columns is None:
            refused += 1
            continue
        for name, bar in _unlike(told, columns, known).items():
            if name not in found or bar < found[name].bar:
                found[name] = _difference(candles, name, bar, known, (told, columns))
    return list(found.values()), refused


def _unlike(told: Columns, truly: Columns, known: int) -> dict[str, int]:
    """Return the first differing bar of each column that differs among the first `known` bars."""
    first = {}
    for name in told.keys() | truly.keys():
        nothing = np.full(known, np.nan)
        mask = differing(told.get(name, nothing)[:known], truly.get(name, nothing))
        if mask.any():
            first[name] = int(np.argmax(mask))
    return first


def _difference(
    candles: Candles,
    name: str,
    bar: int,
    known: int,
    columns: tuple[Columns, Columns],
) -> Difference:
    told, truly = (float(each[name][bar]) if name in each else np.nan for each in columns)
    return Difference(name, bar, int(candles.open_time_ms[bar]), known, told, truly)
