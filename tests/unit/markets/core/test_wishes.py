"""A wish becomes exactly the order that its fields say."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sonde.markets.core.entries import EntryWish
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side, side_named
from sonde.markets.core.ticket import Amount, AmountKind, LevelKind
from sonde.markets.core.wishes import Level, Where, Wish, planned
from sonde.platform.core.errors import Conflict, Invalid
from tests.unit.markets.core.risk.asking import BTC, NOW

USDT = Currency("USDT")
QUOTE = Quote(Decimal(50_000), NOW, "replay binance", Decimal(49_999), Decimal(50_001))
WHERE = Where(BTC, USDT, QUOTE)
SETTINGS = RiskSettings()
COINS = Amount(Decimal("0.1"), AmountKind.COINS)


def test_defect_10_direction_price_target_and_stop_reach_the_order():
    wish = Wish(
        side_named("SHORT"),
        COINS,
        entry_price=Decimal(51_000),
        stop=Level(Decimal(1)),
        target=Level(Decimal(2)),
        leverage=Decimal(2),
    )
    plan = planned(wish, WHERE, 0, SETTINGS)
    asked = plan.request
    assert (asked.side, asked.price) == (Side.SHORT, Decimal(51_000))
    assert (asked.stop_price, asked.target_price) == (Decimal(51_510), Decimal(49_980))
    assert (asked.quantity, asked.leverage, asked.at_market) == (Decimal("0.1"), 2, False)
    assert plan.limit_ticks == 5_100_000


def test_a_market_order_meets_the_other_side_of_the_book():
    assert planned(Wish(Side.LONG, COINS), WHERE, 0, SETTINGS).request.price == 50_001
    assert planned(Wish(Side.SHORT, COINS), WHERE, 0, SETTINGS).request.price == 49_999
    bare = replace(WHERE, quote=replace(QUOTE, bid=None, ask=None))
    assert planned(Wish(Side.LONG, COINS), bare, 0, SETTINGS).request.price == 50_000


def test_what_is_left_out_comes_from_the_settings():
    plan = planned(Wish(Side.LONG), WHERE, 0, SETTINGS)
    assert plan.request.notional <= 100 < plan.request.notional + BTC.step * 50_001
    assert plan.request.stop_price == Decimal("49500.99")
    assert plan.request.target_price == Decimal("51001.02")
    bare = planned(Wish(Side.LONG, own_levels_only=True), WHERE, 0, SETTINGS)
    assert (bare.stop_ticks, bare.target_ticks) == (None, None)


def test_levels_may_be_prices():
    wish = Wish(Side.LONG, COINS, stop=Level(Decimal(49_000), LevelKind.PRICE))
    assert planned(wish, WHERE, 0, SETTINGS).stop_ticks == 4_900_000


def test_levels_are_of_the_price_at_which_the_entry_fills():
    """A stop in percent of a limit that the market meets would be hit at once."""
    met = planned(Wish(Side.LONG, COINS, Decimal(60_000), Level(Decimal(1))), WHERE, 0, SETTINGS)
    assert (met.request.price, met.request.at_market, met.limit_ticks) == (50_001, True, 6_000_000)
    assert met.request.stop_price == Decimal("49500.99")
    stop_limit = Wish(
        Side.SHORT,
        COINS,
        Decimal(40_000),
        Level(Decimal(1)),
        entry=EntryWish(trigger=Decimal(48_000)),
    )
    found = planned(stop_limit, WHERE, 0, SETTINGS)
    assert (found.request.price, found.request.stop_price) == (48_000, Decimal(48_480))
    waits = planned(Wish(Side.LONG, COINS, Decimal(45_000)), WHERE, 0, SETTINGS)
    assert (waits.request.price, waits.request.at_market) == (45_000, False)


def test_without_a_price_nothing_is_invented():
    nowhere = replace(WHERE, quote=None)
    with pytest.raises(Conflict, match="no price"):
        planned(Wish(Side.LONG, COINS), nowhere, 0, SETTINGS)
    waiting = Wish(Side.LONG, COINS, entry_price=Decimal(40_000))
    assert planned(waiting, nowhere, 0, SETTINGS).limit_ticks == 4_000_000


def test_an_entry_price_off_the_grid_is_refused():
    with pytest.raises(Invalid, match="grid"):
        planned(Wish(Side.LONG, COINS, entry_price=Decimal("1.001")), WHERE, 0, SETTINGS)
