"""What a strategy that somebody wrote has to stand before anybody may use it.

It is asked on candles that are made for this, and asked again on candles that end earlier: the
look-ahead analysis, with its settings as they are by default.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from sonde.markets.core.backtesting.lookahead import look_ahead
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.strategies.protocol import Strategy, decided, settings_for
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

FEWEST_BARS: Final = 600
MOST_BARS: Final = 50_000
CUTS: Final = 12
_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True)
class Proof:
    """What was found.

    Parameters
    ----------
    bars, cuts : int
    entries : int
        At how many bars it wanted to enter.
    """

    bars: int
    cuts: int
    entries: int


def proof_candles(n: int, generator: np.random.Generator) -> Candles:
    """Return hours of a random walk that trends, rests and jumps, with volume.

    Parameters
    ----------
    n : int
    generator : numpy.random.Generator

    Examples
    --------
    >>> proof_candles(50, np.random.default_rng(1)).n
    50
    """
    drift = 0.004 * np.sin(np.arange(n) / 40.0)
    close = np.round(100.0 * np.exp(np.cumsum(drift + generator.normal(0.0, 0.008, n))), 2) + 1.0
    opened = np.concatenate((close[:1], close[:-1]))
    high = np.round(np.maximum(opened, close) * (1.0 + generator.uniform(0.0, 0.006, n)), 2) + 0.01
    low = np.round(np.minimum(opened, close) * (1.0 - generator.uniform(0.0, 0.006, n)), 2) - 0.01
    volume = np.round(generator.exponential(50.0, n), 3)
    made = Instrument(
        "proof",
        "PROOF",
        "PROOF",
        "USDT",
        Decimal("0.01"),
        Decimal("0.001"),
        Decimal(0),
        FEE_PRESETS["file"],
    )
    times = np.arange(n, dtype=np.int64) * _HOUR_MS
    source = Provenance("proof", "file", "made for a proof", "", 0)
    return Candles(made, Timeframe("1h"), times, opened, high, low, close, volume, source)


def prove(strategy: Strategy, generator: np.random.Generator) -> Proof:
    """Ask a strategy as it will be asked, and see that it does not know the future.

    Parameters
    ----------
    strategy : Strategy
    generator : numpy.random.Generator
        Makes the candles and draws where they are cut.

    Returns
    -------
    Proof

    Raises
    ------
    Invalid
        If it fails, needs more bars than there are, answers differently when asked again, or
        looks ahead; says which column, and at which bar.

    Examples
    --------
    >>> from sonde.markets.core.strategies.catalogue import strategy_named
    >>> prove(strategy_named("sma-cross"), np.random.default_rng(1)).bars
    600
    """
    warm_up = strategy.warm_up(settings_for(strategy, {}))
    n = max(FEWEST_BARS, 3 * warm_up)
    if n > MOST_BARS:
        raise Invalid(
            f"It needs {warm_up:,} bars before it decides; at most {MOST_BARS // 3:,} are given.",
            field="source",
        )
    candles = proof_candles(n, generator)
    found = look_ahead(strategy, candles, {}, generator, CUTS)
    if not found.repeatable:
        raise Invalid(
            "It answers differently when it is asked again: nobody could repeat a backtest of it.",
            field="source",
        )
    if found.looks_ahead:
        first = found.differences[0]
        raise Invalid(
            f"It looks ahead: {first.column} of bar {first.bar} changes with bars that come later. "
            "Row k must come from bars 0 to k only.",
            field="source",
        )
    wish = decided(strategy, candles, {})
    entries = int((wish.enter_long | wish.enter_short).sum())
    return Proof(n, len(found.cuts), entries)
