"""At what price an order fills: every number is worked out by hand beside it."""

from dataclasses import replace

import pytest

from sonde.markets.core.engine.reference import Quote
from tests.unit.markets.core.engine.desks import FREE, PLAIN, bar, buy, flat, prices, sell


def long_from_10_000(open_desk, terms=PLAIN, quantity=1_000):
    """A long of 1,000 steps at 10,000 ticks, bought at the open of minute 0."""
    desk = open_desk(terms)
    desk.submit(buy("market", quantity))
    desk.on_bar(flat(0, 10_000))
    return desk


def test_a_market_order_fills_at_the_next_open(open_desk):
    desk = long_from_10_000(open_desk)
    # notional 10,000 x 1,000 = 10,000,000; 0.1 % of it is 10,000; leverage 1: all of it is margin
    assert prices(desk) == [(1, 10_000, 1_000)]
    assert (desk.books.margin, desk.fills[0].fee) == (10_000_000, 10_000)
    assert desk.books.free == 10**9 - 10_010_000
    assert desk.equity == 10**9 - 10_000


def test_a_stop_inside_the_bar_fills_at_its_price(open_desk):
    desk = long_from_10_000(open_desk)
    desk.submit(sell("stop", 1_000, trigger=9_900, reduce_only=True))
    desk.on_bar(bar(1, (10_000, 10_050, 9_900, 10_040)))  # touched is enough
    # gross (9,900 - 10,000) x 1,000 = -100,000; fee 0.1 % of 9,900,000 = 9,900
    assert (desk.fills[1].price, desk.fills[1].gross, desk.fills[1].fee) == (9_900, -100_000, 9_900)
    assert desk.books.free == 10**9 - 10_000 - 100_000 - 9_900
    assert not desk.ambiguous


def test_a_stop_in_a_gap_fills_at_the_open(open_desk):
    desk = long_from_10_000(open_desk)
    desk.submit(sell("stop", 1_000, trigger=9_900, reduce_only=True))
    desk.on_bar(bar(1, (9_500, 10_200, 9_400, 10_100)))
    # the open is below the stop: 9,500, a loss of 500 x 1,000, fee 0.1 % of 9,500,000
    assert (desk.fills[1].price, desk.fills[1].gross, desk.fills[1].fee) == (9_500, -500_000, 9_500)


def test_a_take_profit_in_a_gap_fills_at_the_better_open(open_desk):
    desk = long_from_10_000(open_desk)
    desk.submit(sell("take_profit", 1_000, trigger=10_100, reduce_only=True))
    desk.on_bar(bar(1, (10_400, 10_500, 10_300, 10_300)))
    assert (desk.fills[1].price, desk.fills[1].gross) == (10_400, 400_000)


def test_stop_and_target_in_one_bar_is_the_stop_and_ambiguous(open_desk):
    desk = open_desk(PLAIN)
    children = (
        sell("stop", 0, reduce_only=True, trigger=9_900),
        sell("take_profit", 0, trigger=10_100),
    )
    desk.submit(buy("market", 1_000), *children)
    desk.on_bar(bar(0, (10_000, 10_200, 9_800, 10_150)))
    assert prices(desk) == [(1, 10_000, 1_000), (-1, 9_900, 1_000)]
    assert desk.ambiguous
    assert [desk.order(n).state for n in (1, 2, 3)] == ["filled", "filled", "cancelled"]
    assert desk.order(3).code == "oco"


def test_a_short_sees_the_high_first(open_desk):
    desk = open_desk(PLAIN)
    children = (buy("stop", 0, trigger=10_100), buy("take_profit", 0, trigger=9_900))
    desk.submit(sell("market", 1_000), *children)
    desk.on_bar(bar(0, (10_000, 10_200, 9_800, 9_850)))
    assert prices(desk) == [(-1, 10_000, 1_000), (1, 10_100, 1_000)]
    assert desk.fills[1].gross == -100_000  # sold at 10,000, bought back at 10,100


def test_only_the_target_in_reach_is_certain(open_desk):
    desk = open_desk(PLAIN)
    children = (
        sell("stop", 0, reduce_only=True, trigger=9_700),
        sell("take_profit", 0, trigger=10_100),
    )
    desk.submit(buy("market", 1_000), *children)
    desk.on_bar(bar(0, (10_000, 10_200, 9_800, 10_150)))
    assert prices(desk)[1:] == [(-1, 10_100, 1_000)]
    assert not desk.ambiguous


