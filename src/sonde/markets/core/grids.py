"""The grid of prices and quantities, read from the numbers of a file."""

from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

_MOST_DECIMALS: Final = 8
# Finer prices are counted while their largest has digits enough left to be exact.
_FINEST: Final = 12
_EXACT: Final = 2.0**50
# A step is worth at most one unit of what is paid with, or else a ten-thousandth of it.
_COARSEST: Final = 1.0
_WANTED: Final = 1e-4


def grid_of(values: NDArray[np.float64], what: str) -> Decimal:
    """Return the coarsest power of ten, at most 1, of which all values are whole multiples.

    Raises
    ------
    Invalid
        If there is no value, one is not finite, or more decimals are needed than can be counted:
        12, and so many that the largest value has 15 digits.

    Examples
    --------
    >>> grid_of(np.array([67745.75, 67768.0]), "price")
    Decimal('0.01')
    """
    if values.size == 0 or not bool(np.isfinite(values).all()):
        raise Invalid(f"The candles have no {what}, or one that is not a number.", field=what)
    largest = float(np.abs(values).max())
    for decimals in range(_FINEST + 1):
        if decimals > _MOST_DECIMALS and largest * 10**decimals >= _EXACT:
            raise Invalid(
                f"The {what}s have more than {decimals - 1} decimals and are as large as "
                f"{largest:.12g}: more digits than can be counted exactly; round them first.",
                field=what,
            )
        if bool((np.round(values, decimals) == values).all()):
            return Decimal(1).scaleb(-decimals)
    raise Invalid(f"The {what}s have more than {_FINEST} decimals; round them first.", field=what)


def step_of(volume: NDArray[np.float64], prices: NDArray[np.float64], tick: Decimal) -> Decimal:
    """Return the step of quantities: that of the volumes, finer where that would be much money.

    Volumes are often told in whole coins, of which one may be worth more than a small account has.
    A step that is worth more than 1 in quote currency gives way to one that is worth at most
    1e-4, with at most 8 decimals, and coarse enough for 8 decimals of money to count it exactly.

    Parameters
    ----------
    volume, prices : ndarray of float64, shape (n,)
    tick : Decimal

    Raises
    ------
    Invalid
        As `grid_of`.

    Examples
    --------
    >>> step_of(np.array([12.0, 7.0]), np.array([50_000.5]), Decimal("0.1"))
    Decimal('1E-7')
    >>> step_of(np.array([12.0, 7.0]), np.array([0.25]), Decimal("0.01"))
    Decimal('1')
    """
    told = grid_of(volume, "volume")
    highest = float(prices.max())
    if float(told) * highest <= _COARSEST:
        return told
    counted = _MOST_DECIMALS + min(0, int(tick.adjusted()))
    for decimals in range(counted + 1):
        step = Decimal(1).scaleb(-decimals)
        if step <= told and float(step) * highest <= _WANTED:
            return step
    return min(told, Decimal(1).scaleb(-counted))
