"""Trades move only where they may, and what they made is what their fills say."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import (
    Action,
    Trade,
    TradeFill,
    TradeState,
    allow,
    entry_ended,
    exit_asked,
    exit_ended,
    filled,
    live_result,
)
from sonde.platform.core.errors import Conflict, Invalid

BTC = Instrument(
    "binance",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["binance"],
)
ASKED = Trade("t", BTC.key, Side.LONG, 100, 1)


def entry(steps, ticks=5_000_000, fee=3):
    return TradeFill(False, steps, ticks, fee, 10)


def leave(steps, ticks=5_050_000, reason="target"):
    return TradeFill(True, steps, ticks, 2, 20, reason)


def in_state(state):
    return replace(ASKED, state=state, filled_steps=100, entry_weight=500_000_000)


@pytest.mark.parametrize(
    ("action", "states"),
    [
        (Action.ACTIVATE, {"pending"}),
        (Action.MODIFY, {"pending", "open"}),
        (Action.REDUCE, {"open"}),
        (Action.CLOSE, {"open"}),
        (Action.CANCEL, {"pending"}),
    ],
)
def test_an_action_is_refused_in_every_other_state(action, states):
    for state in TradeState:
        if state.value in states:
            allow(in_state(state), action)
        else:
            with pytest.raises(Conflict, match=state.value) as refused:
                allow(in_state(state), action)
            assert refused.value.details["state"] == state


def test_an_active_trade_is_not_activated_again():
    with pytest.raises(Conflict, match="active already"):
        allow(replace(ASKED, is_placed=True), Action.ACTIVATE)


def test_a_trade_opens_in_parts_and_closes_in_parts():
    trade = filled(filled(ASKED, entry(40)), entry(60, 5_100_000))
    assert (trade.state, trade.open_steps, trade.opened_ms) == (TradeState.OPEN, 100, 10)
    assert trade.entry_price(BTC) == Decimal(50_600)
    trade = filled(trade, leave(30))
    assert (trade.state, trade.open_steps, trade.closed_ms) == (TradeState.OPEN, 70, None)
    trade = filled(trade, leave(70, 5_000_000, "stop"))
    assert (trade.state, trade.exit_reason, trade.closed_ms) == (TradeState.CLOSED, "stop", 20)
    assert trade.exit_price(BTC) == Decimal(50_150)
    # (501,500,000,000 - 506,000,000,000) / 1000 ... in ticks * steps, 10 units each
    assert trade.gross_units(10) == (5_050_000 * 30 + 5_000_000 * 70 - 506_000_000) * 10
    assert trade.net_units(10) == trade.gross_units(10) - 10


def test_what_cannot_have_happened_is_refused():
    opened = filled(ASKED, entry(50))
    for fill in (entry(51), leave(51), entry(0), leave(1, 0)):
        with pytest.raises(Invalid):
            filled(opened, fill)
    with pytest.raises(Conflict, match="closed"):
        filled(filled(opened, leave(50)), leave(1))


def test_an_entry_that_never_filled_is_cancelled():
    ended = entry_ended(ASKED, 9, "expired")
    assert (ended.state, ended.exit_reason, ended.closed_ms) == (
        TradeState.CANCELLED,
        "expired",
        9,
    )
    opened = filled(ASKED, entry(1))
    assert entry_ended(opened, 9, "expired") is opened


def test_a_trade_whose_exit_did_not_fill_is_open_again():
    closing = exit_asked(filled(ASKED, entry(100)), "manual")
    assert closing.state is TradeState.CLOSING
    assert exit_ended(filled(closing, leave(40))).state is TradeState.OPEN
    assert exit_ended(filled(closing, leave(100))).state is TradeState.CLOSED


def test_the_live_result_is_what_closing_there_would_bring():
    trade = filled(filled(ASKED, entry(100)), leave(40))
    live = live_result(trade, 5_040_000, 10, 1_000_000)
    fee = 5_040_000 * 60 * 10 // 1000
    closed = filled(trade, replace(leave(60, 5_040_000), fee_units=fee))
    assert live.gross_units == closed.gross_units(10)
    assert live.net_units == closed.net_units(10)
    assert live.percent == Decimal(live.net_units) / (500_000_000 * 10) * 100


def test_a_trade_that_has_nothing_has_no_percentage():
    assert live_result(ASKED, 5_000_000, 10, 0).percent is None
    assert ASKED.entry_price(BTC) is None
    assert ASKED.gross_units(10) == 0


FILLS = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**7)), min_size=1, max_size=8)


@settings(max_examples=40)
@given(FILLS, st.sampled_from(Side), st.randoms(use_true_random=False))
def test_gross_is_what_the_fills_moved(entries, side, dice):
    trade = replace(ASKED, side=side, wanted_steps=sum(steps for steps, _ in entries))
    cash = 0
    for steps, ticks in entries:
        trade = filled(trade, entry(steps, ticks))
        cash -= side.sign * steps * ticks
    while trade.open_steps:
        steps, ticks = dice.randint(1, trade.open_steps), dice.randint(1, 10**7)
        trade = filled(trade, leave(steps, ticks))
        cash += side.sign * steps * ticks
    assert trade.gross_units(10) == cash * 10
    assert trade.state is TradeState.CLOSED