@pytest.mark.parametrize(("touch", "filled"), [(False, 0), (True, 1_000)])
def test_a_resting_limit_needs_a_price_beyond_it(open_desk, touch, filled):
    desk = open_desk(replace(PLAIN, touch=touch))
    number = desk.submit(buy("limit", 1_000, limit=9_900))
    desk.on_bar(bar(0, (10_000, 10_000, 9_900, 10_000)))  # touches, never beyond
    assert desk.order(number).filled == filled
    desk.on_bar(bar(1, (10_000, 10_000, 9_899, 10_000)))
    # at its price, as maker: 0.05 % of 9,900,000 = 4,950
    assert (desk.fills[0].price, desk.fills[0].fee, desk.fills[0].maker) == (9_900, 4_950, True)


def test_a_resting_limit_that_the_open_jumps_fills_at_its_limit(open_desk):
    desk = open_desk(PLAIN)
    desk.submit(buy("limit", 1_000, limit=9_900))
    desk.on_bar(flat(0, 10_000))
    desk.on_bar(flat(1, 9_500))
    assert (desk.fills[0].price, desk.fills[0].maker) == (9_900, True)


@pytest.mark.parametrize(("limit", "price"), [(10_050, 10_010), (10_005, 10_005)])
def test_a_new_limit_that_crosses_takes_but_never_beyond_its_limit(open_desk, limit, price):
    desk = open_desk(replace(PLAIN, slippage=1_000))  # 0.1 %: 10,000 becomes 10,010
    desk.submit(buy("limit", 1_000, limit=limit))
    desk.on_bar(flat(0, 10_000))
    assert (desk.fills[0].price, desk.fills[0].reference) == (price, 10_000)
    assert not desk.fills[0].maker
    assert desk.fills[0].slippage == (price - 10_000) * 1_000


def test_spread_slippage_and_impact_are_rounded_against_the_trader(open_desk):
    desk = open_desk(replace(FREE, half_spread=100, slippage=40, impact=1_000))
    desk.submit(buy("market", 10))
    desk.on_bar(flat(0, 10_001, volume=1_000))
    # 100 + 40 + 1,000 x 10 / 1,000 = 150 ppm: 10,001 x 1.00015 = 10,002.50015 -> 10,003
    assert (desk.fills[0].price, desk.fills[0].slippage) == (10_003, 20)
    desk.submit(sell("market", 10))
    desk.on_bar(flat(1, 10_001, volume=3_000))
    # 140 + ceil(1,000 x 10 / 3,000) = 144 ppm: 10,001 x 0.999856 = 9,999.5598 -> 9,999
    assert (desk.fills[1].price, desk.fills[1].gross) == (9_999, -40)


def test_without_volume_the_impact_counts_whole(open_desk):
    desk = open_desk(replace(FREE, impact=1_000))
    desk.submit(buy("market", 10))
    desk.on_bar(flat(0, 10_000, volume=0))
    assert desk.fills[0].price == 10_010  # 1,000 ppm


def test_a_trailing_stop_follows_the_best_waypoint(open_desk):
    desk = long_from_10_000(open_desk)
    desk.submit(sell("trailing", 1_000, distance=100, reduce_only=True))
    desk.on_bar(bar(1, (10_000, 10_300, 9_950, 10_250)))
    # open: best 10,000, stop 9,900; low 9,950 is above it; high: best 10,300, stop 10,200;
    # close 10,250 is above it. The low might have come after the high: ambiguous.
    assert desk.books.position == 1_000
    assert desk.order(2).best == 10_300
    assert desk.ambiguous
    desk.on_bar(bar(2, (10_250, 10_260, 10_150, 10_160)))
    assert prices(desk)[1:] == [(-1, 10_200, 1_000)]


def test_a_relative_trailing_stop_rounds_away(open_desk):
    desk = long_from_10_000(open_desk)
    desk.submit(sell("trailing", 1_000, distance=15_000, relative=True, reduce_only=True))
    desk.on_bar(flat(1, 10_001))  # 10,001 x 0.985 = 9,850.985 -> 9,850
    desk.on_bar(bar(2, (10_001, 10_001, 9_851, 9_860)))
    assert desk.books.position == 1_000
    desk.on_bar(bar(3, (9_860, 9_860, 9_850, 9_860)))
    assert prices(desk)[1:] == [(-1, 9_850, 1_000)]


def test_a_buying_trailing_stop_enters_above_the_low(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("trailing", 100, distance=50))
    desk.on_bar(bar(0, (10_000, 10_020, 9_900, 9_990)))
    # high 10,020 first (stop 10,050), then low: best 9,900, stop 9,950, passed on the way to 9,990
    assert prices(desk) == [(1, 9_950, 100)]


