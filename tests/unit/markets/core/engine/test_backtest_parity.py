"""A whole backtest on both engines: the same fills, equity and counts, to the last unit."""

import os
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.backtesting.running import (
    BacktestSettings,
    Costs,
    Funding,
    Run,
    Sizing,
    run,
)
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.engine.reference import Bar, Terms, backtest
from sonde.markets.core.engine.reference.backtest import Result, Size, Wish
from sonde.markets.core.instruments import FeeSchedule, Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.timeframes import Timeframe
from tests.unit.markets.core.engine.desks import MINUTE
from tests.unit.markets.core.engine.markets import terms

SOAK = os.environ.get("SONDE_SOAK") == "1"
SOME = settings(max_examples=3_000 if SOAK else 30)
FIVE = 5 * MINUTE


def market(seed: int, n: int, calm: int) -> list[Bar]:
    """Return a random walk of bars in whole ticks, now and then with gaps or without volume."""
    rng = np.random.default_rng(seed)
    bars, point = [], 1_000
    for k in range(n):
        gap = int(rng.integers(-40, 41)) if rng.random() < 0.1 else 0
        opening = max(100, point + gap)
        high = opening + int(rng.integers(0, calm))
        low = max(1, opening - int(rng.integers(0, calm)))
        point = int(rng.integers(low, high + 1))
        volume = int(rng.choice([0, 50, 1_000, 10**6], p=[0.1, 0.2, 0.4, 0.3]))
        bars.append(Bar(k * MINUTE, opening, high, low, point, volume))
    return bars


def wishes(seed: int, bars: Sequence[Bar], often: float) -> list[Wish]:
    """Return random wishes with stops, targets and trails near the close."""
    rng = np.random.default_rng(seed)

    def near(bar: Bar, width: int) -> int | None:
        return None if rng.random() < 0.5 else max(1, bar.close + int(rng.integers(-width, width)))

    return [
        Wish(
            *(bool(one) for one in rng.random(4) < often),
            stop=near(bar, 25),
            target=near(bar, 25),
            trail=None if rng.random() < 0.8 else int(rng.integers(1, 25)),
            fraction=None if rng.random() < 0.8 else Fraction(int(rng.integers(1, 9)), 8),
        )
        for bar in bars
    ]


def candles_of(bars: Sequence[Bar], terms: Terms, frame: str) -> Candles:
    """Return the same bars as the product wants them: one tick is 1, one step is 1."""
    instrument = Instrument(
        *("x", "XUSD", "X", "USD"),
        tick=Decimal(1),
        step=Decimal(1),
        min_notional=Decimal(terms.min_notional),
        fees=FeeSchedule(terms.maker / Decimal(10**9), terms.taker / Decimal(10**9)),
        kind="spot" if terms.spot else "perpetual",
        max_leverage=Decimal(1 if terms.spot else 200),
        maintenance_rate=terms.maintenance / Decimal(10**9),
    )
    columns = np.array([(b.open, b.high, b.low, b.close, b.volume) for b in bars], np.float64).T
    times = np.array([bar.open_ms for bar in bars], np.int64)
    source = Provenance("x", "file", "made", "", 0)
    return Candles(instrument, Timeframe(frame), times, *columns, source)


def decisions_of(wished: Sequence[Wish]) -> Decisions:
    """Return the same wishes as columns."""
    names = ("enter_long", "exit_long", "enter_short", "exit_short")
    flags = {name: np.array([getattr(one, name) for one in wished]) for name in names}

    def column(name: str) -> np.ndarray:
        found = [getattr(one, name) for one in wished]
        return np.array([np.nan if one is None else float(one) for one in found])

    return Decisions.of(
        len(wished),
        **flags,
        stop_price=column("stop"),
        target_price=column("target"),
        trail_distance=column("trail"),
        size_fraction=column("fraction"),
    )


def settings_of(terms: Terms, size: Size, funding: Sequence[tuple[int, int]]) -> BacktestSettings:
    """Return the same terms as a backtest's settings, in an account of whole units."""
    share = None if terms.share is None else terms.share / Decimal(10**9)
    times = np.array(funding, np.int64).reshape(-1, 2)
    return BacktestSettings(
        start=Decimal(terms.start),
        sizing=Sizing(size.kind, Decimal(size.value.numerator) / size.value.denominator),
        costs=Costs(
            half_spread_ppm=terms.half_spread,
            slippage_ppm=terms.slippage,
            impact_ppm=terms.impact,
            volume_share=share,
            limit_fill="touch" if terms.touch else "through",
        ),
        leverage=Decimal(terms.leverage) / 100,
        latency_ms=terms.latency_ms,
        funding=Funding(times[:, 0], times[:, 1]),
        currency=Currency("USD", 0),
    )


def face_of_run(done: Run) -> dict[str, Any]:
    """Return what a run left behind."""
    fills = done.fills
    names = ("order_id", "side", "ticks", "reference_ticks", "quantity_steps")
    names += ("fee_units", "slippage_units", "gross_units", "maker")
    return {
        "fills": list(zip(*(getattr(fills, name).tolist() for name in names), strict=True)),
        "equity": done.equity_units.tolist(),
        "position": done.position_steps.tolist(),
        "totals": (done.totals.gross_units, done.totals.fees_units, done.totals.funding_units),
        "slippage": done.totals.slippage_units,
        "orders": tuple(vars(done.orders).values()),
        "ambiguous": done.ambiguous_bars,
        "closed": done.closed_at_end,
    }


