"""Entries: what each kind of order needs, and what it is refused for, in words."""

from decimal import Decimal

import pytest

from sonde.markets.core.entries import (
    EntryAt,
    EntryKind,
    EntryOrder,
    EntryWish,
    Force,
    distance_ticks,
    entry_order,
    kind_of,
)
from sonde.markets.core.sides import Side
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.risk.asking import BTC

NOW = 1_700_000_000_000
LONG = EntryAt(BTC, Side.LONG, Decimal(50_000), NOW)
SHORT = EntryAt(BTC, Side.SHORT, Decimal(50_000), NOW)
PRICE = Decimal(50_500)


@pytest.mark.parametrize(
    ("wish", "price", "kind"),
    [
        (EntryWish(), None, "market"),
        (EntryWish(), PRICE, "limit"),
        (EntryWish(trigger=PRICE), None, "stop"),
        (EntryWish(trigger=PRICE), PRICE, "stop_limit"),
        (EntryWish(trail_percent=Decimal(1)), None, "trailing"),
        (EntryWish(EntryKind.IF_TOUCHED, PRICE), None, "take_profit"),
    ],
)
def test_prices_say_which_order_is_meant(wish, price, kind):
    assert kind_of(wish, price).value == kind


def test_each_kind_becomes_its_order():
    assert entry_order(EntryWish(trigger=PRICE), None, LONG).trigger_ticks == 5_050_000
    touched = EntryWish(EntryKind.IF_TOUCHED, Decimal(49_000))
    assert entry_order(touched, None, LONG).kind == "take_profit"
    trailing = entry_order(EntryWish(trail_percent=Decimal("0.5")), None, SHORT)
    assert (trailing.kind, trailing.trail_ticks) == ("trailing", 25_000)
    timed = EntryWish(force=Force.GTD, good_for_minutes=90)
    assert entry_order(timed, Decimal(49_000), LONG) == EntryOrder(
        "limit", force="GTD", expires_ms=NOW + 90 * 60_000
    )


@pytest.mark.parametrize(
    ("wish", "price", "at", "words"),
    [
        (EntryWish(EntryKind.LIMIT), None, LONG, "A limit order needs its limit price"),
        (EntryWish(EntryKind.STOP), None, LONG, "needs the price that sets it off"),
        (EntryWish(EntryKind.STOP_LIMIT, PRICE), None, LONG, "needs its limit price"),
        (EntryWish(EntryKind.TRAILING), None, LONG, "needs its distance in percent"),
        (EntryWish(EntryKind.MARKET), PRICE, LONG, "does not have its limit price"),
        (EntryWish(EntryKind.LIMIT, PRICE), PRICE, LONG, "does not have the price that sets"),
        (EntryWish(EntryKind.STOP, PRICE, post_only=True), None, LONG, "Only a limit order"),
        (EntryWish(trigger=Decimal(49_000)), None, LONG, "lies above the price, which is 50,000"),
        (EntryWish(trigger=PRICE), None, SHORT, "lies below the price"),
        (EntryWish(EntryKind.IF_TOUCHED, PRICE), None, LONG, "if-touched order lies below"),
        (EntryWish(trail_percent=Decimal(100)), None, LONG, "below 100 %, not 100 %"),
        (EntryWish(force=Force.GTD), None, LONG, "for how many minutes"),
        (EntryWish(good_for_minutes=5), None, LONG, "Only an order that is good for a time"),
        (EntryWish(trigger=Decimal("50500.001")), None, LONG, "grid"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wish, price, at, words):
    with pytest.raises(Invalid, match=words):
        entry_order(wish, price, at)


def test_without_a_price_a_trigger_waits_and_nothing_trails():
    nowhere = EntryAt(BTC, Side.LONG, None, NOW)
    assert entry_order(EntryWish(trigger=PRICE), None, nowhere).kind == "stop"
    with pytest.raises(Invalid, match="needs a price to follow"):
        entry_order(EntryWish(trail_percent=Decimal(1)), None, nowhere)


def test_a_distance_is_at_least_a_tick():
    assert distance_ticks(Decimal("0.01"), 50) == 1
