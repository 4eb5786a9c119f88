"""Does what a strategy says depend on where its history begins? Start later, and compare.

Averages that never forget (EMA, RSI, ADX) carry their first bars with them. A paper account that
starts with fewer bars than the backtest then decides otherwise; this says after how many bars the
difference is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.decision_columns import (
    INDICATOR,
    Difference,
    columns_of,
    differing,
)
from sonde.markets.core.candles import Candles
from sonde.markets.core.strategies.protocol import Strategy, settings_for
from sonde.platform.core.errors import Invalid

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Memory:
    """How long a column remembers its beginning.

    Parameters
    ----------
    column : str
    bars : int
        After so many bars it no longer differs, whichever of the starts was taken.
    deviation : float
        Largest difference at the first bar after the warm-up, as a fraction of the value with the
        whole history; 1 for a flag that differs, NaN if there is no such bar.
    """

    column: str
    bars: int
    deviation: float


@dataclass(frozen=True)
class RecursiveReport:
    """What was found.

    Parameters
    ----------
    strategy : str
    warm_up : int
        Bars that the strategy says it needs.
    starts : tuple of int
        Bars at which the shorter histories begin.
    memories : tuple of Memory
        Columns that depend on the beginning, the longest memory first.
    differences : tuple of Difference
        For each column of the decisions that differs after the warm-up its first bar.
    """

    strategy: str
    warm_up: int
    starts: tuple[int, ...]
    memories: tuple[Memory, ...]
    differences: tuple[Difference, ...]

    @property
    def is_enough(self) -> bool:
        """Whether the stated warm-up makes the decisions independent of the beginning."""
        return not self.differences


def recursive(
    strategy: Strategy, candles: Candles, given: Mapping[str, object], starts: Sequence[int]
) -> RecursiveReport:
    """Compare the decisions on all candles with those on candles that begin later.

    Parameters
    ----------
    strategy : Strategy
    candles : Candles
    given : mapping of str to object
        Settings; what is missing takes its default.
    starts : sequence of int
        Bars at which to begin instead, each from 1 to less than the number of bars.

    Returns
    -------
    RecursiveReport

    Raises
    ------
    Invalid
        If the settings are refused or a start is no bar.
    """
    if not starts or not all(1 <= start < candles.n for start in starts):
        raise Invalid(
            f"Histories begin at bars from 1 to {candles.n - 1}; given: {list(starts)}.",
            field="starts",
        )
    settings = settings_for(strategy, given)
    warm_up = strategy.warm_up(settings)
    whole = columns_of(strategy.decide(candles, settings))
    memories: dict[str, Memory] = {}
    first: dict[str, Difference] = {}
    for start in sorted(starts):
        late = candles.between(int(candles.open_time_ms[start]), int(candles.close_time_ms[-1]))
        columns = columns_of(strategy.decide(late, settings))
        for name in whole.keys() & columns.keys():
            told, truly = whole[name][start:], columns[name]
            mask = differing(told, truly, _TOLERANCE)
            if not mask.any():
                continue
            memories[name] = _longer(memories.get(name), name, (told, truly, mask), warm_up)
            later = np.flatnonzero(mask[warm_up:])
            if later.size and not name.startswith(INDICATOR) and name not in first:
                row = warm_up + int(later[0])
                time_ms, values = int(late.open_time_ms[row]), (float(told[row]), float(truly[row]))
                first[name] = Difference(name, start + row, time_ms, row + 1, *values)
    return RecursiveReport(
        strategy.name,
        warm_up,
        tuple(sorted(starts)),
        tuple(sorted(memories.values(), key=lambda each: (-each.bars, each.column))),
        tuple(sorted(first.values(), key=lambda each: (each.bar, each.column))),
    )


def _longer(
    known: Memory | None,
    name: str,
    columns: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]],
    warm_up: int,
) -> Memory:
    told, truly, mask = columns
    found = Memory(name, int(np.flatnonzero(mask)[-1]) + 1, _deviation(name, told, truly, warm_up))
    if known is None:
        return found
    deviation = np.fmax(known.deviation, found.deviation)
    return Memory(name, max(known.bars, found.bars), float(deviation))


def _deviation(name: str, told: NDArray[np.float64], truly: NDArray[np.float64], row: int) -> float:
    if row >= told.size:
        return float("nan")
    if not name.startswith(INDICATOR):
        return float(bool(differing(told[row : row + 1], truly[row : row + 1])[0]))
    if told[row] == 0 or not np.isfinite(told[row]):
        return float("nan")
    return float(abs(truly[row] - told[row]) / abs(told[row]))
