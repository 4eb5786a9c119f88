"""The page of trading without a server: the ticket's fields, the check, positions, history."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sonde.markets.core.desk.following import Role
from sonde.markets.core.engine.listings import Listing
from sonde.markets.core.entries import EntryOrder, Force
from sonde.markets.core.instruments import FEE_PRESETS, Instrument, traded_as, unit_value
from sonde.markets.core.money import Currency
from sonde.markets.core.quick_amounts import quick_amounts
from sonde.markets.core.risk.checking import RULES
from sonde.markets.core.risk.checking import check as ask_every_rule
from sonde.markets.core.risk.facts import Measured, Quote
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side
from sonde.markets.core.ticket import LevelKind, preview
from sonde.markets.core.trades import Trade, TradeState, live_result
from sonde.markets.core.wishes import Level, Where, Wish, planned
from sonde.markets.services.safety import Checked
from sonde.markets.services.tickets import TicketCheck
from sonde.markets.services.trading import Changes, TradeView
from sonde.markets.ui.moving.standing import MOVED, SIGN, held_told
from sonde.markets.ui.trade.checking import check_view, preview_view
from sonde.markets.ui.trade.editing import changes_of, edit_dialog, prices_of, shape_of
from sonde.markets.ui.trade.history import history_list, history_row
from sonde.markets.ui.trade.ids import EditId, TicketId
from sonde.markets.ui.trade.positions import actions, position_list, state_words
from sonde.markets.ui.trade.ticket import ticket_card
from sonde.markets.ui.trade.ticket_form import wish_of, wishes_of
from sonde.platform.core.errors import Invalid

USDT = Currency("USDT")
BTC = Instrument(
    "replay",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["replay"],
    "perpetual",
    Decimal(20),
    Decimal("0.005"),
)
QUOTE = Quote(Decimal(50_000), 60_000, "replay May")
ACCOUNT = Measured(61_500, *[Decimal(10_000)] * 4, quote=QUOTE)
OPENED = Trade(
    "t1",
    BTC.key,
    Side.LONG,
    1_000,
    0,
    stop_ticks=4_950_000,
    is_placed=True,
    state=TradeState.OPEN,
    filled_steps=1_000,
    entry_weight=5_000_000 * 1_000,
)


def told(component: Any) -> str:
    return json.dumps(component, default=lambda one: one.to_plotly_json())


def is_hidden(page: Any, name: str) -> bool:
    (found,) = [one for one in page._traverse() if getattr(one, "id", None) == name]
    return bool(getattr(found, "hidden", False))


def checked(wish: Wish, settings: RiskSettings) -> Checked:
    plan = planned(wish, Where(BTC, USDT, QUOTE), USDT.units_of(10_000), settings)
    report = ask_every_rule(plan.request, ACCOUNT, settings)
    seen = preview(plan.steps, plan.terms, plan.stop_ticks, plan.target_ticks)
    return Checked(report, plan, seen, quick_amounts(plan.request, ACCOUNT, settings))


def test_fields_become_a_wish_and_empty_ones_come_from_the_settings() -> None:
    fields = {
        TicketId.SIDE: "short",
        TicketId.AMOUNT: "0.25",
        TicketId.KIND: "coins",
        TicketId.TYPE: "limit",
        TicketId.PRICE: "51,000",
        TicketId.STOP: "52000",
        TicketId.STOP_KIND: "price",
        TicketId.TARGET: "",
        TicketId.LEVERAGE: "3",
    }
    wish = wish_of(fields)
    assert (wish.side, wish.amount.value, wish.amount.kind) == (
        Side.SHORT,
        Decimal("0.25"),
        "coins",
    )
    assert (wish.entry_price, wish.leverage) == (Decimal(51_000), Decimal(3))
    assert (wish.stop, wish.target) == (Level(Decimal(52_000), LevelKind.PRICE), None)
    at_market = wish_of({**fields, TicketId.TYPE: "market"})
    assert at_market.entry_price is None


def test_the_other_orders_and_how_long_they_hold_become_a_wish() -> None:
    fields = {
        TicketId.SIDE: "long",
        TicketId.TYPE: "stop_limit",
        TicketId.PRICE: "51,100",
        TicketId.TRIGGER: "51000",
        TicketId.TRAIL: "3",
        TicketId.STOP: "1.5",
        TicketId.STOP_KIND: "trailing",
        TicketId.LEVERAGE: "3",
        TicketId.AS: "spot",
        TicketId.HOLDS: "GTD",
        TicketId.MINUTES: "90",
    }
    wish = wish_of(fields, post_only=True)
    assert (wish.entry_price, wish.entry.trigger) == (Decimal(51_100), Decimal(51_000))
    assert (wish.entry.force, wish.entry.good_for_minutes) == (Force.GTD, 90)
    # what the order does not show does not count: no distance, no leverage of spot, no post-only
    assert (wish.entry.trail_percent, wish.leverage, wish.entry.post_only) == (None, 1, False)
    assert wish.stop == Level(Decimal("1.5"), LevelKind.TRAILING)
    perpetual = wish_of({**fields, TicketId.AS: "perpetual", TicketId.TYPE: "trailing"})
    assert (perpetual.kind, perpetual.leverage, perpetual.entry.trail_percent) == (
        "perpetual",
        3,
        3,
    )
    limit = wish_of({**fields, TicketId.TYPE: "limit", TicketId.HOLDS: "GTC"}, post_only=True)
    assert (limit.entry.post_only, limit.entry.good_for_minutes) == (True, None)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (TicketId.AMOUNT, "much", "The amount is a number"),
        (TicketId.AMOUNT, "nan", "The amount is a number"),
        (TicketId.AMOUNT, "-5", "must be above 0"),
        (TicketId.TYPE, "limit", "needs its limit price"),
        (TicketId.TYPE, "stop", "needs the price that sets it off"),
        (TicketId.TYPE, "trailing", "needs its distance in percent"),
    ],
)
def test_what_is_no_order_is_refused_in_words(field: TicketId, value: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        checked(wish_of({TicketId.SIDE: "long", field: value}), RiskSettings())


def test_the_ticket_has_every_field_and_leverage_where_it_is_traded_as_a_perpetual() -> None:
    page = told(ticket_card(BTC, "a", RiskSettings()))
    for name in TicketId:
        if name is not TicketId.CHECK:
            assert f'"{name.value}"' in page, name
    for words in ("50", "100", "250", "500", "1000", "Leverage (1 to 20)", "1 %, of the risk"):
        assert words in page
    spot = replace(BTC, kind="spot", max_leverage=Decimal(1))
    assert is_hidden(ticket_card(spot, "a", RiskSettings()), TicketId.LEVERAGE_BOX)
    assert not is_hidden(ticket_card(BTC, "a", RiskSettings()), TicketId.LEVERAGE_BOX)
    held = Listing(traded_as(spot, "perpetual"), leverage=Decimal(3))
    again = ticket_card(spot, "a", RiskSettings(), held)
    assert not is_hidden(again, TicketId.LEVERAGE_BOX)
    assert '"value": "3"' in told(again)


def test_the_check_tells_every_rule_its_limit_and_what_the_trade_costs() -> None:
    wish = Wish(Side.LONG, leverage=Decimal(10), confidence=Decimal("0.67"))
    settings = RiskSettings(min_confidence=Decimal("0.9"))
    found = TicketCheck(USDT, 61_500, QUOTE, "", (), checked(wish, settings))
    page = told([check_view(found), preview_view(found)])
    assert all(rule.title in page for rule in RULES.values())
    for words in (
        "REJECT",
        "Leverage would be 10 x; the limit is 5 x.",
        "Confidence is 0.67; at least 0.9 is asked for.",
        "replay May, 2 s old",
        "Fee of the entry",
        "Liquidation",
        "Break-even",
    ):
        assert words in page


def test_without_a_price_the_ticket_says_why_and_what_to_do() -> None:
    why = "No feed and no stored candle speaks of x:AB."
    page = told(check_view(TicketCheck(USDT, 0, None, why, (), None)))
    assert why in page
    assert "/markets/data" in page


def test_positions_show_their_live_result_and_what_can_be_done() -> None:
    live = live_result(OPENED, 5_100_000, unit_value(BTC, USDT), BTC.fees.taker_parts)
    view = TradeView(OPENED, BTC, live, Decimal(51_000), Decimal(49_500))
    page = told(position_list([view], USDT))
    for words in ("+9.49 (+1.90 %)", "51,000", "49,500", "Change", "Close"):
        assert words in page
    assert "Nothing is open" in told(position_list([], USDT))


def test_prices_move_what_stands_in_the_rows_and_a_changed_trade_draws_them_anew() -> None:
    live = live_result(OPENED, 5_100_000, unit_value(BTC, USDT), BTC.fees.taker_parts)
    view = TradeView(OPENED, BTC, live, Decimal(51_000), Decimal(49_500))
    later = replace(view, mark=Decimal(52_000), stop=Decimal(50_500))
    before, after = held_told([view], USDT), held_told([later], USDT)
    assert before[SIGN] == after[SIGN]
    places = json.loads(after[MOVED])
    assert places["t1 now"] == {"text": "52,000"}
    assert places["t1 stop"] == {"text": "50,500"}
    assert places["t1 result"]["result-mark"] == "52000.0"
    page = told(position_list([later], USDT))
    assert all(name in page for name in places)  # each has its place in the row
    for changed in (
        replace(OPENED, target_ticks=5_300_000),
        replace(OPENED, closed_steps=1),
        replace(OPENED, state=TradeState.CLOSED),
    ):
        assert held_told([replace(view, trade=changed)], USDT)[SIGN] != before[SIGN]


def test_each_state_has_its_actions() -> None:
    waiting = replace(OPENED, state=TradeState.PENDING, is_placed=False, filled_steps=0)
    assert list(actions(waiting)) == ["activate", "edit", "cancel"]
    assert list(actions(replace(waiting, is_placed=True))) == ["edit", "cancel"]
    assert list(actions(OPENED)) == ["edit", "close"]
    assert list(actions(replace(OPENED, state=TradeState.CLOSING))) == []


def test_history_tells_what_each_trade_made() -> None:
    closed = replace(
        OPENED,
        state=TradeState.CLOSED,
        closed_steps=1_000,
        exit_weight=5_100_000 * 1_000,
        fees_units=USDT.units_of("1.01"),
        closed_ms=60_000,
        exit_reason="target",
    )
    row = history_row(closed, BTC, USDT)
    assert (row["net"], row["fees"], row["reason"]) == (8.99, 1.01, "target")
    assert (row["entry"], row["exit"], row["time"]) == ("50,000", "51,000", "1970-01-01 00:01")
    assert "8.99" in told(history_list([row]))
    assert "No such trade" in told(history_list([]))


def test_only_prices_that_were_changed_are_sent_and_what_is_emptied_is_taken_away() -> None:
    limit = replace(
        OPENED,
        state=TradeState.PENDING,
        filled_steps=0,
        limit_ticks=5_000_000,
        target_ticks=5_200_000,
    )
    before = prices_of(limit, BTC)
    now = {**before, "stop": "49600"}
    changes = changes_of(before, now)
    assert (changes.entry_price, changes.target, changes.removed) == (None, None, frozenset())
    assert changes.stop == Level(Decimal(49_600), LevelKind.PRICE)
    assert changes_of(before, before) == Changes()
    gone = changes_of(before, {**before, "stop": "", "target": None, "entry": "50001"})
    assert gone.removed == {Role.STOP, Role.TARGET}
    assert gone.entry_price == 50_001
    trails = changes_of(before, {**before, "stop": "2", "stop_kind": "trailing"})
    assert trails.stop == Level(Decimal(2), LevelKind.TRAILING)


def test_the_dialog_shows_what_a_trade_has() -> None:
    trailing = replace(OPENED, stop_ticks=None, trail_ticks=75_000)
    assert (prices_of(trailing, BTC)["stop"], prices_of(trailing, BTC)["stop_kind"]) == (
        "1.5",
        "trailing",
    )
    assert shape_of(OPENED) == (True, True, False)
    waiting = replace(
        OPENED, state=TradeState.PENDING, filled_steps=0, entry=EntryOrder("stop", 5_100_000)
    )
    assert shape_of(waiting) == (True, False, True)
    assert prices_of(waiting, BTC)["trigger"] == "51000.00"
    page = told(edit_dialog())
    assert all(f'"{name.value}"' in page for name in EditId)
    assert state_words(waiting) == "pending stop: waits to fill"


def test_a_second_price_makes_two_wishes_of_which_one_is_wanted() -> None:
    told = {TicketId.TYPE: "stop", TicketId.TRIGGER: "51000", TicketId.OR: "49,000"}
    first, other = wishes_of(told)
    assert (first.entry.kind, first.entry.trigger) == ("stop", Decimal(51_000))
    assert (other.entry.kind, other.entry.trigger) == ("limit", None)
    assert other.entry_price == Decimal(49_000)
    assert len(wishes_of({**told, TicketId.TYPE: "market"})) == 1
    with pytest.raises(Invalid, match="other price"):
        wishes_of({**told, TicketId.OR: "low"})
