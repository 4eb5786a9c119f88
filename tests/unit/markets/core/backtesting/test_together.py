"""Several instruments in one account: exactly one run where there is one, never more money."""

from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.lanes import Lane
from sonde.markets.core.backtesting.metrics.report import measure, measure_together
from sonde.markets.core.backtesting.results import Fills, Run
from sonde.markets.core.backtesting.running import run
from sonde.markets.core.backtesting.settings import BacktestSettings, Funding, Sizing
from sonde.markets.core.backtesting.together import run_together
from sonde.markets.core.candles import Candles
from sonde.markets.core.engine.listings import Costs
from sonde.markets.core.instruments import unit_value
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.markets.core.strategies.decisions import FLAGS, Decisions
from sonde.markets.core.strategies.protocol import decided
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting.planted import random_walk

_CROSS = strategy_named("sma-cross")
_SETTINGS = {"fast": 3, "slow": 8, "sides": "long"}
_SMALL = BacktestSettings(sizing=Sizing("quote", Decimal(500)))


def lane(seed: int, symbol: str, n: int = 400) -> Lane:
    walk = random_walk(n, seed=seed)
    candles = replace(walk, instrument=replace(walk.instrument, symbol=symbol))
    return Lane(candles, decided(_CROSS, candles, _SETTINGS))


def chance(seed: int, symbol: str, first: int, often: float) -> Lane:
    """Return a perpetual with random wishes; it is listed some bars late."""
    walk = random_walk(120, seed=seed)
    future = {"kind": "perpetual", "max_leverage": Decimal(100)}
    one = replace(walk.instrument, symbol=symbol, **future, maintenance_rate=Decimal("0.005"))
    candles = replace(walk, instrument=one)
    candles = candles.between(int(candles.open_time_ms[first]), int(candles.close_time_ms[-1]))
    flags = np.random.default_rng(seed).random((4, candles.n)) < often
    return Lane(candles, Decisions.of(candles.n, **dict(zip(FLAGS, flags, strict=True))))


def part(one: Lane, first: int, stop: int) -> Lane:
    """Return a lane that has some of the bars only."""
    candles = one.candles
    times = candles.open_time_ms
    kept = candles.between(int(times[first]), int(times[stop - 1]) + 1)
    return Lane(kept, decided(_CROSS, kept, _SETTINGS))


def owing(one: Lane, payments: dict[int, int]) -> Lane:
    """Return the lane of a perpetual that pays rates (parts per 10**9) at moments."""
    candles = replace(one.candles, instrument=replace(one.candles.instrument, kind="perpetual"))
    times = sorted(payments)
    rates = [payments[each] for each in times]
    return replace(
        one, candles=candles, funding=Funding(np.array(times, np.int64), np.array(rates, np.int64))
    )


def alone(one: Lane) -> Run:
    return run(one.candles, one.decisions, replace(_SMALL, funding=one.funding))


LENGTH_MS = 3_600_000
MOMENTS = st.dictionaries(
    st.integers(-2 * LENGTH_MS, 410 * LENGTH_MS), st.integers(-1_000_000, 1_000_000), max_size=60
)


@settings(max_examples=25, deadline=None)
@given(st.lists(MOMENTS, min_size=3, max_size=3))
def test_each_symbol_pays_the_funding_that_it_pays_alone_to_the_last_unit(found) -> None:
    walks = [lane(1, "AUSDT"), lane(2, "BUSDT"), part(lane(3, "CUSDT"), 50, 300)]
    begin = int(walks[0].candles.open_time_ms[0])
    lanes = [
        owing(one, {begin + at: rate for at, rate in each.items()})
        for one, each in zip(walks, found, strict=True)
    ]
    done = run_together(lanes, _SMALL)
    runs = [alone(one) for one in lanes]
    assert done.totals.funding_units == sum(one.totals.funding_units for one in runs)
    assert done.net_profit == sum(one.net_profit for one in runs)
    for one in runs:
        own = done.trades.rows(done.trades.symbol == one.instrument.symbol)
        np.testing.assert_array_equal(own.funding_units, one.trades.funding_units)
        np.testing.assert_array_equal(own.net_units, one.trades.net_units)
    (first,) = [run_together([one], _SMALL) for one in lanes[:1]]
    assert first.totals == runs[0].totals
    np.testing.assert_array_equal(first.equity_units, runs[0].equity_units)


