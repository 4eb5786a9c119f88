"""Backtests by hand, by the second engine, and against four other programs' trade counts."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.backtesting.compiling import fill_cache
from sonde.markets.core.backtesting.lanes import Lane, course_of
from sonde.markets.core.backtesting.running import (
    EXIT_REASONS,
    BacktestSettings,
    Costs,
    Funding,
    Sizing,
    run,
)
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.engine.reference import Bar, Terms
from sonde.markets.core.engine.reference.backtest import Size, Wish
from sonde.markets.core.engine.reference.backtest import run as run_slowly
from sonde.markets.core.instruments import FeeSchedule, Instrument, inferred_instrument
from sonde.markets.core.money import AmountTooLarge, Currency
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

MINUTE = 60_000
FREE = FeeSchedule(Decimal(0), Decimal(0))
COIN = Instrument("x", "XUSD", "X", "USD", Decimal(1), Decimal(1), Decimal(0), FREE)
FUTURE = replace(COIN, kind="perpetual", max_leverage=Decimal(100))
WHOLE = Currency("USD", 0)
SOURCE = Provenance("x", "file", "x.csv", "", 0)


def candles_of(rows, volume=1_000, instrument=COIN, timeframe="1m", first_ms=0) -> Candles:
    """Return minutes from rows of open, high, low, close."""
    opened, high, low, close = np.array(rows, dtype=float).reshape(-1, 4).T
    length = Timeframe(timeframe)
    times = first_ms + np.arange(len(close)) * length.ms
    volumes = np.full(len(close), float(volume))
    return Candles(instrument, length, times, opened, high, low, close, volumes, SOURCE)


def flat(*prices) -> list[tuple[int, int, int, int]]:
    """Return bars that never move."""
    return [(price,) * 4 for price in prices]


def at(n: int, *bars: int) -> np.ndarray:
    """Return flags that are true at some bars."""
    found = np.zeros(n, dtype=bool)
    found[list(bars)] = True
    return found


def told(n: int, bar: int, value: float) -> np.ndarray:
    """Return a column with one number in it."""
    found = np.full(n, np.nan)
    found[bar] = value
    return found


PLAIN = BacktestSettings(start=Decimal(10_000), currency=WHOLE)


def test_decided_at_a_close_and_filled_at_the_next_open() -> None:
    candles = candles_of(flat(100, 110, 120, 130, 140))
    done = run(candles, Decisions.of(5, enter_long=at(5, 0), exit_long=at(5, 2)), PLAIN)
    assert list(done.fills.ticks) == [110, 130]
    assert list(done.fills.bar) == [1, 3]
    assert list(done.position_steps) == [0, 90, 90, 0, 0]
    assert list(done.equity_units) == [10_000, 10_000, 10_900, 11_800, 11_800]
    assert list(done.cash_units) == [10_000, 100, 100, 11_800, 11_800]
    trades = done.trades
    assert (trades.entry_price[0], trades.exit_price[0], trades.net_units[0]) == (110, 130, 1_800)
    assert (trades.bars_held[0], trades.reasons(), done.closed_at_end) == (2, ("signal",), 0)


def test_what_cannot_be_paid_at_the_open_is_cut() -> None:
    done = run(candles_of(flat(100, 150)), Decisions.of(2, enter_long=at(2, 0)), PLAIN)
    assert list(done.fills.quantity_steps) == [66, 66]
    assert done.orders.cancelled == 1


def test_still_open_at_the_end_is_closed_at_the_last_close_and_counted() -> None:
    done = run(candles_of(flat(100, 100, 120)), Decisions.of(3, enter_long=at(3, 0)), PLAIN)
    assert (done.closed_at_end, len(done.trades), done.totals.net_units) == (1, 1, 2_000)
    assert done.trades.reasons() == ("end of data",)
    assert done.trades.exit_time_ms[0] == 3 * MINUTE


def test_stop_first_where_both_are_in_reach_and_the_bar_is_counted() -> None:
    rows = [*flat(100, 100), (100, 120, 80, 110)]
    wishes = Decisions.of(
        3, enter_long=at(3, 0), stop_price=told(3, 0, 90), target_price=told(3, 0, 110)
    )
    done = run(candles_of(rows), wishes, PLAIN)
    assert list(done.fills.ticks) == [100, 90]
    assert (done.ambiguous_bars, done.trades.reasons()) == (1, ("stop",))
    assert done.trades.ambiguous[0]
    assert done.trades.mae[0] == pytest.approx(0.2)
    assert done.trades.mfe[0] == pytest.approx(0.2)


def test_detail_bars_tell_which_came_first() -> None:
    rows = [*flat(100, 100), (100, 120, 80, 110)]
    candles = candles_of(rows, timeframe="5m")
    told_minutes = [(100, 120, 100, 120), (120, 120, 80, 90), *flat(90, 90), (90, 110, 90, 110)]
    fine = candles_of(told_minutes, first_ms=10 * MINUTE)
    wishes = Decisions.of(
        3, enter_long=at(3, 0), stop_price=told(3, 0, 90), target_price=told(3, 0, 110)
    )
    done = run(candles, wishes, PLAIN, fine)
    assert list(done.fills.ticks) == [100, 110]
    assert (done.ambiguous_bars, done.trades.reasons()) == (0, ("target",))
    assert done.fills.time_ms[1] == 10 * MINUTE
    assert done.fills.bar[1] == 2


@pytest.mark.parametrize("missing", range(5))
def test_detail_with_a_hole_decides_nothing(missing: int) -> None:
    """A bar that detail covers in part stands for itself: stop first, counted as ambiguous."""
    rows = [*flat(100, 100), (100, 120, 80, 110)]
    told_minutes = [(100, 120, 100, 120), (120, 120, 80, 90), *flat(90, 90), (90, 110, 90, 110)]
    fine = candles_of(told_minutes, first_ms=10 * MINUTE)
    kept = np.arange(5) != missing
    columns = (fine.open_time_ms, fine.open, fine.high, fine.low, fine.close, fine.volume)
    holed = Candles(COIN, Timeframe("1m"), *(column[kept] for column in columns), SOURCE)
    wishes = Decisions.of(
        3, enter_long=at(3, 0), stop_price=told(3, 0, 90), target_price=told(3, 0, 110)
    )
    done = run(candles_of(rows, timeframe="5m"), wishes, PLAIN, holed)
    assert list(done.fills.ticks) == [100, 90]
    assert (done.ambiguous_bars, done.trades.reasons()) == (1, ("stop",))
    assert done.fills.time_ms[1] == 10 * MINUTE


def test_a_gap_through_the_stop_fills_at_the_open() -> None:
    wishes = Decisions.of(3, enter_long=at(3, 0), stop_price=told(3, 0, 90))
    done = run(candles_of(flat(100, 100, 70)), wishes, PLAIN)
    assert list(done.fills.ticks) == [100, 70]


def test_a_trailing_stop_follows() -> None:
    rows = [*flat(100, 100), (100, 130, 100, 130), (130, 130, 100, 100)]
    wishes = Decisions.of(4, enter_long=at(4, 0), trail_distance=told(4, 0, 10))
    done = run(candles_of(rows), wishes, PLAIN)
    assert list(done.fills.ticks) == [100, 120]
    assert done.trades.reasons() == ("trailing stop",)


def test_a_reverse_is_exit_and_entry_at_the_same_open() -> None:
    candles = candles_of(flat(100, 100, 120, 120, 90), instrument=FUTURE)
    wishes = Decisions.of(5, enter_long=at(5, 0), enter_short=at(5, 2))
    done = run(candles, wishes, PLAIN)
    assert list(done.fills.side) == [1, -1, -1, 1]
    assert list(done.fills.bar) == [1, 3, 3, 4]
    assert done.trades.reasons() == ("reverse", "end of data")
    assert list(done.trades.gross_units) == [2_000, 3_000]


def test_a_short_on_spot_is_refused_and_counted() -> None:
    done = run(candles_of(flat(100, 100, 100)), Decisions.of(3, enter_short=at(3, 0)), PLAIN)
    assert (done.orders.rejected, len(done.trades)) == (1, 0)
    assert len(done.trades.mae) == 0


def test_volume_is_used_once_over_several_bars() -> None:
    costs = Costs(volume_share=Decimal("0.1"))
    done = run(
        candles_of(flat(100, 100, 100, 100), volume=400),
        Decisions.of(4, enter_long=at(4, 0)),
        replace(PLAIN, costs=costs),
    )
    assert list(done.position_steps) == [0, 40, 80, 100]


def test_slippage_is_inside_the_price_and_told_apart() -> None:
    costs = Costs(half_spread_ppm=10_000, slippage_ppm=10_000)
    candles = candles_of(flat(100, 100, 100, 100))
    wishes = Decisions.of(4, enter_long=at(4, 0), exit_long=at(4, 2))
    done = run(candles, wishes, replace(PLAIN, costs=costs))
    assert list(done.fills.ticks) == [102, 98]
    assert done.totals.slippage_units == 2 * 2 * 98
    assert done.totals.net_units == -4 * 98


def test_funding_is_paid_by_longs() -> None:
    funding = Funding(np.array([2 * MINUTE]), np.array([10_000_000]))
    done = run(
        candles_of(flat(100, 100, 100), instrument=FUTURE),
        Decisions.of(3, enter_long=at(3, 0)),
        replace(PLAIN, funding=funding),
    )
    assert done.totals.funding_units == 100
    assert done.trades.funding_units[0] == 100
    assert done.trades.net_units[0] == done.totals.net_units == -100


def test_latency_moves_the_fill_to_the_next_bar() -> None:
    slow = replace(PLAIN, latency_ms=1)
    done = run(candles_of(flat(100, 110, 120)), Decisions.of(3, enter_long=at(3, 0)), slow)
    assert done.fills.bar[0] == 2


@pytest.mark.parametrize(
    ("sizing", "steps"),
    [
        (Sizing("equity", Decimal("0.5")), 50),
        (Sizing("quote", Decimal(990)), 9),
        (Sizing("quantity", Decimal(7)), 7),
        (Sizing("risk", Decimal("0.01")), 10),
    ],
)
def test_sizes(sizing: Sizing, steps: int) -> None:
    wishes = Decisions.of(3, enter_long=at(3, 0), stop_price=told(3, 0, 90))
    done = run(candles_of(flat(100, 100, 100)), wishes, replace(PLAIN, sizing=sizing))
    assert done.fills.quantity_steps[0] == steps


def test_a_share_in_the_decision_goes_before_the_setting() -> None:
    wishes = Decisions.of(3, enter_long=at(3, 0), size_fraction=told(3, 0, 0.25))
    assert run(candles_of(flat(100, 100, 100)), wishes, PLAIN).fills.quantity_steps[0] == 25


def test_leverage_borrows() -> None:
    candles = candles_of(flat(100, 100, 110), instrument=FUTURE)
    done = run(candles, Decisions.of(3, enter_long=at(3, 0)), replace(PLAIN, leverage=Decimal(10)))
    assert done.totals.net_units == 10_000


def test_a_liquidation_is_a_reason() -> None:
    candles = candles_of(flat(100, 100, 50), instrument=FUTURE)
    done = run(candles, Decisions.of(3, enter_long=at(3, 0)), replace(PLAIN, leverage=Decimal(10)))
    assert done.trades.reasons() == ("liquidation",)
    assert done.equity_units[-1] == 0


def test_what_cannot_be_run_is_refused() -> None:
    candles = candles_of(flat(100, 100))
    silent = Decisions.of(2)
    with pytest.raises(Invalid, match="no bar"):
        run(candles.until(0), Decisions.of(0), PLAIN)
    with pytest.raises(Invalid, match="3 rows"):
        run(candles, Decisions.of(3), PLAIN)
    with pytest.raises(Invalid, match="stand in"):
        run(candles, silent, PLAIN, candles)
    with pytest.raises(Invalid, match="detail is of"):
        run(candles, silent, PLAIN, candles_of(flat(1), instrument=FUTURE))
    with pytest.raises(Invalid, match="leverage"):
        run(candles, silent, replace(PLAIN, leverage=Decimal(2)))
    with pytest.raises(AmountTooLarge):
        run(candles, silent, replace(PLAIN, start=Decimal(10**10), currency=Currency("USD", 12)))


def test_bars_that_were_laid_out_serve_their_own_candles_only() -> None:
    candles, wishes = candles_of(flat(100, 110, 120)), Decisions.of(3, enter_long=at(3, 0))
    course = course_of((Lane(candles, Decisions.of(3)),))
    again = run(candles, wishes, PLAIN, course=course)
    assert again.totals == run(candles, wishes, PLAIN).totals
    with pytest.raises(Invalid, match="other candles"):
        run(candles_of(flat(100, 110, 120)), wishes, PLAIN, course=course)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": Decimal(0)},
        {"leverage": Decimal("1.001")},
        {"latency_ms": -1},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        BacktestSettings(**wrong)  # type: ignore[arg-type]


def test_sizes_and_fundings_out_of_range_are_refused() -> None:
    with pytest.raises(Invalid):
        Sizing("equity", Decimal(2))
    with pytest.raises(Invalid):
        Sizing("all")  # type: ignore[arg-type]
    for times, rates in (([1, 1], [0, 0]), ([1], [0, 0]), ([1], [10**9])):
        with pytest.raises(Invalid):
            Funding(np.array(times), np.array(rates))


def test_filling_the_cache_runs_every_step() -> None:
    assert fill_cache() == 11


def test_reasons_are_named_as_the_engine_counts_them() -> None:
    assert len(EXIT_REASONS) == 8


@st.composite
def scenes(draw: st.DrawFn):
    """Return bars, wishes, terms and a size, for both engines."""
    price, bars, wishes = 1_000, [], []
    for minute in range(draw(st.integers(2, 12))):
        opened = max(2, price + draw(st.sampled_from([0, 0, 0, 3, -3, 60, -60])))
        low = max(1, opened - draw(st.integers(0, 30)))
        high = opened + draw(st.integers(0, 30))
        price = draw(st.integers(low, high))
        volume = draw(st.sampled_from([0, 7, 50, 10**6]))
        bars.append(Bar(minute * MINUTE, opened, high, low, price, volume))
        flags = [draw(st.sampled_from([False, False, True])) for _ in range(4)]
        prices = [
            draw(st.one_of(st.none(), st.integers(max(1, price - 40), price + 40)))
            for _ in range(2)
        ]
        wishes.append(Wish(*flags, *prices, draw(st.one_of(st.none(), st.integers(1, 30)))))
    spot = draw(st.booleans())
    terms = Terms(
        start=draw(st.sampled_from([10**4, 10**6, 10**8])),
        maker=200_000,
        taker=draw(st.sampled_from([0, 1_000_000])),
        maintenance=0 if spot else 5_000_000,
        leverage=100 if spot else draw(st.sampled_from([100, 1_000])),
        spot=spot,
        half_spread=draw(st.sampled_from([0, 500])),
        slippage=draw(st.sampled_from([0, 1_000])),
        impact=draw(st.sampled_from([0, 10_000])),
        share=draw(st.sampled_from([None, 10**8])),
        latency_ms=draw(st.sampled_from([0, 0, 500])),
    )
    size = draw(
        st.sampled_from(
            [
                Size(),
                Size("equity", Fraction(1, 4)),
                Size("quote", Fraction(5_000)),
                Size("quantity", Fraction(9)),
                Size("risk", Fraction(1, 50)),
            ]
        )
    )
    return bars, wishes, terms, size


@given(scenes())
@settings(max_examples=150)
def test_acceptance_a_backtest_is_that_of_the_second_engine_to_the_last_unit(scene) -> None:
    bars, wishes, terms, size = scene
    slow = run_slowly([[bar] for bar in bars], wishes, terms, size)
    instrument = replace(
        COIN if terms.spot else FUTURE,
        fees=FeeSchedule(Decimal("0.0002"), Decimal(terms.taker).scaleb(-9)),
        maintenance_rate=Decimal(terms.maintenance).scaleb(-9),
    )
    rows = [(bar.open, bar.high, bar.low, bar.close) for bar in bars]
    candles = replace(
        candles_of(rows, instrument=instrument),
        volume=np.array([float(bar.volume) for bar in bars]),
    )
    numbers = {
        "stop_price": [wish.stop for wish in wishes],
        "target_price": [wish.target for wish in wishes],
        "trail_distance": [wish.trail for wish in wishes],
    }
    decisions = Decisions.of(
        len(bars),
        **{name: np.array([getattr(wish, name) for wish in wishes]) for name in FLAGS},
        **{name: np.array(column, dtype=float) for name, column in numbers.items()},
    )
    costs = Costs(
        terms.half_spread,
        terms.slippage,
        terms.impact,
        None if terms.share is None else Decimal("0.1"),
    )
    value = Decimal(size.value.numerator) / Decimal(size.value.denominator)
    done = run(
        candles,
        decisions,
        BacktestSettings(
            start=Decimal(terms.start),
            sizing=Sizing(size.kind, value),
            costs=costs,
            leverage=Decimal(terms.leverage) / 100,
            latency_ms=terms.latency_ms,
            currency=WHOLE,
        ),
    )
    fills, books = slow.engine.fills, slow.engine.account.postings
    assert list(done.fills.ticks) == [fill.price for fill in fills]
    assert list(done.fills.quantity_steps) == [fill.quantity for fill in fills]
    assert list(done.fills.order_id) == [fill.order for fill in fills]
    assert list(done.fills.fee_units) == [fill.fee for fill in fills]
    assert list(done.fills.slippage_units) == [fill.slippage for fill in fills]
    assert list(done.equity_units) == slow.equity
    assert list(done.position_steps) == slow.position
    assert (done.ambiguous_bars, done.closed_at_end) == (slow.ambiguous_bars, slow.closed_at_end)
    assert (done.totals.gross_units, done.totals.fees_units) == (books["gross"], books["fees"])
    assert int(done.trades.net_units.sum()) == done.totals.net_units


FLAGS = ("enter_long", "exit_long", "enter_short", "exit_short")


def crossed(close: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where SMA 20 rises above SMA 50, and where it falls below."""
    sums = np.concatenate(([0.0], np.cumsum(close)))
    fast = (sums[50:] - sums[30:-20]) / 20
    slow = (sums[50:] - sums[:-50]) / 50
    above, below = fast > slow, fast < slow
    up, down = np.zeros(len(close), dtype=bool), np.zeros(len(close), dtype=bool)
    up[50:] = above[1:] & ~above[:-1]
    down[50:] = below[1:] & ~below[:-1]
    return up, down


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "timeframe", "trades"),
    [
        ("BTCUSDT_1h_2021-06_2026-06.csv", "1h", 527),
        ("BTCUSDT_1m_2024-07-26_2024-08-25.csv", "1m", 503),
    ],
)
def test_acceptance_sma_cross_trades_as_often_as_in_four_other_programs(
    real_data: Path, name: str, timeframe: str, trades: int
) -> None:
    table = np.loadtxt(real_data / "crypto" / name, delimiter=",", skiprows=1)
    columns = dict(zip(("open", "high", "low", "close", "volume"), table.T[1:], strict=True))
    instrument = inferred_instrument("BTCUSDT", SimpleNamespace(**columns))
    times = table[:, 0].astype(np.int64)
    candles = Candles(instrument, Timeframe(timeframe), times, **columns, source=SOURCE)
    up, down = crossed(candles.close)
    wishes = Decisions.of(candles.n, enter_long=up, exit_long=down)
    fees = FeeSchedule(Decimal("0.001"), Decimal("0.001"))
    done = run(candles, wishes, BacktestSettings(fees=fees))
    assert (len(done.trades), done.closed_at_end) == (trades, 1)
    assert done.totals.net_units == done.equity_units[-1] - done.start_units - int(
        done.fills.fee_units[-1]
    )
