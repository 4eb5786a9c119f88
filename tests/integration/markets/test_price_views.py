"""What a chart shows of a stored series: how much, in which candles, with which indicators."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.markets.core.candles import Provenance
from sonde.markets.core.indicators.catalogue import indicator_named
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services import price_store, price_views
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import unit_of_work
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, columns

pytestmark = pytest.mark.integration
N = 3000


@pytest.fixture(scope="module")
def ada(actor):
    workspace = new_id()
    return replace(actor, workspace_id=workspace, workspace_ids=frozenset({workspace}))


@pytest.fixture(scope="module")
def series(ports, ada):
    """Hours whose price moves like a wave."""
    close = np.round(100 + 10 * np.sin(np.arange(N) / 50), 2)
    bars = columns(BEGIN + HOUR * np.arange(N), close)
    source = Provenance("file", "file", "wave.csv", "ab" * 32, 0)
    instrument = inferred_instrument("WAVEUSDT", bars, venue="file")
    with unit_of_work(ports):
        given = bars.candles(instrument, Timeframe("1h"), source)
        return price_store.append_candles(ada, given, is_inferred=True).series


def look(ports, actor, *args, **named):
    with unit_of_work(ports):
        return price_views.look(actor, *args, **named)


def test_a_whole_series_is_shown_in_candles_that_can_be_told_apart(ports, ada, series):
    view = look(ports, ada, series.id)
    assert view.length_ms == 6 * HOUR
    assert view.in_view.n == view.candles.n <= price_views.MOST_CANDLES + 1
    assert view.span == (BEGIN, BEGIN + N * HOUR)


def test_a_closer_look_asks_for_the_bars_themselves_and_some_beside_them(ports, ada, series):
    span = (BEGIN + 100 * HOUR, BEGIN + 200 * HOUR)
    view = look(ports, ada, series.id, span)
    assert view.length_ms == HOUR
    assert (view.in_view.n, view.candles.n) == (100, 200)


@pytest.mark.parametrize("most", [600, 40])
def test_indicators_are_those_of_the_bars_wherever_one_looks(ports, ada, series, most):
    span = (BEGIN + 1000 * HOUR, BEGIN + 1200 * HOUR)
    view = look(ports, ada, series.id, span, ("ema", "rsi"), most)
    with unit_of_work(ports):
        bars = price_store.load(ada, series.id)
    whole = indicator_named("rsi").batch(bars, {})["rsi"]
    opened = view.candles.open_time_ms
    last = np.minimum((opened // view.length_ms + 1) * view.length_ms, span[1] + 100 * HOUR) - HOUR
    rows = np.searchsorted(bars.open_time_ms, last)
    np.testing.assert_array_equal(view.indicators["rsi"]["rsi"], whole[rows])
    assert view.indicators["ema"]["ema"].shape == opened.shape


def test_what_cannot_be_shown_is_refused(ports, ada, actor, series):
    with pytest.raises(Invalid, match="ends before it begins"):
        look(ports, ada, series.id, (10, 10))
    with pytest.raises(Invalid, match="at most 6"):
        look(ports, ada, series.id, None, tuple("abcdefg"))
    with pytest.raises(NotFound):
        look(ports, ada, series.id, None, ("nonsense",))
    with pytest.raises(NotFound):
        look(ports, replace(ada, workspace_ids=frozenset({new_id()})), series.id)


def test_findings_say_how_far_outliers_were_looked_for(ports, ada, series):
    with unit_of_work(ports):
        whole = price_views.findings(ada, series.id)
        newest = price_views.findings(ada, series.id, 500)
    assert (whole.statistics.n_bars, whole.gaps.n_gaps, whole.judged_from_ms) == (N, 0, None)
    assert newest.statistics == whole.statistics
    assert newest.judged_from_ms == BEGIN + (N - 500) * HOUR


def test_a_stretch_without_bars_shows_none(ports, ada, series):
    view = look(ports, ada, series.id, (BEGIN - 90 * HOUR, BEGIN - 80 * HOUR), ("sma",))
    assert view.in_view.n == 0
    assert view.indicators["sma"]["sma"].size == 0
