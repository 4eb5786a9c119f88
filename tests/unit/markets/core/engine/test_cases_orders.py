"""What becomes of orders: flags, groups, liquidity, refusals; worked out by hand."""

from dataclasses import replace

import pytest

from sonde.platform.core.errors import Conflict, Invalid
from tests.unit.markets.core.engine.desks import (
    FREE,
    MINUTE,
    PERCENT,
    PLAIN,
    bar,
    buy,
    flat,
    prices,
    sell,
)

TENTH = replace(FREE, share=10 * PERCENT)  # 10 % of a bar's volume
SPOT = replace(PLAIN, spot=True)


def test_a_large_order_fills_over_several_bars(open_desk):
    desk = open_desk(TENTH)
    number = desk.submit(buy("market", 250))
    for minute in range(3):
        desk.on_bar(flat(minute, 10_000 + minute, volume=1_009))
    # 10 % of 1,009 is 100: 100, 100, 50, each at its own open
    assert prices(desk) == [(1, 10_000, 100), (1, 10_001, 100), (1, 10_002, 50)]
    assert desk.order(number).state == "filled"


def test_liquidity_is_used_once_and_in_order_of_number(open_desk):
    desk = open_desk(TENTH)
    first, second = desk.submit(buy("market", 70)), desk.submit(sell("limit", 70, limit=9_000))
    desk.on_bar(bar(0, (10_000, 10_500, 9_500, 10_000), volume=1_000))
    # the market order takes 70 of 100, the crossing sale the other 30
    assert prices(desk) == [(1, 10_000, 70), (-1, 10_000, 30)]
    assert (desk.order(first).remaining, desk.order(second).remaining) == (0, 40)


def test_a_bar_without_volume_fills_nothing_when_a_share_is_set(open_desk):
    desk = open_desk(TENTH)
    desk.submit(buy("market", 10))
    desk.on_bar(flat(0, 10_000, volume=0))
    desk.on_bar(flat(1, 10_000, volume=9))  # 10 % of 9 is no whole step
    assert desk.fills == []
    desk.on_bar(flat(2, 10_000, volume=100))
    assert prices(desk) == [(1, 10_000, 10)]


def test_a_stop_without_liquidity_goes_on_at_the_next_open(open_desk):
    desk = open_desk(TENTH)
    desk.submit(buy("market", 100))
    desk.on_bar(flat(0, 10_000, volume=1_000))
    desk.submit(sell("stop", 100, trigger=9_900, reduce_only=True))
    desk.on_bar(bar(1, (10_000, 10_000, 9_800, 9_850), volume=600))
    desk.on_bar(bar(2, (9_950, 9_990, 9_940, 9_960), volume=600))
    # 60 at the stop, the other 40 at the next open though it is above the stop
    assert prices(desk)[1:] == [(-1, 9_900, 60), (-1, 9_950, 40)]


def test_oco_takes_what_its_sibling_fills(open_desk):
    desk = open_desk(TENTH)
    desk.submit(buy("market", 100))
    desk.on_bar(flat(0, 10_000, volume=1_000))
    stop, target = desk.submit_oco(
        [
            sell("stop", 100, trigger=9_900, reduce_only=True),
            sell("take_profit", 100, trigger=10_100, reduce_only=True),
        ]
    )
    desk.on_bar(bar(1, (10_000, 10_150, 9_950, 10_000), volume=400))
    assert (desk.order(target).filled, desk.order(stop).quantity) == (40, 60)
    desk.on_bar(bar(2, (10_000, 10_000, 9_850, 9_850), volume=400))
    # what is left of the target is a market order: 40 at the open; nothing left for the stop then
    assert (desk.order(target).filled, desk.order(stop).quantity) == (80, 20)
    assert desk.order(stop).fired
    desk.on_bar(flat(3, 9_800, volume=400))
    # both are market orders now; the stop has the lower number
    assert prices(desk)[1:] == [(-1, 10_100, 40), (-1, 10_000, 40), (-1, 9_800, 20)]
    assert (desk.order(stop).state, desk.order(target).state) == ("filled", "cancelled")


def test_entries_with_guards_of_their_own_are_linked_and_only_as_much_fills(open_desk):
    desk = open_desk(TENTH)
    below = desk.submit(
        buy("limit", 100, limit=9_900), sell("stop", 0, reduce_only=True, trigger=9_500)
    )
    above = desk.submit(buy("stop", 100, trigger=10_100), sell("take_profit", 0, trigger=10_500))
    desk.link([below, above])
    desk.on_bar(bar(0, (10_000, 10_150, 10_000, 10_120), volume=400))
    assert (desk.order(above).filled, desk.order(below).quantity) == (40, 60)
    desk.on_bar(bar(1, (10_120, 10_120, 10_110, 10_110), volume=1_000))
    assert (desk.order(above).filled, desk.order(below).code) == (100, "oco")
    # the guard of what never filled went with it; the other guards all that is held
    assert [desk.order(n).code for n in (below + 1, above + 1)] == ["entry_ended", ""]
    assert desk.order(above + 1).quantity == 100


