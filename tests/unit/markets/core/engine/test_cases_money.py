"""Balances, margin, liquidation and funding: worked out by hand to the last unit."""

from dataclasses import replace

import pytest

from tests.unit.markets.core.engine.desks import (
    FREE,
    PERCENT,
    PLAIN,
    bar,
    buy,
    flat,
    prices,
    sell,
)

TENFOLD = replace(PLAIN, leverage=1_000, maintenance=PERCENT // 2)  # 10x, 0.5 %


def position(open_desk, terms, side=1, quantity=10_000):
    """A position of 10,000 steps from 10,000 ticks."""
    desk = open_desk(terms)
    desk.submit(buy("market", quantity) if side > 0 else sell("market", quantity))
    desk.on_bar(flat(0, 10_000))
    return desk


def test_a_long_is_liquidated_where_margin_meets_maintenance(open_desk):
    desk = position(open_desk, TENFOLD)
    # margin 100,000,000 / 10; 10,000,000 + 10,000 P - 100,000,000 <= 50 P: P <= 9,045.2
    assert (desk.books.margin, desk.books.liquidation) == (10_000_000, 9_045)
    desk.on_bar(bar(1, (9_500, 9_500, 9_046, 9_100)))
    assert desk.books.position == 10_000
    desk.on_bar(bar(2, (9_100, 9_100, 9_045, 9_045)))
    # loss 955 x 10,000; fee 0.1 % of 90,450,000; the rest of the margin comes back
    fill = desk.fills[1]
    assert (fill.order, fill.price, fill.gross, fill.fee) == (0, 9_045, -9_550_000, 90_450)
    assert desk.books.free == 10**9 - 100_000 - 9_550_000 - 90_450


def test_a_short_is_liquidated_above(open_desk):
    desk = position(open_desk, TENFOLD, side=-1)
    # 10,000,000 + 100,000,000 - 10,000 P <= 50 P: P >= 10,945.27
    assert desk.books.liquidation == 10_946
    desk.on_bar(bar(1, (10_500, 10_946, 10_400, 10_500)))
    assert prices(desk)[1:] == [(1, 10_946, 10_000)]


def test_a_gap_beyond_bankruptcy_loses_the_margin_and_no_more(open_desk):
    desk = position(open_desk, TENFOLD)
    desk.on_bar(flat(1, 8_000))
    # 20,000,000 are lost on paper; the margin is 10,000,000, and nothing is left for a fee
    assert (desk.fills[1].gross, desk.fills[1].fee) == (-10_000_000, 0)
    assert desk.books.free == 10**9 - 100_000 - 10_000_000
    assert (desk.books.margin, desk.books.position) == (0, 0)


def test_liquidation_comes_before_the_stop(open_desk):
    desk = position(open_desk, TENFOLD)
    stop = desk.submit(sell("stop", 10_000, trigger=9_000, reduce_only=True))
    desk.on_bar(bar(1, (9_500, 9_500, 8_900, 8_900)))
    assert (desk.fills[1].order, desk.fills[1].price) == (0, 9_045)
    assert desk.order(stop).code == "nothing_to_reduce"


def test_liquidation_is_not_bound_by_liquidity_but_uses_it(open_desk):
    desk = open_desk(replace(TENFOLD, share=10 * PERCENT))
    desk.submit(buy("market", 10_000))
    desk.on_bar(flat(0, 10_000, volume=100_000))
    desk.submit(buy("market", 10))
    desk.on_bar(flat(1, 9_000, volume=1_000))
    assert desk.books.position == 0  # all 10,000 gone, nothing left for the purchase


def test_spot_is_never_liquidated(open_desk):
    desk = position(open_desk, replace(PLAIN, spot=True))
    desk.on_bar(flat(1, 1))
    assert desk.books.position == 10_000


@pytest.mark.parametrize(
    ("side", "rate", "paid"),
    [
        (1, 100_000, 10_001),  # 10,001 x 10,000 x 0.01 % = 10,001.0
        (-1, 100_000, -10_001),
        (1, -100_000, -10_001),
        (1, 123_457, 12_347),  # 12,346.93 is owed: up
        (-1, 123_457, -12_346),  # 12,346.93 is received: down
    ],
)
def test_funding_is_paid_by_longs_when_positive(open_desk, side, rate, paid):
    desk = position(open_desk, FREE, side)
    free = desk.books.free
    desk.on_funding(60_000, rate)
    desk.on_bar(flat(1, 10_001))
    assert desk.books.free - free == -paid
    assert desk.books.postings["funding"] == paid
    desk.on_bar(flat(2, 10_001))  # once
    assert desk.books.postings["funding"] == paid


def test_funding_concerns_the_position_before_the_open(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("market", 10_000))
    desk.on_funding(0, PERCENT)
    desk.on_bar(flat(0, 10_000))
    assert desk.books.postings["funding"] == 0


def test_funding_that_free_lacks_comes_from_the_margin(open_desk):
    desk = open_desk(replace(FREE, start=100_000_000))
    desk.submit(buy("market", 10_000))
    desk.on_bar(flat(0, 10_000))  # everything is margin
    desk.on_funding(60_000, PERCENT)
    desk.on_bar(flat(1, 10_000))  # 1 % of 100,000,000
    assert (desk.books.free, desk.books.margin) == (0, 99_000_000)


def test_an_order_is_clipped_to_what_can_be_paid_at_the_open(open_desk):
    desk = open_desk(replace(PLAIN, start=10_000_000))
    desk.on_bar(flat(0, 9_990))
    number = desk.submit(buy("market", 1_000))  # 9,990,000 + 9,990 = 9,999,990: fits at the close
    assert desk.order(number).state == "accepted"
    desk.on_bar(flat(1, 10_100))
    # 989 x 10,100 = 9,988,900 + 9,989 = 9,998,889 fits; 990 cost 9,999,000 + 9,999: too much
    order = desk.order(number)
    assert (order.filled, order.state, order.code) == (989, "cancelled", "insufficient_balance")
    assert desk.books.free == 10_000_000 - 9_998_889


def test_reverse_is_exit_and_entry_at_one_open(open_desk):
    desk = position(open_desk, PLAIN, quantity=1_000)
    desk.submit(sell("market", 1_000, reduce_only=True))
    desk.submit(sell("market", 500))
    desk.on_bar(flat(1, 10_100))
    # won 100 x 1,000; fees 10,000 in, 10,100 out, 5,050 for the short of 500
    assert prices(desk)[1:] == [(-1, 10_100, 1_000), (-1, 10_100, 500)]
    assert (desk.books.position, desk.books.margin) == (-500, 5_050_000)
    assert desk.equity == 10**9 + 100_000 - 10_000 - 10_100 - 5_050


def test_one_order_across_zero_is_two_fills(open_desk):
    desk = position(open_desk, PLAIN, quantity=1_000)
    number = desk.submit(sell("market", 1_500))
    desk.on_bar(flat(1, 10_100))
    rows = [(fill.quantity, fill.gross, fill.fee) for fill in desk.fills[1:]]
    assert rows == [(1_000, 100_000, 10_100), (500, 0, 5_050)]
    assert (desk.order(number).filled, desk.books.position) == (1_500, -500)


def test_a_reverse_with_all_the_money_is_paid_by_what_it_closes(open_desk):
    desk = open_desk(replace(FREE, start=10_000_000))
    desk.submit(buy("market", 1_000))
    desk.on_bar(flat(0, 10_000))
    number = desk.submit(sell("market", 2_000))
    desk.on_bar(flat(1, 11_000))
    # closing brings 11,000,000, which opens 1,000 at 11,000
    assert (desk.books.position, desk.order(number).state) == (-1_000, "filled")


def test_cost_goes_out_in_proportion_and_rounding_stays(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("market", 2))
    desk.on_bar(flat(0, 10))
    desk.submit(buy("market", 1))
    desk.on_bar(flat(1, 11))
    for minute in (2, 3):
        desk.submit(sell("market", 1))
        desk.on_bar(flat(minute, 11))
    # cost 31 for 3: out go 10 (31 / 3 = 10.3), then 10 (21 / 2 = 10.5); 11 stay
    assert [fill.gross for fill in desk.fills[2:]] == [1, 1]
    assert desk.books.cost == 11


def test_a_stop_that_slips_beyond_bankruptcy_loses_the_margin(open_desk):
    # 10x without maintenance: margin 10,000,000, bankrupt at 9,000. The stop at 9,010 slips 1 %:
    # 8,919, a loss of 10,810,000 of which 10,000,000 are there; no fee is left to take
    terms = replace(PLAIN, leverage=1_000, slippage=10_000)
    desk = open_desk(terms)
    desk.submit(buy("limit", 10_000, limit=10_000))
    desk.on_bar(flat(0, 10_001))
    desk.on_bar(flat(1, 9_999))
    desk.submit(sell("stop", 10_000, trigger=9_010, reduce_only=True))
    desk.on_bar(bar(2, (9_500, 9_500, 9_005, 9_100)))
    assert (desk.fills[1].price, desk.fills[1].gross, desk.fills[1].fee) == (8_919, -10_000_000, 0)
    assert desk.books.free == 10**9 - 50_000 - 10_000_000  # the maker fee of the entry, the margin
