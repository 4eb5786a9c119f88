"""The engine as services use it: states, brackets, journal; refusals change nothing."""

import json
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.engine.engine import Engine
from sonde.markets.core.engine.journal import JournalEntry
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.engine.listings import Costs, EngineSettings, Listing
from sonde.markets.core.engine.orders import MOVES, OrderRequest
from sonde.markets.core.instruments import FeeSchedule, Instrument
from sonde.markets.core.money import AmountTooLarge, Currency
from sonde.platform.core.errors import Conflict, Invalid, NotFound

MINUTE = 60_000
BTC = Instrument(
    "x",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.001"),
    Decimal(0),
    FeeSchedule(Decimal("0.0005"), Decimal("0.001")),
    kind="perpetual",
    max_leverage=Decimal(50),
    maintenance_rate=Decimal("0.005"),
)
ETH = replace(BTC, symbol="ETHUSDT", base="ETH", kind="spot", max_leverage=Decimal(1))
BOTH = EngineSettings(
    Currency("USDT", 5),
    (Listing(BTC, Decimal(10)), Listing(ETH, costs=Costs(volume_share=Decimal("0.1")))),
)


def opened(money: int = 10**9) -> Engine:
    """Return an engine with money."""
    engine = Engine(BOTH)
    engine.transfer(money)
    return engine


def market(quantity: int, side: int = 1, key: str = BTC.key) -> OrderRequest:
    """Return a market order."""
    return OrderRequest(key, "market", side, quantity)


def flat(minute: int, price: int, volume: int = 10**6) -> Bar:
    """Return a bar that never moves."""
    return Bar(minute * MINUTE, price, price, price, price, volume)


def test_one_account_holds_positions_in_several_instruments() -> None:
    engine = opened()
    engine.submit(market(1_000))
    engine.submit(market(50, key=ETH.key))
    engine.on_bar(BTC.key, flat(0, 10_000), MINUTE)
    engine.on_bar(ETH.key, flat(0, 500, volume=300), MINUTE)
    assert [one.steps for one in engine.positions()] == [1_000, 30]
    balance = engine.balance()
    assert balance.margin == 1_000_000 + 15_000
    assert balance.fees == 10_000 + 15
    assert balance.equity == 10**9 - balance.fees
    assert engine.position(BTC.key).liquidation == 9_045


def test_a_pending_order_waits_to_be_activated() -> None:
    engine = opened()
    number = engine.submit(market(10), is_pending=True)
    engine.on_bar(BTC.key, flat(0, 100), MINUTE)
    assert engine.order(number).state == "pending"
    with pytest.raises(Conflict):
        engine.modify(number, quantity=5)
    engine.activate(number)
    assert engine.order(number).state == "accepted"
    with pytest.raises(Conflict, match="activated"):
        engine.activate(number)
    engine.on_bar(BTC.key, flat(1, 100), MINUTE)
    assert engine.order(number).state == "filled"
    with pytest.raises(Conflict, match="filled"):
        engine.cancel(number)


def test_a_pending_order_that_cannot_begin_ends_with_its_code() -> None:
    engine = opened(1_000)
    number = engine.submit(market(10**6), is_pending=True)
    engine.on_bar(BTC.key, flat(0, 100), MINUTE)
    engine.activate(number)
    assert (engine.order(number).state, engine.order(number).code) == (
        "cancelled",
        "insufficient_balance",
    )


def test_the_child_of_an_entry_cannot_be_activated() -> None:
    engine = opened()
    stop = OrderRequest(BTC.key, "stop", -1, 0, trigger=90, reduce_only=True)
    entry = engine.submit(market(10), stop)
    with pytest.raises(Conflict, match="entry"):
        engine.activate(entry + 1)


def test_a_child_on_the_wrong_side_is_refused() -> None:
    with pytest.raises(Invalid, match="against"):
        opened().submit(market(10), OrderRequest(BTC.key, "stop", 1, 0, trigger=90))