def test_what_has_ended_or_is_in_a_group_cannot_be_linked(open_desk):
    desk = open_desk(FREE)
    numbers = [desk.submit(buy("limit", 5, limit=9_000 + n)) for n in range(3)]
    desk.link(numbers[:2])
    for wrong in (numbers[1:], numbers[:1], [numbers[2]] * 2):
        with pytest.raises(Conflict):
            desk.link(wrong)
    desk.cancel(numbers[0])
    desk.link(numbers[1:])  # its group has ended: what is sent anew can be linked again
    desk.on_bar(flat(0, 8_000))
    assert sorted(desk.order(n).state for n in numbers[1:]) == ["cancelled", "filled"]
    with pytest.raises(Conflict):
        desk.link(numbers[1:])


def test_cancelling_one_of_a_group_leaves_the_other(open_desk):
    desk = open_desk(FREE)
    first, second = desk.submit_oco([buy("limit", 5, limit=9_000), buy("stop", 5, trigger=11_000)])
    desk.cancel(first)
    desk.on_bar(bar(0, (10_000, 11_000, 10_000, 11_000)))
    assert (desk.order(first).code, desk.order(second).state) == ("requested", "filled")


def test_children_of_a_bracket_follow_what_the_entry_fills(open_desk):
    desk = open_desk(TENTH)
    children = (
        sell("stop", 0, reduce_only=True, trigger=9_900),
        sell("take_profit", 0, trigger=10_100),
    )
    desk.submit(buy("market", 150), *children)
    assert desk.order(2).state == "pending"
    desk.on_bar(flat(0, 10_000, volume=1_000))
    assert [(desk.order(n).state, desk.order(n).quantity) for n in (2, 3)] == [
        ("accepted", 100)
    ] * 2
    desk.on_bar(flat(1, 10_000, volume=1_000))
    assert [desk.order(n).quantity for n in (2, 3)] == [150, 150]


def test_when_a_child_fills_the_rest_of_the_entry_is_cancelled(open_desk):
    desk = open_desk(TENTH)
    desk.submit(buy("market", 150), sell("stop", 0, reduce_only=True, trigger=9_900))
    desk.on_bar(bar(0, (10_000, 10_000, 9_990, 9_990), volume=1_000))
    desk.on_bar(bar(1, (9_850, 9_900, 9_800, 9_850), volume=2_000))
    # at the open the stop comes first: 100 sold at 9,850; the entry's other 50 are not bought
    assert prices(desk) == [(1, 10_000, 100), (-1, 9_850, 100)]
    assert (desk.order(1).state, desk.order(1).code) == ("cancelled", "bracket_exit")


def test_children_end_with_an_entry_that_never_filled(open_desk):
    desk = open_desk(FREE)
    entry = desk.submit(
        buy("limit", 10, limit=9_000), sell("stop", 0, reduce_only=True, trigger=8_900)
    )
    desk.cancel(entry)
    assert [desk.order(n).code for n in (1, 2)] == ["requested", "entry_ended"]


def test_reduce_only_is_clipped_to_the_position(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("market", 10))
    desk.on_bar(flat(0, 10_000))
    number = desk.submit(sell("market", 15, reduce_only=True))
    desk.on_bar(flat(1, 10_000))
    assert prices(desk)[1:] == [(-1, 10_000, 10)]
    order = desk.order(number)
    assert (order.state, order.filled, order.code) == ("cancelled", 10, "nothing_to_reduce")


def test_reduce_only_ends_when_something_else_made_flat(open_desk):
    desk = open_desk(FREE)
    desk.submit(buy("market", 10))
    desk.on_bar(flat(0, 10_000))
    stop = desk.submit(sell("stop", 10, trigger=9_000, reduce_only=True))
    desk.submit(sell("market", 10))
    desk.on_bar(flat(1, 10_000))
    assert desk.order(stop).code == "nothing_to_reduce"


def test_what_does_not_fit_of_an_ioc_is_cancelled(open_desk):
    desk = open_desk(TENTH)
    number = desk.submit(buy("market", 150, force="ioc"))
    resting = desk.submit(buy("limit", 10, limit=9_990, force="ioc"))
    desk.on_bar(bar(0, (10_000, 10_000, 9_900, 9_900), volume=1_000))
    order = desk.order(number)
    assert (order.filled, order.state, order.code) == (100, "cancelled", "ioc")
    assert (desk.order(resting).filled, desk.order(resting).code) == (0, "ioc")


def test_fok_fills_whole_or_not_at_all(open_desk):
    desk = open_desk(TENTH)
    large, small = (desk.submit(buy("market", q, force="fok")) for q in (101, 100))
    desk.on_bar(flat(0, 10_000, volume=1_000))
    assert (desk.order(large).filled, desk.order(large).code) == (0, "fok")
    assert (desk.order(small).filled, desk.order(small).state) == (100, "filled")


def test_good_till_ends_at_the_open_that_reaches_it(open_desk):
    desk = open_desk(FREE)
    number = desk.submit(buy("limit", 10, limit=9_000, force="gtd", expires_ms=2 * MINUTE))
    desk.on_bar(flat(0, 10_000))
    desk.on_bar(flat(1, 10_000))
    assert desk.order(number).state == "accepted"
    desk.on_bar(flat(2, 8_000))  # would have filled
    assert (desk.order(number).state, desk.fills, desk.books.held) == ("expired", [], 0)


