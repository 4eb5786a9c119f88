"""Laws that need no second engine: whatever happens, they hold on every engine there is."""

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.engine.reference import Bar, Terms
from tests.unit.markets.core.engine.desks import DESKS, MINUTE, Desk, buy, sell
from tests.unit.markets.core.engine.markets import Step, act, requests, scripts, shapes, terms

SOAK = os.environ.get("SONDE_SOAK") == "1"
SOME = settings(max_examples=3_000 if SOAK else 40)
FEW = settings(max_examples=1_000 if SOAK else 20)
ENGINES = pytest.mark.parametrize("name", sorted(DESKS))
ENDED = ("filled", "cancelled", "expired", "rejected")


def books_balance(desk: Desk) -> None:
    """Free + held + margin is what the postings say, and every order's hold adds up (2.1)."""
    account, books = desk.books, desk.books.postings
    owned = account.free + account.held + account.margin
    assert owned == books["transfers"] + books["gross"] - books["fees"] - books["funding"]
    assert min(account.free, account.held, account.margin, account.cost) >= 0
    orders = [desk.order(number) for number in range(1, desk.submitted + 1)]
    assert sum(order.held for order in orders) == account.held
    assert all(order.held == 0 for order in orders if order.state in ENDED)
    fills = desk.fills
    assert sum(fill.fee for fill in fills) == books["fees"]
    assert sum(fill.gross for fill in fills) == books["gross"]
    assert sum(fill.side * fill.quantity for fill in fills) == account.position


@ENGINES
@given(on=terms(), script=st.one_of(scripts(), scripts(quotes=True)))
@SOME
def test_money_is_conserved_after_every_event(name: str, on: Terms, script: list[Step]) -> None:
    desk = DESKS[name](on)
    for step in script:
        act(desk, step)
        books_balance(desk)
        if on.spot:
            assert desk.books.position >= 0


@ENGINES
@given(on=terms(), script=st.one_of(scripts(), scripts(quotes=True)))
@SOME
def test_no_order_is_lost_or_filled_twice(name: str, on: Terms, script: list[Step]) -> None:
    desk = DESKS[name](on)
    ended: dict[int, tuple[str, int]] = {}
    for step in script:
        act(desk, step)
        filled: dict[int, int] = {}
        for fill in desk.fills:
            filled[fill.order] = filled.get(fill.order, 0) + fill.quantity
        for number in range(1, desk.submitted + 1):
            order = desk.order(number)
            assert order.filled == filled.get(number, 0) <= max(order.quantity, 0)
            if order.code != "oco":  # whose rest was taken by its group ends cancelled
                assert (order.state == "filled") == (order.filled > 0 and order.remaining == 0)
            if number in ended:  # what has ended never moves again
                assert ended[number] == (order.state, order.filled)
            if order.state in ENDED:
                ended[number] = (order.state, order.filled)


@ENGINES
@given(on=terms(), script=scripts())
@SOME
def test_prices_lie_in_the_bar_and_liquidity_is_used_once(
    name: str, on: Terms, script: list[Step]
) -> None:
    desk = DESKS[name](on)
    for step in script:
        before = len(desk.fills)
        act(desk, step)
        new = desk.fills[before:]
        if step.name != "bar":
            assert not new
            continue
        one: Bar = step.facts[0]
        for fill in new:
            jumped = (
                fill.maker and fill.side * (fill.reference - one.open) > 0
            )  # worse than the open
            assert jumped or one.low <= fill.reference <= one.high
            assert fill.side * (fill.price - fill.reference) >= 0 or fill.price == 1
            assert fill.slippage == abs(fill.price - fill.reference) * fill.quantity * on.unit_value
            if fill.maker:
                assert fill.price == desk.order(fill.order).limit == fill.reference
        if on.share is not None:
            used = sum(fill.quantity for fill in new if fill.order)
            assert used <= one.volume * on.share // 10**9


@ENGINES
@given(
    on=terms(),
    point=st.just(1_000),
    data=st.data(),
    side=st.sampled_from([1, -1]),
    away=st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
@SOME
def test_a_bar_never_ends_better_than_its_detail_in_any_order(
    name: str, on: Terms, point: int, data: st.DataObject, side: int, away: tuple[int, int]
) -> None:
    """A position with a stop and a target: the bar alone is never better than both its ways."""
    free = replace(
        on, spot=False, share=None, start=10**9, min_notional=0, maintenance=0, leverage=100,
        half_spread=0, impact=0, latency_ms=0,
    )  # fmt: skip
    opening, high, low, close, _ = data.draw(shapes(point))
    ends = []
    whole = [(opening, high, low, close)]
    up = [(opening, high, opening, high), (high, high, low, low)]
    down = [(opening, opening, low, low), (low, high, low, high)]
    last = {"up": (low, max(low, close), low, close), "down": (high, high, min(high, close), close)}
    for way in (whole, [*up, last["up"]], [*down, last["down"]]):
        desk = DESKS[name](free)
        entry = buy("market", 10) if side > 0 else sell("market", 10)
        out = sell if side > 0 else buy
        desk.submit(
            entry,
            out("stop", 0, trigger=point - side * away[0], reduce_only=True),
            out("take_profit", 0, trigger=point + side * away[1], reduce_only=True),
        )
        desk.on_bar(Bar(0, point, point, point, point, 0))
        for k, prices in enumerate(way):
            desk.on_bar(Bar((k + 1) * MINUTE, *prices, 0))
        ends.append(desk.equity)
    assert ends[0] <= min(ends[1:])


@ENGINES
@given(on=terms(), data=st.data())
@FEW
def test_a_higher_fee_never_ends_better(name: str, on: Terms, data: st.DataObject) -> None:
    """With money enough for everything the fills are the same, so only the fee tells."""
    rich = replace(on, start=10**12, leverage=100, maintenance=0)
    script = [step for step in data.draw(scripts()) if step.name in ("bar", "submit", "bracket")]
    ends = []
    for more in (0, 1, 1_000_000):
        desk = DESKS[name](replace(rich, taker=rich.taker + more, maker=rich.maker + more))
        for step in script:
            act(desk, step)
        ends.append((desk.equity, [(fill.price, fill.quantity) for fill in desk.fills]))
    assert ends[0][1] == ends[1][1] == ends[2][1]
    assert ends[0][0] >= ends[1][0] >= ends[2][0]


@ENGINES
@given(on=terms(), data=st.data())
@FEW
def test_what_is_not_eligible_does_not_act(name: str, on: Terms, data: st.DataObject) -> None:
    late = replace(on, latency_ms=MINUTE + 1)
    desk = DESKS[name](late)
    desk.on_bar(Bar(0, 1_000, 1_000, 1_000, 1_000, 10**6))
    for _ in range(3):
        desk.submit(data.draw(requests(1_000, 1)))
    for minute in (1, 2):
        desk.on_bar(Bar(minute * MINUTE, *data.draw(shapes(1_000))))
    assert desk.fills == []