def face_of_result(done: Result) -> dict[str, Any]:
    """Return the same of the reference."""
    books = done.engine.account.postings
    states = [order.state for order in done.engine.book.orders.values()]
    counts = [states.count(one) for one in ("filled", "rejected", "cancelled", "expired")]
    rows = [
        (f.order, f.side, f.price, f.reference, f.quantity, f.fee, f.slippage, f.gross, f.maker)
        for f in done.engine.fills
    ]
    return {
        "fills": rows,
        "equity": done.equity,
        "position": done.position,
        "totals": (books["gross"], books["fees"], books["funding"]),
        "slippage": sum(fill.slippage for fill in done.engine.fills),
        "orders": (len(states), *counts),
        "ambiguous": done.ambiguous_bars,
        "closed": done.closed_at_end,
    }


sizes = st.sampled_from(
    [
        Size(),
        Size("equity", Fraction(1, 4)),
        Size("quote", Fraction(50_000)),
        Size("quantity", Fraction(70)),
        Size("risk", Fraction(1, 100)),
    ]
)


@given(
    on=terms(),
    size=sizes,
    seed=st.integers(0, 2**32),
    detailed=st.booleans(),
    holes=st.sets(st.integers(0, 59), max_size=6),
)
@SOME
def test_a_backtest_is_the_same_on_both_engines(
    on: Terms, size: Size, seed: int, detailed: bool, holes: set[int]
) -> None:
    on = Terms(**{**vars(on), "unit_value": 1})
    fine = market(seed, 60, 25)
    whole = [fine[k : k + 5] for k in range(0, len(fine), 5)] if detailed else [[b] for b in fine]
    joined = [
        Bar(
            piece[0].open_ms,
            piece[0].open,
            max(bar.high for bar in piece),
            min(bar.low for bar in piece),
            piece[-1].close,
            sum(bar.volume for bar in piece),
        )
        for piece in whole
    ]
    wished = wishes(seed + 1, joined, 0.2)
    funding = [] if on.spot else [(k * FIVE, 100_000 * (k % 3 - 1)) for k in range(4)]
    length = FIVE if detailed else MINUTE
    known = [bar for place, bar in enumerate(fine) if place not in holes]
    pieces = backtest.detailed(joined, known, FIVE, MINUTE) if detailed else whole
    slow = backtest.run(pieces, wished, on, size, length, funding)
    fast = run(
        candles_of(joined, on, "5m" if detailed else "1m"),
        decisions_of(wished),
        settings_of(on, size, funding),
        detail=candles_of(known, on, "1m") if detailed else None,
    )
    assert face_of_run(fast) == face_of_result(slow)


@given(on=terms(), size=sizes, seed=st.integers(0, 2**32), often=st.sampled_from([0.01, 0.04]))
@SOME
def test_bars_in_which_nothing_waits_are_the_same_on_both_engines(
    on: Terms, size: Size, seed: int, often: float
) -> None:
    """Rare entries without stops: most bars only move the price, pay funding or liquidate."""
    on = Terms(**{**vars(on), "unit_value": 1})
    bars = market(seed, 150, 25)
    bare = {"stop": None, "target": None, "trail": None}
    wished = [replace(one, **bare) for one in wishes(seed + 1, bars, often)]
    rates = [] if on.spot else [(k * 7 * MINUTE, 100_000 * (k % 3 - 1)) for k in range(20)]
    slow = backtest.run([[bar] for bar in bars], wished, on, size, funding=rates)
    made = settings_of(on, size, rates)
    fast = run(candles_of(bars, on, "1m"), decisions_of(wished), made)
    assert face_of_run(fast) == face_of_result(slow)


@pytest.mark.parametrize("kind", ["long", "short"])
def test_a_run_by_hand(kind: str) -> None:
    """Entered at the second open, stopped in the third bar; all the money, 0.1 % each way."""
    on = Terms(start=1_000_000, taker=10**6, maker=10**6)
    side = 1 if kind == "long" else -1
    bars = [
        Bar(0, 1_000, 1_000, 1_000, 1_000, 1),
        Bar(MINUTE, 1_000, 1_010, 990, 1_000, 1),
        Bar(2 * MINUTE, 1_000, 1_060, 940, 1_000, 1),
    ]
    stop = 1_000 - side * 50
    wished = [Wish(**{f"enter_{kind}": True}, stop=stop), Wish(), Wish()]
    fast = run(candles_of(bars, on, "1m"), decisions_of(wished), settings_of(on, Size(), []))
    # 999 x 1,000 = 999,000 + fee 999 fit into 1,000,000; the stop is 50 away: 49,950 lost;
    # fee 0.1 % of 999 x 950 = 949,050 -> 950, or of 999 x 1,050 = 1,048,950 -> 1,049
    last = 950 if side > 0 else 1_049
    assert fast.position_steps.tolist() == [0, side * 999, 0]
    assert fast.equity_units.tolist() == [1_000_000, 999_001, 999_001 - 49_950 - last]
    assert (fast.totals.net_units, len(fast.trades)) == (-999 - 49_950 - last, 1)
    assert fast.trades.reasons() == ("stop",)
    assert fast.closed_at_end == 0


def test_a_gap_with_many_fundings_is_the_same_on_both_engines() -> None:
    on, last = Terms(start=10**9), 2_000 * MINUTE
    bars = [Bar(k, 1_000, 1_000, 1_000, 1_000, 1) for k in (0, MINUTE, last)]
    funding = [(MINUTE * (2 + k), 100_000 * (k % 7 - 2)) for k in range(1_500)]
    wished = [Wish(enter_long=True, fraction=Fraction(1, 2)), Wish(), Wish()]
    slow = backtest.run([[one] for one in bars], wished, on, funding=funding)
    made = settings_of(on, Size(), funding)
    fast = run(candles_of(bars, on, "1m"), decisions_of(wished), made)
    assert face_of_run(fast) == face_of_result(slow)
    assert fast.trades.funding_units.tolist() == [fast.totals.funding_units]
