"""From decisions to what is done in an account."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from sonde.markets.core.automating import (
    AutomationTerms,
    Wanted,
    entry_wish,
    rows_wanting,
    todo,
    wanted_at,
)
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.sides import Side
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.ticket import AmountKind
from sonde.markets.core.trades import Trade, TradeState
from sonde.platform.core.errors import Invalid

BTC = Instrument(
    "x", "BTCUSDT", "BTC", "USDT", Decimal("0.5"), Decimal("0.1"), Decimal(0), FEE_PRESETS["file"]
)
LONG = Trade("a", BTC.key, Side.LONG, 5, 0)
OPEN = replace(LONG, id="b", state=TradeState.OPEN, filled_steps=5)
CLOSING = replace(OPEN, id="c", state=TradeState.CLOSING)


def _leave(*sides, enter=None):
    return Wanted(enter, frozenset(sides))


def test_an_exit_takes_back_what_waits_and_closes_what_is_open():
    found = todo(_leave(Side.LONG), [LONG, OPEN, CLOSING])
    assert (found.cancel, found.close, found.enter) == (("a",), ("b",), None)
    assert todo(_leave(Side.SHORT), [LONG, OPEN]).is_nothing


def test_an_entry_is_made_once_and_ends_the_other_side_at_the_same_price():
    assert todo(_leave(enter=Side.LONG), [OPEN]).is_nothing
    assert todo(_leave(enter=Side.LONG), [CLOSING]).is_nothing
    turning = todo(_leave(enter=Side.SHORT), [OPEN])
    assert (turning.close, turning.enter) == (("b",), Side.SHORT)
    again = todo(_leave(enter=Side.SHORT), [CLOSING])
    assert (again.close, again.enter) == ((), Side.SHORT)
    waiting = todo(_leave(Side.LONG, enter=Side.SHORT), [LONG])
    assert (waiting.cancel, waiting.enter) == (("a",), Side.SHORT)
    assert todo(_leave(enter=Side.LONG), []).enter is Side.LONG


def test_a_row_of_decisions_is_read_whole():
    column = np.array([np.nan, 99.26])
    decisions = Decisions.of(
        2,
        enter_long=[False, True],
        stop_price=column,
        confidence=np.array([np.nan, 0.7]),
        reason=np.array([-1, 0]),
        reason_names=("up",),
        indicators={"rsi": column},
    )
    assert rows_wanting(decisions).tolist() == [False, True]
    wanted = wanted_at(decisions, 1)
    assert (wanted.enter, wanted.reason, wanted.indicators) == (Side.LONG, "up", {"rsi": 99.26})
    wish = entry_wish(wanted, AutomationTerms(Decimal(50)), BTC, "mine")
    assert (wish.stop.value, wish.target, wish.confidence) == (
        Decimal("99.5"),
        None,
        Decimal("0.7"),
    )
    assert (wish.tag, wish.own_levels_only) == ("mine", True)
    assert wanted_at(decisions, 0) == Wanted(None, frozenset())


def test_a_trailing_distance_and_a_size_of_its_own_are_taken_over():
    column = np.array([1.25])
    decisions = Decisions.of(
        1, enter_short=[True], stop_price=column, trail_distance=column, size_fraction=column / 5
    )
    wish = entry_wish(wanted_at(decisions, 0), AutomationTerms(Decimal(50)), BTC, "mine")
    assert (wish.trail, wish.stop) == (Decimal("1.5"), None)
    assert (wish.amount.value, wish.amount.kind) == (Decimal(25), AmountKind.PERCENT)


@pytest.mark.parametrize("flags", [("enter_long", "enter_short"), ("enter_long", "exit_long")])
def test_wishes_that_contradict_each_other_are_no_entry(flags):
    assert wanted_at(Decisions.of(1, **{name: [True] for name in flags}), 0).enter is None


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal(0)},
        {"amount": Decimal(101), "amount_kind": AmountKind.PERCENT},
        {"leverage": Decimal("0.5")},
        {"latency_ms": -1},
    ],
)
def test_terms_that_cannot_be_are_refused(changes):
    with pytest.raises(Invalid):
        AutomationTerms(**changes)
