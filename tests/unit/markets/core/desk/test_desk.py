"""Trades are carried out by the real engine: opened, guarded, changed, closed, and restored."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sonde.markets.core.desk.desk import Desk
from sonde.markets.core.desk.following import Role
from sonde.markets.core.desk.listing_documents import listing_document, read_listing
from sonde.markets.core.desk.orders import Moves
from sonde.markets.core.desk.paper_engine import PaperEngine
from sonde.markets.core.engine.journal import JournalEntry
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.engine.listings import Costs, EngineSettings, Listing
from sonde.markets.core.entries import EntryOrder
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeState
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from tests.unit.markets.core.risk.asking import BTC

USDT = Currency("USDT")
LISTING = Listing(BTC, leverage=Decimal(2))
SETTINGS = EngineSettings(USDT, (LISTING,))
PRICE = 5_000_000
START = USDT.units_of(10_000)


def trade(number="1", **changes):
    asked = Trade(
        number,
        BTC.key,
        Side.LONG,
        10_000,
        0,
        Decimal(2),
        stop_ticks=4_900_000,
        target_ticks=5_200_000,
    )
    return replace(asked, **changes)


class Floor:
    """A desk with its engine, and a clock of one second per price."""

    def __init__(self):
        self.engine = PaperEngine.restored(SETTINGS, [])
        self.engine.transfer(START)
        self.engine.happened()
        self.desk = Desk(self.engine)
        self.now_ms = 0
        self.entries = []

    def price(self, ticks):
        self.now_ms += 1_000
        self.engine.quote(BTC.key, self.now_ms, (ticks, ticks, ticks))
        self.desk.follow()

    def opened(self, **changes):
        self.price(PRICE)
        self.desk.open(trade(**changes))
        self.price(PRICE)

    def restart(self):
        self.entries += self.engine.unkept()
        self.engine = PaperEngine.restored(SETTINGS, self.entries)
        self.engine.happened()
        self.desk = Desk(self.engine, self.desk.trades.values())

    @property
    def only(self):
        (one,) = self.desk.trades.values()
        return one.trade

    def earned(self):
        """What the trades say was earned, and what the account says."""
        each = sum(one.trade.net_units(10) for one in self.desk.trades.values())
        return each, self.engine.balance().cash - START


@pytest.fixture
def floor():
    return Floor()


def test_defect_12_a_stop_and_a_target_are_watched(floor):
    floor.opened()
    assert floor.only.state is TradeState.OPEN
    floor.price(4_899_000)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CLOSED, "stop")
    assert floor.earned()[0] == floor.earned()[1] < 0


def test_a_target_closes_in_profit_and_its_stop_is_gone(floor):
    floor.opened()
    floor.price(5_200_000)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CLOSED, "target")
    gross = 10_000 * 200_000 * 10
    assert floor.only.gross_units(10) == gross
    assert floor.earned()[0] == floor.earned()[1] == gross - floor.only.fees_units


def test_defect_13_opening_charges_the_balance_and_the_fee(floor):
    floor.opened()
    balance = floor.engine.balance()
    assert balance.margin == USDT.units_of(2_500)
    assert floor.only.fees_units == USDT.units_of(5)
    assert balance.free == USDT.units_of("7495")


def test_closing_by_hand_says_so(floor):
    floor.opened()
    floor.desk.close("1")
    assert floor.only.state is TradeState.CLOSING
    with pytest.raises(Conflict, match="closing"):
        floor.desk.close("1")
    floor.price(5_100_000)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CLOSED, "manual")
    assert floor.earned()[0] == floor.earned()[1]


def test_a_part_is_closed_and_the_rest_stays_guarded(floor):
    floor.opened()
    floor.desk.reduce("1", 4_000)
    floor.price(5_100_000)
    assert (floor.only.state, floor.only.open_steps) == (TradeState.OPEN, 6_000)
    floor.price(4_890_000)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CLOSED, "stop")
    assert floor.earned()[0] == floor.earned()[1]


@pytest.mark.parametrize("steps", [0, -1, 10_001])
def test_a_part_is_part_of_what_is_open(floor, steps):
    floor.opened()
    with pytest.raises(Invalid, match="10000"):
        floor.desk.reduce("1", steps)


def test_a_second_part_waits_for_the_first(floor):
    floor.opened()
    floor.desk.reduce("1", 1_000)
    with pytest.raises(Conflict, match="being closed"):
        floor.desk.reduce("1", 1_000)


def test_a_pending_limit_is_changed_and_taken_back(floor):
    floor.price(PRICE)
    floor.desk.open(trade(limit_ticks=4_950_000))
    assert floor.engine.balance().held > 0
    floor.desk.modify("1", Moves(limit_ticks=4_960_000, stop_ticks=4_910_000))
    assert (floor.only.limit_ticks, floor.only.stop_ticks) == (4_960_000, 4_910_000)
    floor.desk.cancel("1")
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CANCELLED, "manual")
    assert floor.engine.balance().held == 0
    with pytest.raises(Conflict, match="cancelled"):
        floor.desk.cancel("1")


def test_a_trade_can_wait_to_be_activated(floor):
    floor.price(PRICE)
    floor.desk.open(trade(), is_active=False)
    floor.price(PRICE)
    assert (floor.only.state, floor.only.is_placed) == (TradeState.PENDING, False)
    floor.desk.activate("1")
    floor.price(PRICE)
    assert floor.only.state is TradeState.OPEN
    with pytest.raises(Conflict, match="open"):
        floor.desk.activate("1")


def test_a_stop_is_moved_while_the_trade_is_open(floor):
    floor.opened()
    floor.desk.modify("1", Moves(stop_ticks=4_980_000))
    floor.price(4_970_000)
    assert floor.only.exit_reason == "stop"
    assert floor.only.exit_price(BTC) == Decimal(49_700)


def test_a_target_is_added_to_a_trade_that_had_none(floor):
    floor.opened(target_ticks=None)
    floor.desk.modify("1", Moves(target_ticks=5_050_000))
    floor.price(5_060_000)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CLOSED, "target")
    assert floor.engine.balance().margin == 0


def test_an_open_trade_has_no_entry_price_to_change(floor):
    floor.opened()
    with pytest.raises(Invalid, match="pending limit"):
        floor.desk.modify("1", Moves(limit_ticks=4_950_000))


def test_the_stop_of_one_trade_leaves_the_other_alone(floor):
    floor.opened()
    floor.desk.open(trade("2", stop_ticks=4_800_000))
    floor.price(PRICE)
    floor.price(4_890_000)
    first, second = (one.trade for one in floor.desk.trades.values())
    assert (first.state, second.state) == (TradeState.CLOSED, TradeState.OPEN)
    floor.price(4_790_000)
    assert floor.desk.trade("2").state is TradeState.CLOSED
    assert floor.earned()[0] == floor.earned()[1]


def test_trades_of_a_symbol_look_the_same_way(floor):
    floor.opened()
    with pytest.raises(Conflict, match="same way"):
        floor.desk.open(trade("2", side=Side.SHORT, stop_ticks=None, target_ticks=None))


def test_what_the_account_cannot_pay_is_refused_in_words(floor):
    floor.price(PRICE)
    with pytest.raises(Conflict, match="free balance"):
        floor.desk.open(trade(wanted_steps=10**6))


def test_everything_ends_at_once(floor):
    floor.opened()
    floor.desk.open(trade("2", limit_ticks=4_950_000))
    floor.desk.end_everything("kill switch")
    floor.price(PRICE)
    reasons = {one.trade.exit_reason for one in floor.desk.trades.values()}
    states = [one.trade.state for one in floor.desk.trades.values()]
    assert reasons == {"kill switch"}
    assert states == [TradeState.CLOSED, TradeState.CANCELLED]


def test_a_liquidation_closes_the_trade(floor):
    floor.opened(stop_ticks=None, target_ticks=None)
    floor.price(2_500_000)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CLOSED, "liquidation")


def test_after_a_restart_everything_is_back_and_missed_bars_are_replayed(floor):
    floor.opened()
    floor.desk.open(trade("2", limit_ticks=4_950_000))
    before = floor.engine.balance()
    floor.restart()
    assert floor.engine.balance() == before
    # one bar goes through the limit of the second, one through the stop of both
    assert floor.engine.bar(BTC.key, Bar(60_000, PRICE, PRICE, 4_940_000, 4_945_000, 0), 60_000)
    floor.desk.follow()
    assert floor.desk.trade("2").state is TradeState.OPEN
    assert floor.engine.bar(
        BTC.key, Bar(120_000, 4_945_000, 4_945_000, 4_880_000, 4_890_000, 0), 60_000
    )
    floor.desk.follow()
    assert {one.trade.exit_reason for one in floor.desk.trades.values()} == {"stop"}
    assert not floor.engine.bar(BTC.key, Bar(60_000, 1, 1, 1, 1, 0), 60_000)
    assert floor.earned()[0] == floor.earned()[1]


def test_only_quotes_that_can_change_something_matter(floor):
    floor.opened()
    now = floor.now_ms

    def matters(ticks, later_ms=1_000):
        return floor.engine.matters(BTC.key, now + later_ms, (ticks, ticks, ticks))

    floor.price(PRICE)
    assert not matters(PRICE + 1)
    assert matters(4_900_000)
    assert matters(5_200_000)
    assert matters(2_500_000)
    assert matters(PRICE, later_ms=70_000)
    floor.desk.close("1")
    assert matters(PRICE + 1)


def test_a_trade_that_is_not_there(floor):
    with pytest.raises(NotFound):
        floor.desk.close("9")


def test_a_listing_comes_back_as_it_was():
    listing = Listing(
        BTC, Decimal("2.5"), costs=Costs(5, 10, 100, Decimal("0.1"), "touch"), latency_ms=250
    )
    again = read_listing(listing_document(listing))
    assert again == replace(listing, fees=None)


def test_a_journal_that_was_tampered_with_is_refused(floor):
    floor.opened()
    entries = floor.engine.unkept()
    place = next(n for n, one in enumerate(entries) if one.kind == "submit")
    facts = {**entries[place].facts, "entry": {**entries[place].facts["entry"], "quantity": 1}}
    wrong = JournalEntry(entries[place].seq, entries[place].time_ms, "submit", facts)
    with pytest.raises(Conflict):
        PaperEngine.restored(SETTINGS, [*entries[:place], wrong, *entries[place + 1 :]])


@pytest.mark.parametrize(
    ("kind", "limit", "trigger", "prices", "state"),
    [
        ("stop", None, 5_050_000, (5_040_000,), TradeState.PENDING),
        ("stop", None, 5_050_000, (5_060_000,), TradeState.OPEN),
        ("stop_limit", 5_051_000, 5_050_000, (5_060_000,), TradeState.PENDING),
        ("stop_limit", 5_051_000, 5_050_000, (5_050_500, 5_050_500), TradeState.OPEN),
        ("take_profit", None, 4_950_000, (4_960_000,), TradeState.PENDING),
        ("take_profit", None, 4_950_000, (4_940_000,), TradeState.OPEN),
    ],
)
def test_entries_wait_for_their_trigger(floor, kind, limit, trigger, prices, state):
    floor.price(PRICE)
    asked = trade(limit_ticks=limit, entry=EntryOrder(kind, trigger), target_ticks=6_000_000)
    floor.desk.open(replace(asked, stop_ticks=4_000_000))
    for ticks in prices:
        floor.price(ticks)
    assert floor.only.state is state


def test_a_trailing_entry_enters_when_the_price_turns(floor):
    floor.price(PRICE)
    floor.desk.open(trade(entry=EntryOrder("trailing", trail_ticks=50_000), stop_ticks=None))
    for ticks in (PRICE, 4_900_000, 4_940_000):
        floor.price(ticks)
    assert floor.only.state is TradeState.PENDING
    floor.price(4_960_000)
    assert floor.only.state is TradeState.OPEN


def test_a_post_only_entry_that_would_fill_at_once_is_refused_in_words(floor):
    floor.price(PRICE)
    crossing = trade(limit_ticks=5_100_000, entry=EntryOrder("limit", post_only=True))
    with pytest.raises(Conflict, match="post-only order that would fill at once"):
        floor.desk.open(crossing)


def test_an_entry_that_was_good_for_a_time_expires(floor):
    floor.price(PRICE)
    floor.desk.open(
        trade(limit_ticks=4_000_000, entry=EntryOrder("limit", force="GTD", expires_ms=3_000))
    )
    for _ in range(3):
        floor.price(PRICE)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CANCELLED, "expired")


def test_a_stop_that_trails_follows_the_price_and_may_stand_still_again(floor):
    floor.opened()
    floor.desk.modify("1", Moves(trail_ticks=50_000))
    for ticks in (PRICE, 5_100_000, 5_080_000):
        floor.price(ticks)
    assert floor.desk.stop_ticks("1") == 5_050_000
    floor.restart()
    assert floor.desk.stop_ticks("1") == 5_050_000
    floor.desk.modify("1", Moves(stop_ticks=5_000_000))
    assert (floor.desk.stop_ticks("1"), floor.only.trail_ticks) == (5_000_000, None)
    floor.desk.modify("1", Moves(trail_ticks=50_000))
    for ticks in (5_150_000, 5_090_000):
        floor.price(ticks)
    assert floor.only.exit_reason == "trailing stop"
    assert floor.earned()[0] == floor.earned()[1]


@pytest.mark.parametrize(("role", "left"), [(Role.STOP, "target"), (Role.TARGET, "stop")])
def test_a_guard_that_is_taken_away_guards_no_more_and_the_other_stays(floor, role, left):
    floor.opened()
    floor.desk.modify("1", Moves(removed=frozenset({role})))
    assert (floor.only.stop_ticks is None, floor.only.target_ticks is None) == (
        role is Role.STOP,
        role is Role.TARGET,
    )
    floor.restart()
    floor.price(4_800_000 if role is Role.STOP else 5_300_000)
    assert floor.only.state is TradeState.OPEN
    floor.price(5_300_000 if role is Role.STOP else 4_800_000)
    assert (floor.only.state, floor.only.exit_reason) == (TradeState.CLOSED, left)
    assert floor.earned()[0] == floor.earned()[1]


def test_a_guard_may_be_taken_away_before_the_entry_and_set_again_after(floor):
    floor.price(PRICE)
    floor.desk.open(trade(), is_active=False)
    floor.desk.modify("1", Moves(removed=frozenset({Role.STOP, Role.TARGET})))
    floor.desk.activate("1")
    floor.price(PRICE)
    floor.price(4_000_000)
    assert floor.only.state is TradeState.OPEN
    floor.desk.modify("1", Moves(stop_ticks=3_900_000, target_ticks=4_100_000))
    floor.price(4_200_000)
    assert floor.only.exit_reason == "target"


def either(floor, **changes):
    """Open two entries of which one is wanted: below the price and above it."""
    floor.price(PRICE)
    for number, other, entry, limit in (
        ("1", "2", EntryOrder("limit"), PRICE - 10_000),
        ("2", "1", EntryOrder("stop", PRICE + 10_000), None),
    ):
        linked = replace(entry, either=other)
        floor.desk.open(trade(number, limit_ticks=limit, entry=linked, **changes))


def told(floor):
    return [
        (one.trade.state.value, one.trade.filled_steps, one.trade.exit_reason)
        for one in floor.desk.trades.values()
    ]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_of_two_entries_the_one_that_fills_cancels_the_other(is_restarted):
    floor = Floor()
    either(floor)
    if is_restarted:
        floor.restart()
    floor.price(PRICE + 10_000)
    floor.price(PRICE - 20_000)  # the other would fill here
    assert told(floor) == [("cancelled", 0, "oco"), ("open", 10_000, "")]
    floor.desk.close("2")
    floor.price(PRICE)
    each, account = floor.earned()
    assert each == account


def test_what_one_entry_fills_in_part_the_other_wants_no_more():
    floor = Floor()
    either(floor)
    floor.now_ms += 1_000
    ticks = PRICE + 10_000
    floor.engine.quote(BTC.key, floor.now_ms, (ticks, ticks, ticks), 4_000)
    floor.desk.follow()
    assert [one.trade.wanted_steps for one in floor.desk.trades.values()] == [6_000, 10_000]
    floor.price(PRICE - 10_000)  # the stop was set off: what is left of it is at the market
    assert told(floor) == [("cancelled", 0, "oco"), ("open", 10_000, "")]


def test_an_entry_that_is_moved_stays_one_of_the_two_and_a_cancelled_one_leaves_the_other():
    floor = Floor()
    either(floor)
    floor.desk.modify("1", Moves(limit_ticks=PRICE - 5_000))
    floor.price(PRICE - 5_000)
    floor.price(PRICE + 20_000)
    assert told(floor) == [("open", 10_000, ""), ("cancelled", 0, "oco")]
    floor = Floor()
    either(floor)
    floor.desk.cancel("1")
    floor.price(PRICE + 10_000)
    assert [state for state, *_ in told(floor)] == ["cancelled", "open"]
