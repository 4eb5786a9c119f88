"""Money is counted exactly, rounded one way, and refused where it does not fit."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.money import (
    LARGEST,
    AmountTooLarge,
    Currency,
    decimal_of,
    fee,
    fitting,
    notional,
    parts_of,
)
from sonde.platform.core.errors import Invalid


@given(st.decimals(-(10**9), 10**9, places=8))
def test_an_amount_comes_back_from_its_units(amount: Decimal) -> None:
    usdt = Currency("USDT")
    assert usdt.amount_of(usdt.units_of(amount)) == amount


@pytest.mark.parametrize("amount", [0.1, float("nan"), True, "one", "NaN", "inf", None])
def test_what_is_no_exact_number_is_refused(amount: object) -> None:
    with pytest.raises(Invalid):
        decimal_of(amount, "amount")  # type: ignore[arg-type]


def test_finer_than_the_account_counts_is_refused() -> None:
    with pytest.raises(Invalid, match="more than 2 decimals"):
        Currency("EUR", 2).units_of("0.001")


@pytest.mark.parametrize(("code", "decimals"), [("", 8), ("X", -1), ("X", 13)])
def test_a_currency_that_cannot_be_counted_is_refused(code: str, decimals: int) -> None:
    with pytest.raises(Invalid):
        Currency(code, decimals)


@given(st.integers(0, 2**63), st.integers(0, 2**40), st.integers(1, 10**6))
def test_acceptance_a_notional_is_exact_or_refused(ticks: int, steps: int, unit: int) -> None:
    exact = ticks * steps * unit
    if exact > LARGEST:
        with pytest.raises(AmountTooLarge):
            notional(ticks, steps, unit)
    else:
        assert notional(ticks, steps, unit) == exact


@pytest.mark.parametrize("units", [2**63, -(2**63), 10**30])
def test_what_does_not_fit_is_refused(units: int) -> None:
    with pytest.raises(AmountTooLarge):
        fitting(units)
    assert fitting(LARGEST) == LARGEST
    assert fitting(-LARGEST) == -LARGEST


@given(st.integers(0, LARGEST), st.integers(0, 10**8))
def test_a_fee_is_rounded_up_by_less_than_a_unit(worth: int, rate: int) -> None:
    exact = Fraction(worth * rate, 10**9)
    assert fee(worth, rate) == ceil(exact)


def test_a_rate_has_nine_decimals() -> None:
    assert parts_of("0.000000001") == 1
    with pytest.raises(Invalid, match="nine decimals"):
        parts_of("0.0000000001")