def test_a_payment_is_a_rate_of_what_is_held_at_the_first_open_behind_its_time() -> None:
    lanes = [lane(1, "AUSDT"), lane(2, "BUSDT")]
    times = lanes[1].candles.open_time_ms
    held = run_together(lanes, _SMALL).position_steps[1]
    bar = int(np.flatnonzero((held[:-1] != 0) & (held[:-1] == held[1:]))[0]) + 1
    lanes = [lanes[0], owing(lanes[1], {int(times[bar]) - 1: 123_456})]
    done = run_together(lanes, _SMALL)
    one = lanes[1].candles.instrument
    ticks = round(float(lanes[1].candles.open[bar]) / float(one.tick))
    worth = ticks * int(held[bar - 1]) * unit_value(one, done.currency)
    assert done.totals.funding_units == -(-worth * 123_456 // 10**9) > 0
    by_symbol = {
        name: int(done.trades.rows(done.trades.symbol == name).funding_units.sum())
        for name in ("AUSDT", "BUSDT")
    }
    assert by_symbol == {"AUSDT": 0, "BUSDT": done.totals.funding_units}
    with pytest.raises(Invalid, match="with its candles"):
        run_together(lanes, replace(_SMALL, funding=lanes[1].funding))


def test_one_instrument_together_is_the_run_itself() -> None:
    one = lane(1, "AUSDT")
    alone = run(one.candles, one.decisions, BacktestSettings())
    found = run_together([one], BacktestSettings())
    assert found.totals == alone.totals
    assert found.orders == alone.orders
    np.testing.assert_array_equal(found.equity_units, alone.equity_units)
    np.testing.assert_array_equal(found.trades.net_units, alone.trades.net_units)


def test_small_entries_add_up_to_the_runs_alone() -> None:
    lanes = [lane(1, "AUSDT"), lane(2, "BUSDT"), part(lane(3, "CUSDT"), 50, 300)]
    found = run_together(lanes, _SMALL)
    alone = [run(one.candles, one.decisions, _SMALL) for one in lanes]
    assert found.net_profit == sum(one.net_profit for one in alone)
    assert found.fees == sum(one.fees for one in alone)
    assert len(found.trades) == sum(len(one.trades) for one in alone)
    assert found.closed_at_end == sum(one.closed_at_end for one in alone)
    assert (np.diff(found.trades.exit_time_ms) >= 0).all()
    for one in alone:
        own = found.trades.rows(found.trades.symbol == one.instrument.symbol)
        np.testing.assert_array_equal(own.net_units, one.trades.net_units)
        np.testing.assert_array_equal(own.mae, one.trades.mae)
    assert found.open_positions.max() > 1


@given(
    seeds=st.tuples(st.integers(0, 2**32), st.integers(0, 2**32)),
    first=st.integers(0, 40),
    leverage=st.sampled_from([1, 20, 100]),
    often=st.sampled_from([0.01, 0.1]),
)
@settings(max_examples=25)
def test_bars_are_the_same_while_an_order_waits_elsewhere(
    seeds: tuple[int, int], first: int, leverage: int, often: float
) -> None:
    """An order that nobody fills keeps every bar from being passed by; nothing else changes."""
    lanes = [chance(seeds[0], "AUSDT", 0, often), chance(seeds[1], "BUSDT", first, often)]
    idle = chance(7, "CUSDT", 0, 0.0)
    candles = replace(idle.candles, volume=np.zeros(idle.candles.n))
    waits = Decisions.of(candles.n, enter_long=np.arange(candles.n) == 0)
    on = BacktestSettings(
        sizing=Sizing("quote", Decimal(900)),
        costs=Costs(volume_share=Decimal(1)),
        leverage=Decimal(leverage),
    )
    quiet = run_together([*lanes, Lane(candles, idle.decisions)], on)
    busy = run_together([*lanes, Lane(candles, waits)], on)
    assert busy.orders.submitted == quiet.orders.submitted + 1
    assert (busy.totals, busy.closed_at_end) == (quiet.totals, quiet.closed_at_end)
    for name in ("equity_units", "cash_units", "position_steps", "fill_instrument"):
        np.testing.assert_array_equal(getattr(busy, name), getattr(quiet, name))
    for each in fields(Fills):
        if each.name != "order_id":
            columns = (getattr(one.fills, each.name) for one in (busy, quiet))
            np.testing.assert_array_equal(*columns)


def test_all_the_money_is_spent_once_only() -> None:
    lanes = [lane(1, "AUSDT"), lane(2, "BUSDT")]
    found = run_together(lanes, BacktestSettings())
    assert found.cash_units.min() >= 0
    assert found.orders.rejected == 0
    closed = float(found.start + found.net_profit)
    assert closed == pytest.approx(
        float(found.start) + found.trades.net_units.sum() / 10**8, rel=1e-9
    )
    worth = run_together(
        lanes, replace(BacktestSettings(), sizing=Sizing("equity", Decimal("0.5")))
    )
    assert worth.open_positions.max() == 2


def test_the_report_of_one_instrument_is_that_of_its_run() -> None:
    one = lane(4, "AUSDT", 900)
    bootstrap = Bootstrap(seed=1, draws=50)
    alone = measure(run(one.candles, one.decisions, _SMALL), one.candles, 0.001, bootstrap)
    told = measure_together(run_together([one], _SMALL), [one.candles], 0.001, bootstrap)
    assert told.growth == alone.growth
    assert told.activity == alone.activity
    np.testing.assert_allclose(told.holding, alone.holding, rtol=1e-12)


def test_holding_begins_with_the_first_bar_of_each() -> None:
    lanes = [lane(1, "AUSDT"), part(lane(2, "BUSDT"), 100, 400)]
    found = run_together(lanes, _SMALL)
    told = measure_together(found, [one.candles for one in lanes], 0.0)
    first = 5000 * lanes[0].candles.close[:100] / lanes[0].candles.open[0]
    np.testing.assert_allclose(told.holding[:100], 5000 + first)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: replace(one, instrument=replace(one.instrument, quote="EUR")), "one currency"),
        (lambda one: replace(one, instrument=replace(one.instrument, symbol="AUSDT")), "once"),
        (
            lambda one: Candles(
                one.instrument,
                Timeframe("1d"),
                np.arange(one.n) * 86_400_000,
                *(one.open, one.high, one.low, one.close, one.volume, one.source),
            ),
            "bars of one length",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(change, words) -> None:
    two = lane(2, "BUSDT")
    other = Lane(change(two.candles), two.decisions)
    with pytest.raises(Invalid, match=words):
        run_together([lane(1, "AUSDT"), other], _SMALL)
