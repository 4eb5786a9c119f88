"""Paper against backtest: what differs, and which setting makes it."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from sonde.markets.core.backtesting.parity import Conditions, conditions_of, parity
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.engine.listings import Costs
from sonde.markets.core.instruments import FeeSchedule
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting.made import HOUR_MS, trades_of
from tests.unit.markets.core.backtesting.planted import random_walk

_FEES = FeeSchedule(Decimal("0.001"), Decimal("0.001"))
_TOLD = Conditions(HOUR_MS, _FEES, {"slippage_ppm": 0})
_TRADES = trades_of([5.0, -3.0, 2.0])


def _changed(column: str, row: int, by: float):
    values = np.array(getattr(_TRADES, column))
    values[row] += by
    return replace(_TRADES, **{column: values})


def test_the_same_trades_have_no_difference() -> None:
    found = parity(_TRADES, _TRADES, (_TOLD, _TOLD))
    assert (found.identical, found.differences) == (3, ())


@pytest.mark.parametrize(
    ("column", "by", "kind"),
    [
        ("entry_time_ms", HOUR_MS, "time"),
        ("exit_time_ms", HOUR_MS, "time"),
        ("entry_price", 0.01, "price"),
        ("exit_price", -0.01, "price"),
        ("quantity_steps", -1, "quantity"),
        ("fees_units", 1, "fee"),
    ],
)
def test_a_difference_without_a_reason_is_unexplained(column: str, by: float, kind: str) -> None:
    found = parity(_changed(column, 1, by), _TRADES, (_TOLD, _TOLD))
    (one,) = found.unexplained
    assert (one.kind, one.paper_row, one.backtest_row) == (kind, 1, 1)
    assert one.paper - one.backtest == pytest.approx(by)
    assert found.identical == 2


def test_missing_and_extra_trades_are_named() -> None:
    paper = _TRADES.rows(np.array([0, 2]))
    found = parity(paper, _TRADES, (_TOLD, _TOLD))
    assert [(each.kind, each.backtest_row) for each in found.differences] == [("missing", 1)]
    turned = parity(_TRADES, paper, (_TOLD, _TOLD))
    assert [(each.kind, each.paper_row) for each in turned.differences] == [("extra", 1)]
    assert found.pairs == ((0, 0), (1, 2))


def test_a_stale_feed_explains_a_missing_entry() -> None:
    blocked = replace(_TOLD, stale_ms=((9 * HOUR_MS, 11 * HOUR_MS),))
    found = parity(_TRADES.rows(np.array([0, 2])), _TRADES, (blocked, _TOLD))
    assert found.differences[0].explanation == "stale feed: entries were blocked"


def test_latency_explains_a_later_fill_and_what_follows_from_it() -> None:
    late = replace(_TOLD, latency_ms=500)
    paper = replace(
        _changed("entry_time_ms", 0, HOUR_MS),
        entry_price=_TRADES.entry_price + np.array([0.5, 0, 0]),
        quantity_steps=_TRADES.quantity_steps - np.array([4, 1, 0]),
        fees_units=_TRADES.fees_units - np.array([40, 10, 0]),
    )
    found = parity(paper, _TRADES, (late, _TOLD))
    assert found.unexplained == ()
    assert [each.kind for each in found.differences] == [
        "time",
        "price",
        "quantity",
        "fee",
        "quantity",
        "fee",
    ]
    assert found.differences[0].explanation.startswith("latency: 500 ms later")
    assert found.differences[4].explanation.startswith("follows from an earlier trade")


@pytest.mark.parametrize(
    ("column", "by", "paper", "words"),
    [
        ("exit_price", -0.02, {"costs": {"slippage_ppm": 200}}, "costs: spread"),
        ("exit_price", -0.02, {"detail_ms": 60_000}, "finer candles: the order"),
        ("exit_time_ms", 60_000, {"detail_ms": 60_000}, "finer candles: one side"),
        ("fees_units", 9, {"fees": FeeSchedule(Decimal(0), Decimal("0.002"))}, "fees: another"),
        ("exit_price", -0.02, {"latency_ms": 250}, "latency: the order met"),
    ],
)
def test_settings_explain_differences(column: str, by: float, paper: dict, words: str) -> None:
    found = parity(_changed(column, 2, by), _TRADES, (replace(_TOLD, **paper), _TOLD))
    (one,) = found.differences
    assert one.explanation.startswith(words)
    assert found.count(one.kind) == 1


def test_other_symbols_and_sides_are_other_trades() -> None:
    turned = replace(_TRADES, side=np.array([1, -1, 1], np.int8))
    found = parity(turned, _TRADES, (_TOLD, _TOLD))
    assert {each.kind for each in found.differences} == {"missing", "extra"}


def test_bars_of_other_lengths_are_refused() -> None:
    with pytest.raises(Invalid, match="two strategies"):
        parity(_TRADES, _TRADES, (_TOLD, replace(_TOLD, timeframe_ms=60_000)))


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ({"latency_ms": 5 * HOUR_MS}, "latency: over before"),
        ({"costs": {"volume_share": 0.1}}, "costs: another volume share"),
        ({"detail_ms": 60_000}, "finer candles: the order of high and low"),
        ({}, ""),
    ],
)
def test_a_trade_that_only_the_backtest_has_is_explained(paper: dict, words: str) -> None:
    only = _TRADES.rows(np.array([0, 2]))
    found = parity(only, _TRADES, (replace(_TOLD, **paper), _TOLD))
    (one,) = found.differences
    assert one.kind == "missing"
    assert one.explanation.startswith(words)
    assert one.is_explained == bool(words)


@pytest.mark.parametrize("turned", [False, True])
def test_a_trade_is_paired_with_the_nearest(turned: bool) -> None:
    """Entries at 0 h and 0.9 h against one at 1 h: the second is the same trade."""
    two = trades_of([1.0, 1.0], entry_time_ms=np.array([0, 9 * HOUR_MS // 10]))
    one = trades_of([1.0], entry_time_ms=np.array([HOUR_MS]))
    sides = (one, two) if turned else (two, one)
    found = parity(*sides, (_TOLD, _TOLD))
    assert found.pairs == (((0, 1),) if turned else ((1, 0),))


def test_a_stale_feed_and_a_volume_share_move_fills_in_time() -> None:
    moved = _changed("entry_time_ms", 0, HOUR_MS)
    stale = replace(_TOLD, stale_ms=((0, HOUR_MS),))
    assert parity(moved, _TRADES, (stale, _TOLD)).differences[0].explanation.startswith("stale")
    other = replace(_TOLD, costs={"volume_share": 0.1})
    assert parity(moved, _TRADES, (other, _TOLD)).differences[0].explanation.startswith("costs")


def test_fees_limit_the_quantity() -> None:
    dear = replace(_TOLD, fees=FeeSchedule(Decimal(0), Decimal("0.002")))
    found = parity(_changed("quantity_steps", 2, -1), _TRADES, (dear, _TOLD))
    assert found.differences[0].explanation.startswith("fees: what is kept")


def test_conditions_come_from_the_settings() -> None:
    walk = random_walk(5)
    told = conditions_of(walk, BacktestSettings(costs=Costs(slippage_ppm=3), latency_ms=7), walk)
    assert (told.timeframe_ms, told.latency_ms, told.detail_ms) == (HOUR_MS, 7, HOUR_MS)
    assert told.costs["slippage_ppm"] == 3
    assert told.fees == walk.instrument.fees
