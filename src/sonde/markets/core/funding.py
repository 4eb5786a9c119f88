"""Funding of perpetuals: when it is due, and at which rate.

Rates hold from a moment on; a payment is due at every whole multiple of the instrument's interval
(8 hours where it names none), counted from 1970. A long pays what is positive.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import parts_of
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from sonde.markets.core.backtesting.settings import Funding

INTERVAL_MS: Final = 28_800_000
LARGEST: Final = Decimal("0.1")
Rates = Sequence[tuple[int, int]]


def rate_parts(rate: Decimal) -> int:
    """Return a funding rate in parts per 10**9.

    Raises
    ------
    Invalid
        If it is no number, above 10 %, or has more than nine decimals.

    Examples
    --------
    >>> rate_parts(Decimal("-0.0001"))
    -100000
    """
    if not rate.is_finite() or abs(rate) > LARGEST:
        raise Invalid(
            f"A funding rate is a fraction such as 0.0001, at most {LARGEST}.", field="rate"
        )
    return parts_of(rate)


def payments(
    instrument: Instrument, rates: Rates, after_ms: int, until_ms: int
) -> list[tuple[int, int]]:
    """Return when funding is due in ``(after_ms, until_ms]``, and its rates.

    Parameters
    ----------
    instrument : Instrument
    rates : sequence of (int, int)
        From which moment on which rate holds, in parts per 10**9; the oldest first.
    after_ms, until_ms : int
        Milliseconds UTC.

    Returns
    -------
    list of (int, int)
        Times and rates; none for spot, none before the first rate.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> coin = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.001"),
    ...                   Decimal(0), FEE_PRESETS["file"], "perpetual", Decimal(20))
    >>> hour = 3_600_000
    >>> payments(coin, [(0, 100_000), (16 * hour, -5)], 8 * hour, 24 * hour)
    [(57600000, -5), (86400000, -5)]
    """
    if instrument.kind != "perpetual" or not rates:
        return []
    every_ms = instrument.funding_interval_ms or INTERVAL_MS
    first_ms = (max(after_ms, rates[0][0] - 1) // every_ms + 1) * every_ms
    found, at = [], 0
    for due_ms in range(first_ms, until_ms + 1, every_ms):
        while at + 1 < len(rates) and rates[at + 1][0] <= due_ms:
            at += 1
        found.append((due_ms, rates[at][1]))
    return found


def funding_of(
    instrument: Instrument, rates: Rates, after_ms: int, until_ms: int
) -> "Funding | None":
    """Return the same payments as a backtest takes them; None without any.

    Parameters
    ----------
    instrument, rates, after_ms, until_ms
        As `payments`.
    """
    from sonde.markets.core.backtesting.settings import Funding

    due = payments(instrument, rates, after_ms, until_ms)
    if not due:
        return None
    table = np.array(due, np.int64)
    return Funding(table[:, 0].copy(), table[:, 1].copy())
