"""Small recordings for tests of feeds."""

from decimal import Decimal

import numpy as np

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.timeframes import Timeframe

AB = Instrument(
    "x", "AB", "A", "B", Decimal("0.01"), Decimal("0.1"), Decimal(5), FEE_PRESETS["file"]
)
MINUTE = 60_000


def candles(n: int = 5, first_ms: int = 0) -> Candles:
    """Return `n` minutes that rise by a quarter each."""
    k = np.arange(n)
    opened = 10 + 0.25 * k
    return Candles(
        AB,
        Timeframe("1m"),
        first_ms + k * MINUTE,
        opened,
        opened + 1,
        opened - 0.5,
        opened + 0.25,
        1.0 + k,
        Provenance("x", "file", "ab.csv", "", 0),
    )
