"""Where a leveraged position is liquidated: margin and loss together meet the maintenance margin.

With isolated margin ``notional / leverage``, a long of entry price :math:`e`, leverage :math:`L`
and maintenance rate :math:`m` is liquidated at :math:`e (1 - 1/L) / (1 - m)`, a short at
:math:`e (1 + 1/L) / (1 + m)`; both follow from margin + unrealised = m * notional at that price.
"""

from decimal import Decimal

from sonde.markets.core.sides import Side
from sonde.platform.core.errors import Invalid


def liquidation_price(
    side: Side, entry_price: Decimal, leverage: Decimal, maintenance_rate: Decimal
) -> Decimal | None:
    """Return the price of liquidation, not rounded.

    Parameters
    ----------
    side : Side
    entry_price : Decimal
        Positive.
    leverage : Decimal
        At least 1.
    maintenance_rate : Decimal
        0 to below 1, of the notional.

    Returns
    -------
    Decimal or None
        None where no price liquidates: a long without leverage.

    Raises
    ------
    Invalid
        If the leverage is below 1 or the price not positive.

    Examples
    --------
    >>> liquidation_price(Side.LONG, Decimal(100), Decimal(10), Decimal(0))
    Decimal('90.0')
    >>> liquidation_price(Side.LONG, Decimal(100), Decimal(1), Decimal(0)) is None
    True
    """
    if leverage < 1 or entry_price <= 0:
        raise Invalid("A position has a price above 0 and a leverage of at least 1.")
    share = 1 / leverage
    if side is Side.LONG:
        price = entry_price * (1 - share) / (1 - maintenance_rate)
        return price if price > 0 else None
    return entry_price * (1 + share) / (1 + maintenance_rate)
