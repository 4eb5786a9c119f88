"""Gaps, outliers, resampling and figures of series."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.choices import ReadChoices
from sonde.markets.core.prices.columns import PriceColumns, joined
from sonde.markets.core.prices.gaps import gap_report
from sonde.markets.core.prices.outliers import OutlierSettings, outliers
from sonde.markets.core.prices.reading import read_prices
from sonde.markets.core.prices.resampling import decimals_of, resampled
from sonde.markets.core.prices.statistics import price_statistics
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, columns

MINUTE = 60_000
BARS = st.sets(st.integers(0, 200), min_size=1, max_size=80).map(sorted)


@given(BARS)
def test_gaps_are_what_is_missing_between_first_and_last(bars):
    report = gap_report(columns(BEGIN + HOUR * np.array(bars)), Timeframe("1h"))
    missing = set(range(bars[0], bars[-1])) - set(bars)
    assert report.n_missing == len(missing) == sum(gap.n_missing for gap in report.gaps)
    assert report.n_expected == bars[-1] - bars[0] + 1
    told = {
        time
        for gap in report.gaps
        for time in range((gap.from_ms - BEGIN) // HOUR, (gap.to_ms - BEGIN) // HOUR)
    }
    assert told == missing


def test_the_longest_gaps_are_kept_in_order_of_time():
    times = BEGIN + HOUR * np.array([0, 2, 10, 12, 20, 21])
    report = gap_report(columns(times, [10, 10, 10, 10, 12, 12]), Timeframe("1h"), most=2)
    assert [gap.n_missing for gap in report.gaps] == [7, 7]
    assert report.n_gaps == 4
    assert "7 bars are missing from 2021-06-01 13:00 UTC on; the price moved by +20.00 %" in (
        report.gaps[1].words
    )
    assert gap_report(joined([]), Timeframe("1h")).coverage == 1.0


def walk(n=600, seed=5):
    moves = np.random.default_rng(seed).normal(0, 0.001, n)
    return 100.0 * np.exp(np.cumsum(moves))


def with_wicks(closes):
    opens = np.r_[closes[0], closes[:-1]]
    times = BEGIN + MINUTE * np.arange(closes.size)
    top, bottom = np.maximum(opens, closes) * 1.0005, np.minimum(opens, closes) * 0.9995
    return {
        "open_time_ms": times,
        "open": opens,
        "high": top,
        "low": bottom,
        "close": closes,
        "volume": np.full(closes.size, 2.0) + np.sin(np.arange(closes.size)),
    }


def test_an_ordinary_walk_has_no_outliers():
    assert outliers(PriceColumns(**with_wicks(walk()))) == ()
    assert outliers(columns(BEGIN + MINUTE * np.arange(500))) == ()
    assert outliers(columns([BEGIN])) == ()


@pytest.mark.parametrize(
    ("column", "row", "factor", "kind", "words"),
    [
        ("high", 300, 1.05, "wick", "the high of .* stands .* % off the body of its bar"),
        ("low", 301, 0.95, "wick", "times the usual span of its neighbours: perhaps one wrong"),
        ("volume", 302, 10_000.0, "volume", "the volume of .* is .* above theirs"),
    ],
)
def test_one_wrong_value_is_found_and_explained(column, row, factor, kind, words):
    bars = with_wicks(walk())
    bars[column] = bars[column].copy()
    bars[column][row] *= factor
    found = outliers(PriceColumns(**bars))
    assert [(each.kind, each.column) for each in found] == [(kind, column)]
    assert found[0].time_ms == BEGIN + row * MINUTE
    assert re.search(words, found[0].words)


def test_a_spike_comes_back_and_a_jump_stays():
    closes = walk()
    spiked, jumped = closes.copy(), closes.copy()
    spiked[200] *= 1.1
    jumped[400:] *= 0.9
    (spike,) = outliers(PriceColumns(**with_wicks(spiked)))
    (jump,) = outliers(PriceColumns(**with_wicks(jumped)))
    assert (spike.kind, spike.time_ms) == ("spike", BEGIN + 200 * MINUTE)
    assert "and the next bar comes back: perhaps a wrong print" in spike.words
    assert (jump.kind, jump.time_ms) == ("jump", BEGIN + 400 * MINUTE)
    assert "stays there: news, a split, or another instrument" in jump.words
    settings = OutlierSettings(threshold=1e6)
    assert outliers(PriceColumns(**with_wicks(jumped)), settings) == ()


@given(BARS, st.sampled_from(["15m", "1h", "4h"]))
def test_a_coarser_bar_is_made_of_all_its_finer_ones_or_not_at_all(bars, name):
    times = BEGIN + 5 * MINUTE * np.array(bars)
    closes = 10.0 + np.array(bars)
    coarse = Timeframe(name)
    made = resampled(columns(times, closes, volume=0.1), Timeframe("5m"), coarse)
    per_bar = coarse.ms // (5 * MINUTE)
    expected = {}
    for bar, time in zip(bars, times, strict=True):
        expected.setdefault(coarse.floor(int(time)), []).append(bar)
    whole = {time: group for time, group in expected.items() if len(group) == per_bar}
    assert made.columns.open_time_ms.tolist() == sorted(whole)
    assert made.columns.high.tolist() == [10.0 + max(whole[time]) for time in sorted(whole)]
    assert made.columns.volume.tolist() == [round(0.1 * per_bar, 9)] * len(whole)
    assert made.incomplete_ms.tolist() == sorted(expected.keys() - whole.keys())


def test_defect_17_an_incomplete_first_or_last_bar_is_never_shown_as_whole():
    minutes = columns(BEGIN + MINUTE * np.arange(30, 210))
    for keep_holed in (False, True):
        made = resampled(minutes, Timeframe("1m"), Timeframe("1h"), keep_holed=keep_holed)
        assert made.columns.open_time_ms.tolist() == [BEGIN + HOUR, BEGIN + 2 * HOUR]
        assert made.incomplete_ms.tolist() == [BEGIN, BEGIN + 3 * HOUR]


def test_bars_with_holes_are_kept_only_by_choice():
    minutes = columns(BEGIN + MINUTE * np.delete(np.arange(180), [70, 71]))
    whole = resampled(minutes, Timeframe("1m"), Timeframe("1h"))
    assert whole.incomplete_ms.tolist() == [BEGIN + HOUR]
    kept = resampled(minutes, Timeframe("1m"), Timeframe("1h"), keep_holed=True)
    assert (kept.columns.n, kept.n_incomplete) == (3, 0)
    assert kept.columns.volume.tolist() == [60.0, 58.0, 60.0]


def test_only_whole_multiples_can_be_made():
    with pytest.raises(Invalid, match="Bars of 6h are not made of whole bars of 4h"):
        resampled(joined([]), Timeframe("4h"), Timeframe("6h"))
    assert resampled(joined([]), Timeframe("1h"), Timeframe("1d")).columns.n == 0
    weeks = resampled(columns(BEGIN + 24 * HOUR * np.arange(14)), Timeframe("1d"), Timeframe("1w"))
    assert weeks.columns.open_time_ms.tolist() == [BEGIN + 6 * 24 * HOUR]


def test_volumes_are_summed_as_decimals():
    assert sum([0.1] * 60) != 6.0
    minutes = columns(BEGIN + MINUTE * np.arange(60), volume=0.1)
    assert resampled(minutes, Timeframe("1m"), Timeframe("1h")).columns.volume.tolist() == [6.0]
    assert decimals_of(np.array([1e15 + 0.5])) is None
    thirds = columns(BEGIN + MINUTE * np.arange(60), volume=1 / 3)
    summed = resampled(thirds, Timeframe("1m"), Timeframe("1h")).columns.volume
    assert summed == pytest.approx([20.0], rel=1e-12)


def test_figures_of_a_series_leave_out_moves_over_gaps():
    times = BEGIN + HOUR * np.array([0, 1, 2, 9])
    bars = columns(times, [100.0, 110.0, 99.0, 500.0], opens=[100.0, 100.0, 110.0, 500.0])
    found = price_statistics(bars, Timeframe("1h"))
    assert found.largest_rise == pytest.approx(0.1)
    assert found.largest_fall == pytest.approx(-0.1)
    assert found.volatility == pytest.approx(np.std(np.log([1.1, 0.9]), ddof=1) * np.sqrt(365 * 24))
    assert (found.n_missing, found.n_gaps, found.coverage) == (6, 1, 0.4)
    assert (found.change, found.lowest, found.highest, found.n_flat) == (4.0, 99.0, 500.0, 2)
    nothing = price_statistics(joined([]), Timeframe("1h"))
    assert (nothing.n_bars, nothing.first_ms, nothing.volatility) == (0, None, None)


@pytest.mark.real_data
def test_acceptance_resampling_equals_the_exchanges_own_bars(real_data):
    choices = ReadChoices(1_800_000_000_000)
    folder = real_data / "crypto"
    minutes = read_prices(next(folder.glob("BTCUSDT_1m_*.csv")), choices)
    hours = read_prices(next(folder.glob("BTCUSDT_1h_*.csv")), choices)
    made = resampled(minutes.columns, minutes.timeframe, hours.timeframe).columns
    assert made.n == 719
    theirs = hours.columns.rows(np.isin(hours.columns.open_time_ms, made.open_time_ms))
    assert theirs.open_time_ms.tolist() == made.open_time_ms.tolist()
    for name in COLUMNS:
        assert np.array_equal(getattr(theirs, name), getattr(made, name)), name


@pytest.mark.real_data
def test_the_measured_files_have_the_known_gaps_and_few_outliers(real_data):
    choices = ReadChoices(1_800_000_000_000)
    hours = read_prices(next((real_data / "crypto").glob("BTCUSDT_1h_*.csv")), choices)
    report = gap_report(hours.columns, hours.timeframe)
    assert (hours.columns.n, report.n_missing, report.n_gaps) == (44_283, 7, 3)
    assert 1 <= len(outliers(hours.columns)) <= 20