def test_more_orders_than_the_table_has_rows() -> None:
    engine = opened()
    engine.on_bar(BTC.key, flat(0, 100), MINUTE)
    for number in range(1, 201):
        assert engine.submit(OrderRequest(BTC.key, "limit", 1, 10, limit=10)) == number
    assert len(engine.orders()) == 200
    engine.on_bar(BTC.key, flat(1, 9), MINUTE)
    assert engine.orders() == ()
    assert {engine.order(number).state for number in range(1, 201)} == {"filled"}
    assert engine.position(BTC.key).steps == 2_000


def test_a_reset_begins_anew_and_keeps_the_journal() -> None:
    engine = opened()
    engine.submit(market(10))
    engine.on_bar(BTC.key, flat(0, 100), MINUTE)
    waiting = engine.submit(OrderRequest(BTC.key, "limit", 1, 10, limit=50))
    rows = len(engine.journal)
    engine.reset(5_000)
    assert (engine.balance().free, engine.balance().fees) == (5_000, 0)
    assert engine.position(BTC.key).steps == 0
    assert engine.order(waiting).code == "reset"
    assert len(engine.journal) == rows + 2
    assert engine.submit(market(1)) == waiting + 1
    with pytest.raises(Invalid):
        engine.reset(-1)


def test_what_is_refused_changes_nothing() -> None:
    engine = opened()
    engine.on_bar(BTC.key, flat(5, 100), MINUTE)
    number = engine.submit(OrderRequest(BTC.key, "limit", 1, 10, limit=50))
    before = engine.fingerprint()
    asked = (BTC.key, 10 * MINUTE, (2, 3, 2))
    wrong = (
        ((), ((3, 1),)),  # no bid
        (((1, 1),), ((3, 1),)),  # not the quote's bid
        (((2, 1), (2, 1)), ((3, 1),)),  # twice
        (((2, -1),), ((3, 1),)),  # less than nothing offered
        (((2, 1),), tuple((3 + k, 1) for k in range(21))),
    )
    refusals = (
        (NotFound, lambda: engine.cancel(9)),
        (NotFound, lambda: engine.submit(market(1, key="x:ZZZ"))),
        (Invalid, lambda: engine.modify(number, trigger=3)),
        (Invalid, lambda: engine.modify(number, quantity=0)),
        (Invalid, lambda: engine.transfer(-(10**10))),
        (Invalid, lambda: engine.on_bar(BTC.key, Bar(10 * MINUTE, 5, 4, 3, 4, 0), MINUTE)),
        (Invalid, lambda: engine.on_bar(BTC.key, flat(4, 100), MINUTE)),
        (Invalid, lambda: engine.on_quote(BTC.key, 0, (1, 1, 1))),
        *((Invalid, lambda book=book: engine.on_quote(*asked, None, book)) for book in wrong),
        (Invalid, lambda: engine.on_quote(*asked, 5, (((2, 1),), ((3, 1),)))),
        (Invalid, lambda: engine.on_quote(BTC.key, 10 * MINUTE, (3, 2, 2))),
        (AmountTooLarge, lambda: engine.transfer(2**63)),
        (AmountTooLarge, lambda: engine.transfer(2**63 - 2)),
        (AmountTooLarge, lambda: engine.submit(OrderRequest(BTC.key, "limit", 1, 2**62, limit=9))),
    )
    for error, attempt in refusals:
        with pytest.raises(error):
            attempt()
        assert engine.fingerprint() == before


