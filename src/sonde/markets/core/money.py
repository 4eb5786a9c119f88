"""Money as whole numbers: exact, never wrapped, one rounding rule.

An amount is an int64 count of the account's smallest unit, ``10**-decimals`` of its currency.
Prices are counts of ticks and quantities counts of steps, so that

    notional = ticks * steps * unit_value,   unit_value = tick * step * 10**decimals

is exact. The one rounding rule: **what the account owes is rounded up to a whole unit, what it
receives is rounded down**, so that no rounding ever makes money. Rates are whole parts per
10**9. What does not fit into int64 is refused (``AmountTooLarge``).
"""

from dataclasses import dataclass
from decimal import Decimal

from sonde.platform.core.errors import Invalid

LARGEST = 2**63 - 1
RATE_PARTS = 10**9
MILLION = 10**6


class AmountTooLarge(Invalid):
    """This amount is larger than the account can count; use a coarser unit or a smaller order."""

    code = "amount_too_large"


@dataclass(frozen=True)
class Currency:
    """A currency and the smallest part of it that an account counts.

    Parameters
    ----------
    code : str
        Its name, as in "USDT".
    decimals : int
        The account counts units of ``10**-decimals``; 0 to 12.

    Raises
    ------
    Invalid
        If the code is empty or the decimals are out of range.

    Examples
    --------
    >>> usdt = Currency("USDT")
    >>> usdt.units_of("10000"), usdt.amount_of(150)
    (1000000000000, Decimal('0.00000150'))
    """

    code: str
    decimals: int = 8

    def __post_init__(self) -> None:
        """Refuse a currency that cannot be counted."""
        if not self.code:
            raise Invalid("A currency needs a code, for instance USDT.", field="currency")
        if not 0 <= self.decimals <= 12:
            raise Invalid(
                f"decimals={self.decimals}: an account counts 0 to 12 decimals.", field="decimals"
            )

    def units_of(self, amount: Decimal | str | int) -> int:
        """Return the exact number of units in ``amount``.

        Raises
        ------
        Invalid
            If the amount is not a number or has more decimals than the account counts.
        AmountTooLarge
            If it does not fit into int64.
        """
        exact = decimal_of(amount, "amount").scaleb(self.decimals)
        if exact != exact.to_integral_value():
            raise Invalid(
                f"{amount} {self.code} has more than {self.decimals} decimals; round it first.",
                field="amount",
            )
        return fitting(int(exact))

    def amount_of(self, units: int) -> Decimal:
        """Return the exact amount that ``units`` are."""
        return Decimal(int(units)).scaleb(-self.decimals)


def decimal_of(value: Decimal | str | int, field: str) -> Decimal:
    """Return a finite decimal; a float is refused, because it is not the number that was meant.

    Raises
    ------
    Invalid
        If the value is a float, not a number or not finite.

    Examples
    --------
    >>> decimal_of("0.10", "tick")
    Decimal('0.10')
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | str | int):
        raise Invalid(f"{field}={value!r}: give an exact decimal such as '0.01'.", field=field)
    try:
        exact = Decimal(value)
    except ArithmeticError:
        raise Invalid(f"{field}={value!r} is not a number.", field=field) from None
    if not exact.is_finite():
        raise Invalid(f"{field}={value!r} is not a finite number.", field=field)
    return exact


def fitting(units: int) -> int:
    """Return ``units`` if they fit into int64.

    Raises
    ------
    AmountTooLarge
        Otherwise; nothing ever wraps around.

    Examples
    --------
    >>> fitting(2**63 - 1)
    9223372036854775807
    """
    if not -LARGEST <= units <= LARGEST:
        raise AmountTooLarge(f"{units} units are more than an account can count ({LARGEST}).")
    return units


def notional(ticks: int, steps: int, unit_value: int) -> int:
    """Return the exact value in units of ``steps`` at ``ticks``.

    Raises
    ------
    AmountTooLarge
        If it does not fit into int64.

    Examples
    --------
    >>> notional(ticks=6_774_575, steps=1_000, unit_value=10)
    67745750000
    """
    return fitting(int(ticks) * int(steps) * int(unit_value))


def parts_of(rate: Decimal | str) -> int:
    """Return a rate as whole parts per 10**9.

    Raises
    ------
    Invalid
        If it has more than nine decimals.

    Examples
    --------
    >>> parts_of("0.001")
    1000000
    """
    parts = decimal_of(rate, "rate") * RATE_PARTS
    if parts != parts.to_integral_value():
        raise Invalid(f"rate={rate}: give at most nine decimals.", field="rate")
    return int(parts)


def fee(notional_units: int, rate_parts: int) -> int:
    """Return the fee on a notional, rounded up to a whole unit.

    Parameters
    ----------
    notional_units : int
        Units, not negative.
    rate_parts : int
        Parts per 10**9.

    Raises
    ------
    AmountTooLarge
        If it does not fit into int64.

    Examples
    --------
    >>> fee(67_745_750_000, parts_of("0.001")), fee(1, parts_of("0.001"))
    (67745750, 1)
    """
    return fitting(-(-int(notional_units) * int(rate_parts) // RATE_PARTS))
