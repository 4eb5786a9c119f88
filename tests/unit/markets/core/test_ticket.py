"""An amount means one thing, and what a ticket shows is what it will cost."""

from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.quick_amounts import quick_amounts
from sonde.markets.core.risk.checking import check
from sonde.markets.core.risk.findings import Verdict
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side
from sonde.markets.core.ticket import (
    Amount,
    AmountKind,
    LevelKind,
    Terms,
    cost_of,
    level_ticks,
    preview,
    steps_of_amount,
    steps_that_cost,
)
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.risk.asking import account, asked

USDT = Currency("USDT")
BTC = Instrument(
    "binance",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["binance"],
    "perpetual",
    Decimal(20),
    Decimal("0.005"),
)
TERMS = Terms(BTC, USDT, Side.LONG, 5_000_000, Decimal(1))
SHORT = replace(TERMS, side=Side.SHORT)


def steps(value, kind, free=0, terms=TERMS):
    return steps_of_amount(Amount(Decimal(value), kind), terms, free)


def test_defect_13_an_amount_says_whether_it_is_money_or_coins():
    assert BTC.quantity_of(steps(100, AmountKind.CURRENCY)) == Decimal("0.002")
    assert BTC.quantity_of(steps("0.1", AmountKind.COINS)) == Decimal("0.1")
    assert steps(5_000, AmountKind.CURRENCY) == steps("0.1", AmountKind.COINS)


def test_a_share_of_the_balance_pays_its_own_fee():
    free = USDT.units_of(10_000)
    all_of_it = steps(100, AmountKind.PERCENT, free)
    assert cost_of(all_of_it, TERMS) <= free < cost_of(all_of_it + 1, TERMS)
    assert BTC.quantity_of(all_of_it) == Decimal("0.19980")  # 10,000 / (50,000 * 1.001)


def test_less_than_one_step_is_refused_with_its_price():
    with pytest.raises(Invalid, match=r"0\.00001 BTC \(0\.5\d* USDT"):
        steps("0.4", AmountKind.CURRENCY)


@pytest.mark.parametrize("amount", [("0", "coins"), ("-1", "coins"), ("NaN", "currency")])
def test_an_amount_is_above_nothing(amount):
    with pytest.raises(Invalid, match="above 0"):
        Amount(Decimal(amount[0]), AmountKind(amount[1]))


def test_no_more_than_the_whole_balance():
    with pytest.raises(Invalid, match="100 %"):
        Amount(Decimal(101), AmountKind.PERCENT)


def test_an_account_in_another_currency_is_refused():
    with pytest.raises(Invalid, match="EUR"):
        replace(TERMS, currency=Currency("EUR"))


@settings(max_examples=40)
@given(
    units=st.integers(0, 10**15),
    ticks=st.integers(1, 10**8),
    leverage=st.integers(100, 2000),
    at_market=st.booleans(),
)
def test_the_most_that_can_be_paid_is_exactly_that(units, ticks, leverage, at_market):
    terms = replace(TERMS, price_ticks=ticks, leverage=Decimal(leverage) / 100, at_market=at_market)
    most = steps_that_cost(units, terms)
    assert cost_of(most, terms) <= units
    assert cost_of(most + 2, terms) > units


@pytest.mark.parametrize(
    ("terms", "is_stop", "ticks"),
    [(TERMS, True, 4_950_000), (TERMS, False, 5_050_000), (SHORT, True, 5_050_000)],
)
def test_a_percentage_becomes_a_price(terms, is_stop, ticks):
    assert level_ticks(Decimal(1), LevelKind.PERCENT, terms, is_stop=is_stop) == ticks


@settings(max_examples=40)
@given(st.integers(10_000, 10**8), st.decimals("0.01", "50", places=2), st.sampled_from(Side))
def test_rounding_never_makes_a_stop_lose_more_or_a_target_gain_less(ticks, percent, side):
    terms = replace(TERMS, price_ticks=ticks, side=side)
    stop = level_ticks(percent, LevelKind.PERCENT, terms, is_stop=True)
    target = level_ticks(percent, LevelKind.PERCENT, terms, is_stop=False)
    assert (ticks - stop) * side.sign <= ticks * percent / 100 < (ticks - stop) * side.sign + 1
    assert (target - ticks) * side.sign - 1 < ticks * percent / 100 <= (target - ticks) * side.sign


@pytest.mark.parametrize("value", ["0", "-2", "100", "Infinity"])
def test_a_stop_that_is_no_price_is_refused(value):
    with pytest.raises(Invalid):
        level_ticks(Decimal(value), LevelKind.PERCENT, TERMS, is_stop=True)


def test_a_price_off_the_grid_is_refused():
    with pytest.raises(Invalid, match="grid"):
        level_ticks(Decimal("49500.001"), LevelKind.PRICE, TERMS, is_stop=True)


def test_the_preview_adds_up():
    shown = preview(200, replace(TERMS, leverage=Decimal(5)), 4_950_000, 5_100_000)
    assert shown.notional_units == USDT.units_of(100)
    assert shown.margin_units == USDT.units_of(20)
    assert shown.fee_units == USDT.units_of("0.1")
    assert shown.loss_at_stop_units == USDT.units_of("1.199")  # 1 + 0.1 + 0.099
    assert shown.gain_at_target_units == USDT.units_of("1.798")  # 2 - 0.1 - 0.102
    assert shown.reward_to_risk == Decimal("1.798") / Decimal("1.199")
    assert shown.liquidation.quantize(Decimal("0.01")) == Decimal("40201.01")
    assert shown.break_even == Decimal("50100.11")  # 50,000 * 1.001 / 0.999, up to the tick


def test_without_levels_there_is_nothing_to_show_for_them():
    shown = preview(200, TERMS)
    assert shown.loss_at_stop_units is shown.gain_at_target_units is shown.reward_to_risk is None
    assert shown.liquidation is None


@settings(max_examples=40)
@given(st.integers(100, 10**7), st.sampled_from(Side))
def test_at_break_even_nothing_is_lost(ticks, side):
    terms = replace(TERMS, price_ticks=ticks, side=side)
    even = BTC.ticks_of(preview(1000, terms).break_even)
    assert preview(1000, terms, target_ticks=even).gain_at_target_units >= -2


def test_the_most_is_allowed_by_the_gate_and_a_little_more_is_not():
    settings = RiskSettings()
    for request, measured in ((asked(), account()), (asked(stop_price=None), account())):
        most = quick_amounts(request, measured, settings)[-1].amount
        for factor, is_free in ((1, True), (Decimal("1.01"), False)):
            wanted = most * factor / request.price
            quantity = wanted.quantize(Decimal("0.00001"), ROUND_FLOOR)
            report = check(replace(request, quantity=quantity), measured, settings)
            assert (not report.blocks) is is_free, (most, report.blocks)
        assert {one.verdict for one in report.blocks} == {Verdict.BLOCK}