def test_a_stop_limit_that_gaps_past_its_limit_rests_there(open_desk):
    desk = open_desk(PLAIN)
    number = desk.submit(buy("stop_limit", 1_000, trigger=10_100, limit=10_120))
    desk.on_bar(bar(0, (10_200, 10_300, 10_150, 10_200)))  # triggered, too dear
    assert (desk.order(number).state, desk.fills) == ("accepted", [])
    desk.on_bar(bar(1, (10_150, 10_150, 10_119, 10_150)))
    assert (desk.fills[0].price, desk.fills[0].maker) == (10_120, True)


def test_a_stop_limit_reached_inside_the_bar_takes(open_desk):
    desk = open_desk(replace(PLAIN, slippage=1_000))
    desk.submit(buy("stop_limit", 1_000, trigger=10_100, limit=10_120))
    desk.on_bar(bar(0, (10_000, 10_300, 9_990, 10_200)))
    # 10,100 x 1.001 = 10,110.1 -> 10,111, within the limit
    assert (desk.fills[0].price, desk.fills[0].maker) == (10_111, False)


def test_an_entry_on_the_way_up_meets_its_stop_below(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("stop", 10, trigger=10_050), sell("stop", 0, reduce_only=True, trigger=9_950))
    desk.on_bar(bar(0, (10_000, 10_100, 9_900, 10_080)))
    # the low may have come before the entry; worst is that it came after
    assert prices(desk) == [(1, 10_050, 10), (-1, 9_950, 10)]
    assert desk.ambiguous


def test_an_entry_on_the_way_down_whose_stop_lies_further_is_certain(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("limit", 10, limit=9_950), sell("stop", 0, reduce_only=True, trigger=9_900))
    desk.on_bar(bar(0, (10_000, 10_010, 9_890, 10_000)))
    assert prices(desk) == [(1, 9_950, 10), (-1, 9_900, 10)]
    assert not desk.ambiguous


def test_a_stop_above_the_entry_acts_at_once_at_the_point(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("market", 10), sell("stop", 0, reduce_only=True, trigger=10_020))
    desk.on_bar(bar(0, (10_000, 10_100, 9_900, 10_050)))
    assert prices(desk) == [(1, 10_000, 10), (-1, 10_000, 10)]


def test_ties_go_to_the_stop(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("market", 10))
    desk.on_bar(flat(0, 10_000))
    desk.submit(buy("limit", 5, limit=9_950))
    desk.submit(sell("stop", 10, trigger=9_950, reduce_only=True))
    desk.on_bar(bar(1, (10_000, 10_000, 9_900, 9_900)))
    assert prices(desk)[1:] == [(-1, 9_950, 10), (1, 9_950, 5)]


def test_a_quote_is_taken_at_the_far_side_and_its_depth_once(open_desk):
    desk = open_desk(replace(FREE, half_spread=500, slippage=100))
    first, second = desk.submit(buy("market", 60)), desk.submit(buy("market", 60))
    desk.on_quote(Quote(1_000, 9_990, 10_010, 10_000, depth=100))
    # the spread is in the quote: 10,010 x 1.0001 = 10,011.001 -> 10,012; 60 + 40 of 100
    assert prices(desk) == [(1, 10_012, 60), (1, 10_012, 40)]
    assert [desk.order(n).state for n in (first, second)] == ["filled", "partially_filled"]
    desk.on_quote(Quote(2_000, 9_990, 10_010, 10_000, depth=100))
    assert prices(desk)[2:] == [(1, 10_012, 20)]


BIDS = ((9_990, 30), (9_980, 50), (9_950, 100))
ASKS = ((10_010, 30), (10_020, 50), (10_050, 100))


def booked(time_ms, last=10_000, bids=BIDS, asks=ASKS):
    """A quote with its book."""
    return Quote(time_ms, bids[0][0], asks[0][0], last, bids=bids, asks=asks)


def test_a_market_order_walks_the_book_level_by_level(open_desk):
    """30 at 10,010, 50 at 10,020, 20 at 10,050; no spread or slippage on top: the book is both."""
    desk = open_desk(replace(FREE, half_spread=500, slippage=100, impact=10_000))
    desk.submit(buy("market", 100))
    desk.on_quote(booked(1_000))
    assert prices(desk) == [(1, 10_010, 30), (1, 10_020, 50), (1, 10_050, 20)]
    assert [fill.reference for fill in desk.fills] == [10_010] * 3
    assert sum(fill.slippage for fill in desk.fills) == 50 * 10 + 20 * 40
    desk.submit(sell("market", 100))
    desk.on_quote(booked(2_000))
    assert prices(desk)[3:] == [(-1, 9_990, 30), (-1, 9_980, 50), (-1, 9_950, 20)]


