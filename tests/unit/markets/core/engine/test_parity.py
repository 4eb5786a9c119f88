"""Both engines, driven alike: the same fills, states, holds and balances to the last unit."""

import os
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.engine.reference import Bar, Request, Terms
from tests.unit.markets.core.engine.desks import Desk, FastDesk, SlowDesk, buy, flat
from tests.unit.markets.core.engine.markets import Step, act, scripts, terms

SOAK = os.environ.get("SONDE_SOAK") == "1"
SOME = settings(max_examples=10_000 if SOAK else 80)
FEW = settings(max_examples=1_000 if SOAK else 10)


def face(desk: Desk) -> dict[str, Any]:
    """Return all that can be seen of a desk."""
    told = [desk.order(number) for number in range(1, desk.submitted + 1)]
    return {
        "fills": list(desk.fills),
        "books": desk.books,
        "equity": desk.equity,
        "ambiguous": desk.ambiguous,
        "orders": [(one.state, one.code, one.filled, one.held, one.fired) for one in told],
        "open": [
            (one.quantity, one.limit, one.best)
            for one in told
            if one.state in ("accepted", "partially_filled")
        ],
    }


def same_at_every_step(on: Terms, script: list[Step]) -> bool:
    """Drive both and compare after every step; return whether nothing was too large."""
    slow, fast = SlowDesk(on), FastDesk(on)
    for step in [*script, Step("close_all", ())]:
        before = face(fast)
        answer = act(fast, step)
        if answer == "AmountTooLarge":  # the reference knows no bound
            assert face(fast) == before
            return False
        assert answer == act(slow, step), step
        assert face(fast) == face(slow), step
    return True


@given(on=terms(), script=scripts())
@SOME
def test_bars(on: Terms, script: list[Step]) -> None:
    assert same_at_every_step(on, script)


@given(on=terms(), script=scripts(quotes=True))
@SOME
def test_quotes(on: Terms, script: list[Step]) -> None:
    assert same_at_every_step(on, script)


@given(on=terms(), script=scripts(bars=40))
@FEW
def test_long_runs(on: Terms, script: list[Step]) -> None:
    assert same_at_every_step(on, script)


@given(on=terms(), script=scripts(), data=st.data())
@FEW
def test_large_amounts_are_exact_or_refused_never_wrapped(
    on: Terms, script: list[Step], data: st.DataObject
) -> None:
    unit = data.draw(st.integers(10**9, 10**16))
    money = data.draw(st.sampled_from([10**17, 2**62, 2**63 - 1]))
    same_at_every_step(replace(on, unit_value=unit, start=money), script)


def test_what_an_order_gives_back_beside_a_profit_is_refused_at_the_limit() -> None:
    """What a smaller hold frees was once added to a full account without a look at the limit."""
    on = Terms(start=2**63 - 1, unit_value=10**9, leverage=1000, share=10**9)
    entry = Request("limit", 1, 33, limit=980, force="gtd", expires_ms=360_000)
    guards = (
        Request("stop", -1, 0, trigger=980, reduce_only=True),
        Request("take_profit", -1, 0, trigger=980, reduce_only=True),
    )
    script = [
        Step("bar", (flat(0, 1_000, 0),)),
        Step("submit", (buy("market", 1),)),
        Step("bar", (Bar(60_000, 1_000, 1_000, 980, 980, 0),)),
        Step("bracket", (entry, *guards)),
        Step("bar", (flat(2, 980, 0),)),
        Step("bar", (Bar(180_000, 980, 980, 979, 979, 0),)),
        Step("bar", (Bar(240_000, 979, 984, 979, 984, 30),)),
        Step("bar", (Bar(300_000, 984, 984, 984, 984, 30),)),
    ]
    same_at_every_step(on, script)


def test_defect_any_number_of_fundings_is_settled_at_one_price() -> None:
    """After a long gap thousands are due at once; they once overran the room for events."""
    on, rates = Terms(start=10**9), [Step("funding", (60_000 + k, 100_000)) for k in range(700)]
    begin = [Step("submit", (buy("market", 10),)), Step("bar", (flat(0, 10_000),))]
    assert same_at_every_step(on, [*begin, *rates, Step("bar", (flat(20, 10_000),))])