def test_latency_makes_an_order_wait(open_desk):
    desk = open_desk(replace(FREE, latency_ms=500))
    desk.on_bar(flat(0, 10_000))
    desk.submit(buy("market", 10))  # at minute 1, active half a second later
    desk.on_bar(flat(1, 10_001))
    assert desk.fills == []
    desk.on_bar(flat(2, 10_002))
    assert prices(desk) == [(1, 10_002, 10)]


def test_post_only_is_refused_if_it_would_take(open_desk):
    desk = open_desk(FREE)
    desk.on_bar(flat(0, 10_000))
    crossing = desk.submit(buy("limit", 10, limit=10_000, post_only=True))
    waiting = desk.submit(buy("limit", 10, limit=9_999, post_only=True))
    assert (desk.order(crossing).state, desk.order(crossing).code) == ("rejected", "post_only")
    desk.on_bar(flat(1, 9_999))  # the market has come to it before it rested
    assert (desk.order(waiting).state, desk.order(waiting).code) == ("cancelled", "post_only")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (buy("market", 0), "quantity"),
        (buy("limit", 10), "price"),
        (buy("stop", 10, trigger=-5), "price"),
        (buy("trailing", 10), "price"),
        (buy("limit", 10, limit=9, force="gtd", expires_ms=MINUTE), "expired"),
        (buy("limit", 10, limit=9_999), "min_notional"),
        (sell("market", 11), "spot_short"),
        (buy("market", 10, reduce_only=True), "nothing_to_reduce"),
        (sell("market", 10, reduce_only=True), "nothing_to_reduce"),
        (buy("limit", 10_000_000, limit=10_000), "insufficient_balance"),
        (buy("market", 100_000), "insufficient_balance"),
    ],
)
def test_orders_that_cannot_be_are_refused_with_a_code(open_desk, request_, code):
    desk = open_desk(replace(SPOT, min_notional=100_000))
    desk.on_bar(flat(0, 10_000))
    number = desk.submit(request_)
    assert (desk.order(number).state, desk.order(number).code) == ("rejected", code)
    assert (desk.books.held, desk.books.free) == (0, 10**9)


def test_a_limit_holds_its_cost_and_gives_it_back(open_desk):
    desk = open_desk(PLAIN)
    number = desk.submit(buy("limit", 1_000, limit=9_900))
    # 9,900,000 and 0.1 % of it
    assert (desk.books.held, desk.books.free) == (9_909_900, 10**9 - 9_909_900)
    desk.modify(number, limit=9_000)
    assert desk.books.held == 9_009_000
    desk.cancel(number)
    assert (desk.books.held, desk.books.free) == (0, 10**9)


def test_a_partial_fill_holds_the_rest(open_desk):
    desk = open_desk(replace(PLAIN, share=10 * PERCENT))
    desk.submit(buy("limit", 1_000, limit=9_900))
    desk.on_bar(flat(0, 10_000))
    desk.on_bar(bar(1, (10_000, 10_000, 9_800, 9_900), volume=4_000))
    # 400 filled at 9,900 with the maker's 0.05 %: 3,960,000 + 1,980; 600 are held with 0.1 %
    assert (desk.books.margin, desk.books.held) == (3_960_000, 5_945_940)
    assert desk.books.free == 10**9 - 3_961_980 - 5_945_940


def test_illegal_moves_change_nothing(open_desk):
    desk = open_desk(PLAIN)
    number = desk.submit(buy("limit", 1_000, limit=9_900))
    with pytest.raises(Invalid):
        desk.modify(number, quantity=10**9)
    with pytest.raises(Invalid):
        desk.modify(number, trigger=9_000)  # a limit has none
    assert (desk.order(number).quantity, desk.books.held) == (1_000, 9_909_900)
    desk.cancel(number)
    with pytest.raises(Conflict):
        desk.cancel(number)
    with pytest.raises(Conflict):
        desk.modify(number, limit=9_000)
    with pytest.raises(Invalid):
        desk.transfer(-(10**9) - 1)
    assert desk.books.free == 10**9


def test_a_modified_limit_can_take(open_desk):
    desk = open_desk(PLAIN)
    number = desk.submit(buy("limit", 10, limit=9_000))
    desk.on_bar(flat(0, 10_000))
    desk.modify(number, limit=10_500)
    desk.on_bar(flat(1, 10_000))
    assert (desk.fills[0].price, desk.fills[0].maker) == (10_000, False)


def test_a_spot_sale_never_shorts(open_desk):
    desk = open_desk(SPOT)
    desk.submit(buy("market", 10))
    desk.on_bar(flat(0, 10_000))
    first, second = desk.submit(sell("market", 10)), desk.submit(sell("market", 10))
    desk.on_bar(flat(1, 10_000))
    assert (desk.books.position, desk.order(first).state) == (0, "filled")
    assert (desk.order(second).filled, desk.order(second).code) == (0, "nothing_to_reduce")