def test_every_level_is_taken_once_until_the_next_book(open_desk):
    desk = open_desk(FREE)
    first, second = desk.submit(buy("market", 70)), desk.submit(buy("market", 200))
    desk.on_quote(booked(1_000))
    assert prices(desk) == [(1, 10_010, 30), (1, 10_020, 40), (1, 10_020, 10), (1, 10_050, 100)]
    assert [desk.order(n).state for n in (first, second)] == ["filled", "partially_filled"]
    desk.on_quote(booked(2_000))
    assert prices(desk)[4:] == [(1, 10_010, 30), (1, 10_020, 50), (1, 10_050, 10)]
    assert desk.order(second).state == "filled"


def test_a_limit_takes_no_level_beyond_it_and_rests_with_what_is_left(open_desk):
    desk = open_desk(PLAIN)
    number = desk.submit(buy("limit", 100, limit=10_030))
    desk.on_quote(booked(1_000))
    assert prices(desk) == [(1, 10_010, 30), (1, 10_020, 50)]
    assert [fill.maker for fill in desk.fills] == [False, False]
    asks = ((10_025, 8), (10_030, 90))
    desk.on_quote(booked(2_000, last=10_030, bids=((10_015, 5),), asks=asks))
    # resting now: the one level strictly below it bounds what fills, at its own price, as maker
    assert (prices(desk)[2:], desk.fills[2].maker) == ([(1, 10_030, 8)], True)
    desk.on_quote(booked(3_000, last=10_029, bids=((10_030, 5),), asks=((10_040, 8),)))
    assert prices(desk)[3:] == [(1, 10_030, 12)]  # traded through it
    assert desk.order(number).state == "filled"


def test_a_book_that_is_used_up_lets_only_what_was_traded_through_fill(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("limit", 10, limit=9_950))
    desk.submit(buy("market", 10))
    used = {"bids": ((9_990, 0),), "asks": ((10_010, 0),)}
    desk.on_quote(booked(1_000, **used))
    assert desk.fills == []
    desk.on_quote(booked(2_000, last=9_949, **used))
    assert prices(desk) == [(1, 9_950, 10)]


@pytest.mark.parametrize(
    ("force", "quantity", "filled", "code"),
    [("ioc", 200, 180, "ioc"), ("fok", 180, 180, ""), ("fok", 181, 0, "fok")],
)
def test_what_must_fill_at_once_looks_at_all_levels(open_desk, force, quantity, filled, code):
    desk = open_desk(FREE)
    number = desk.submit(buy("market", quantity, force=force))
    desk.on_quote(booked(1_000))
    told = desk.order(number)
    assert (told.filled, told.code) == (filled, code)


def test_all_or_nothing_that_cannot_be_paid_takes_nothing(open_desk):
    """30 x 10,010 + 20 x 10,020 = 500,700 is more than there is."""
    desk = open_desk(replace(FREE, start=500_699))
    desk.on_quote(Quote(500, 9_000, 9_000, 9_000))
    number = desk.submit(buy("market", 50, force="fok"))
    desk.on_quote(booked(1_000))
    assert (desk.order(number).code, desk.fills, desk.equity) == ("fok", [], 500_699)


def test_a_stop_walks_the_book_and_a_liquidation_pays_its_last_level(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("market", 60))
    desk.on_bar(flat(0, 10_000))
    desk.submit(sell("stop", 60, trigger=9_995, reduce_only=True))
    desk.on_quote(booked(120_000, last=9_995))
    assert prices(desk)[1:] == [(-1, 9_990, 30), (-1, 9_980, 30)]


def test_a_limit_between_bid_and_ask_rests_and_fills_when_it_is_passed(open_desk):
    desk = open_desk(PLAIN)
    desk.submit(buy("limit", 10, limit=10_000))
    desk.on_quote(Quote(1_000, 9_990, 10_010, 10_005))
    desk.on_quote(Quote(2_000, 9_990, 10_010, 10_000))  # traded at it, not beyond
    assert desk.fills == []
    desk.on_quote(Quote(3_000, 9_980, 10_005, 9_999))
    assert (desk.fills[0].price, desk.fills[0].maker) == (10_000, True)