@pytest.mark.parametrize(
    "words", [{"kind": "iceberg"}, {"side": 2}, {"force": "DAY"}, {"post_only": True}]
)
def test_words_that_are_not_there_are_refused(words: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        replace(market(1), **words)  # type: ignore[arg-type]


def test_a_late_bar_does_not_fill_what_was_submitted_after_its_open() -> None:
    engine = opened()
    engine.on_bar(BTC.key, flat(0, 100), MINUTE)
    early = engine.submit(market(10))
    late = engine.submit(market(5), time_ms=2 * MINUTE + 300)
    engine.on_bar(BTC.key, flat(1, 100), MINUTE)
    assert [engine.order(one).state for one in (early, late)] == ["filled", "accepted"]
    assert engine.now_ms == 2 * MINUTE + 300
    with pytest.raises(Invalid, match="seen"):
        engine.on_bar(BTC.key, flat(1, 100), MINUTE)
    engine.on_bar(BTC.key, flat(3, 100), MINUTE)
    assert engine.order(late).state == "filled"


def test_funding_is_settled_at_the_next_price() -> None:
    engine = opened()
    engine.submit(market(10_000))
    engine.on_bar(BTC.key, flat(0, 10_000), MINUTE)
    assert engine.on_funding(BTC.key, MINUTE, 100_000) == []
    events = engine.on_bar(BTC.key, flat(1, 10_001), MINUTE)
    assert [(event.kind, event.gross) for event in events] == [("funding", 10_001)]
    assert engine.balance().funding == 10_001


@st.composite
def days(draw: st.DrawFn) -> Engine:
    """Return an engine after a random day of two instruments."""
    random = Random(draw(st.integers(0, 2**32)))
    engine = opened(10 ** random.randint(5, 9))
    price = 1_000
    for minute in range(draw(st.integers(1, 12))):
        for _ in range(random.randint(0, 3)):
            act(engine, random, price)
        low, high = price - random.randint(0, 40), price + random.randint(0, 40)
        close = random.randint(low, high)
        bar = Bar(minute * MINUTE, price, high, low, close, random.choice((0, 50, 10**6)))
        for key in (BTC.key, ETH.key):
            engine.on_bar(key, bar, MINUTE)
        price = close
    return engine


def act(engine: Engine, random: Random, price: int) -> None:
    """Do something that may be refused."""
    key, side = random.choice((BTC.key, ETH.key)), random.choice((1, -1))
    near = max(price + random.randint(-30, 30), 1)
    kind = random.choice(("market", "limit", "stop", "stop_limit", "take_profit", "trailing"))
    request = OrderRequest(
        key, kind, side, random.choice((1, 40, 900)), limit=near, trigger=near, distance=9
    )
    stop = OrderRequest(key, "trailing", -side, 0, distance=20, reduce_only=True)
    target = OrderRequest(
        key, "take_profit", -side, 0, trigger=max(price + 25 * side, 1), reduce_only=True
    )
    deeds = (
        lambda: engine.submit(request, stop, target),
        lambda: engine.submit(request, is_pending=random.random() < 0.3),
        lambda: engine.submit_oco((request, replace(request, side=-side))),
        lambda: engine.cancel(random.randint(1, 12)),
        lambda: engine.activate(random.randint(1, 12)),
        lambda: engine.modify(random.randint(1, 12), quantity=random.randint(1, 99)),
        lambda: engine.transfer(random.choice((10**6, -1_000))),
        lambda: engine.on_funding(key, engine.now_ms, random.choice((10**5, -(10**5)))),
        lambda: engine.close_all(key),
        lambda: engine.reset(10**8) if random.random() < 0.1 else None,
    )
    try:
        random.choice(deeds)()
    except (Conflict, Invalid, NotFound):
        return


@given(days(), st.data())
@settings(max_examples=40)
def test_acceptance_a_journal_cut_anywhere_restores_the_same_account(
    engine: Engine, data: st.DataObject
) -> None:
    assert Engine.restore(BOTH, engine.journal).fingerprint() == engine.fingerprint()
    cut = data.draw(st.integers(0, len(engine.journal)))
    half = Engine.restore(BOTH, engine.journal[:cut])
    assert engine.journal[:cut] == half.journal[:cut]
    for entry in engine.journal[len(half.journal) :]:
        if entry.kind != "event":
            half._append(entry.kind, entry.facts, entry.time_ms)
    assert half.fingerprint() == engine.fingerprint()


@given(days())
@settings(max_examples=40)
def test_acceptance_money_is_conserved_and_states_move_as_they_may(engine: Engine) -> None:
    state, resets = {}, 0
    for entry in engine.journal:
        facts = entry.facts
        resets += entry.kind == "reset"
        if entry.kind != "event" or not facts["order"]:
            continue
        before = state.get(facts["order"], "new")
        same = facts["kind"] in ("triggered", "modified")
        assert before == facts["state"] if same else facts["state"] in MOVES[before]
        state[facts["order"]] = facts["state"]
    balance = engine.balance()
    pots = balance.free + balance.held + balance.margin
    assert pots == balance.transfers + balance.gross - balance.fees - balance.funding
    assert min(balance.free, balance.held, balance.margin) >= 0
    assert balance.held == sum(order.held for order in engine.orders())


@given(days(), days(), st.integers(0, 100))
@settings(max_examples=30)
def test_a_journal_that_begins_with_a_snapshot_is_whole(
    engine: Engine, other: Engine, cut: int
) -> None:
    engine.submit(OrderRequest(BTC.key, "limit", 1, 1, limit=1))
    row = json.loads(json.dumps(vars(engine.snapshot())))
    start = len(engine.journal) - 1
    later = [one for one in other.journal if one.kind not in ("event", "cancel", "activate")]
    for entry in later[: cut % (len(later) + 1)]:
        at_ms = engine.now_ms if entry.kind != "bar" else entry.time_ms + 20 * MINUTE
        facts = dict(entry.facts)
        if entry.kind == "bar":
            facts["bar"] = [at_ms, *facts["bar"][1:]]
        with suppress(Conflict, Invalid, NotFound):
            engine._append(entry.kind, facts, at_ms)
    kept = [JournalEntry(**row), *engine.journal[start + 1 :]]
    again = Engine.restore(BOTH, kept)
    assert again.fingerprint()[:3] == engine.fingerprint()[:3]
    assert again.journal == kept
    assert Engine.restore(BOTH, engine.journal).fingerprint() == engine.fingerprint()
    with pytest.raises(Conflict, match="snapshot"):
        Engine.restore(EngineSettings(BOTH.currency, BOTH.listings[:1]), kept)
    row["facts"]["rows"] = [numbers[:-1] for numbers in row["facts"]["rows"]]
    with pytest.raises(Conflict, match="version"):
        Engine.restore(BOTH, [JournalEntry(**row)])


def test_a_journal_of_other_settings_is_refused() -> None:
    engine = opened()
    engine.submit(market(10))
    engine.on_bar(BTC.key, flat(0, 100), MINUTE)
    dearer = FeeSchedule(Decimal(0), Decimal("0.01"))
    other = EngineSettings(BOTH.currency, (Listing(BTC, Decimal(10), dearer), BOTH.listings[1]))
    with pytest.raises(Conflict, match="does not follow"):
        Engine.restore(other, engine.journal)
    with pytest.raises(Conflict, match="no row"):
        Engine.restore(BOTH, engine.journal[2:])
    extra = JournalEntry(len(engine.journal) + 1, 0, "event", {})
    with pytest.raises(Conflict, match="more rows"):
        Engine.restore(BOTH, [*engine.journal, extra])


@pytest.mark.parametrize(
    "made",
    [
        lambda: Listing(BTC, Decimal(51)),
        lambda: Listing(BTC, Decimal("1.001")),
        lambda: Listing(BTC, latency_ms=-1),
        lambda: Costs(half_spread_ppm=-1),
        lambda: Costs(volume_share=Decimal(2)),
        lambda: Costs(limit_fill="maybe"),
        lambda: EngineSettings(Currency("USDT"), ()),
        lambda: EngineSettings(Currency("USDT"), (Listing(BTC), Listing(BTC))),
    ],
)
def test_settings_out_of_range_are_refused(made: object) -> None:
    with pytest.raises(Invalid):
        made()  # type: ignore[operator]
