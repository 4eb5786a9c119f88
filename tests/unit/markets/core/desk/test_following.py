"""Trades follow the engine's events."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.desk.following import Followed, Happened, Role, after, funded, liquidated
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeState, exit_asked

ASKED = Followed(
    Trade("t", "x:BTC", Side.LONG, 10, 0, is_placed=True),
    {Role.ENTRY: 1, Role.STOP: 2, Role.TARGET: 3},
)


def fill(order, steps, ticks=100, fee=0, reason=""):
    return Happened("fill", "x:BTC", 50 + order, order, steps, ticks, fee, reason=reason)


def ended(order, reason):
    return Happened("ended", "x:BTC", 99, order, reason=reason)


def test_an_entry_and_its_stop():
    held = after(ASKED, fill(1, 10, 100, 2))
    gone = after(held, fill(2, 10, 90, 1)).trade
    assert (gone.state, gone.exit_reason, gone.fees_units) == (TradeState.CLOSED, "stop", 3)
    assert gone.gross_units(1) == -100


def test_events_of_other_orders_change_nothing():
    assert after(ASKED, fill(8, 10)) is ASKED


def test_an_entry_that_ends_takes_its_role_with_it():
    gone = after(ASKED, ended(1, "expired"))
    assert (gone.trade.state, gone.trade.exit_reason) == (TradeState.CANCELLED, "expired")
    assert Role.ENTRY not in gone.orders


def test_what_an_ended_exit_left_is_open_again():
    held = after(ASKED, fill(1, 10))
    closing = Followed(exit_asked(held.trade, "manual"), {Role.EXIT: 9})
    part = after(closing, fill(9, 4))
    again = after(part, ended(9, "cancelled"))
    assert (again.trade.state, again.trade.open_steps) == (TradeState.OPEN, 6)
    assert after(part, fill(9, 6)).trade.exit_reason == "manual"


def held(*steps):
    return [
        Followed(
            replace(
                ASKED.trade,
                id=str(n),
                wanted_steps=each,
                filled_steps=each,
                entry_weight=each * 100,
                state=TradeState.OPEN,
            ),
            {},
        )
        for n, each in enumerate(steps)
    ]


AMOUNTS = st.lists(st.integers(1, 1000), min_size=1, max_size=6)


@given(AMOUNTS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_liquidation_is_dealt_out_whole(steps, fee, slippage):
    what = Happened("fill", "x:BTC", 5, 0, sum(steps), 50, fee, slippage)
    gone = [one.trade for one in liquidated(held(*steps), what)]
    assert all(one.state is TradeState.CLOSED for one in gone)
    assert {one.exit_reason for one in gone} == {"liquidation"}
    assert sum(one.fees_units for one in gone) == fee
    assert sum(one.slippage_units for one in gone) == slippage


@given(AMOUNTS, st.integers(-(10**6), 10**6))
def test_funding_is_dealt_out_whole(steps, paid):
    what = Happened("funding", "x:BTC", 5, paid_units=paid)
    assert sum(one.trade.funding_units for one in funded(held(*steps), what)) == paid
