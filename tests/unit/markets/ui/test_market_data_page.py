"""The page of market data without a server: addresses, the chart of candles, the import form."""

from typing import Any

import numpy as np
import pytest

from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.prices.condensing import candle_length, condensed, first_rows
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.ui.candle_figures import CandleChart, Curve, Pane, candle_figure
from sonde.markets.ui.market_data.callbacks import moment_ms
from sonde.markets.ui.market_data.chart import length_words
from sonde.markets.ui.market_data.ids import ImportId
from sonde.markets.ui.market_data.importing import LAYOUTS, named_columns, wish_of
from sonde.markets.ui.market_data.state import ViewState, of_query, of_store
from sonde.platform.core.errors import Invalid

HOUR = Timeframe("1h")


def hours(n: int) -> PriceColumns:
    close = 100.0 + np.arange(n, dtype=np.float64)
    times = np.arange(n, dtype=np.int64) * HOUR.ms
    return PriceColumns(times, close - 0.5, close + 1, close - 1, close, np.ones(n))


def test_an_address_leads_back_to_what_was_looked_at() -> None:
    state = ViewState("x", (10, 20), (12, 13), ("rsi", "ema"))
    query = {"from": "10", "to": "20", "mark": "12-13", "show": "rsi,ema"}
    assert of_query("x", query) == state == of_store(state.stored())


@pytest.mark.parametrize(
    "query",
    [{"from": "a", "to": "20"}, {"from": "20", "to": "10"}, {"to": "9"}, {"mark": "1-2-3"}],
)
def test_an_address_without_sense_shows_everything(query: dict[str, str]) -> None:
    assert of_query("x", query) == ViewState("x")


def test_five_years_of_hours_are_a_few_hundred_candles_of_the_same_prices() -> None:
    bars = hours(44_283)
    length_ms = candle_length(HOUR, bars.n * HOUR.ms, 600)
    shown = condensed(bars, length_ms)
    assert 200 < shown.n <= 600
    assert shown.high.max() == bars.high.max()
    assert shown.low.min() == bars.low.min()
    assert shown.volume.sum() == bars.volume.sum()
    assert (shown.open[0], shown.close[-1]) == (bars.open[0], bars.close[-1])
    assert length_words(length_ms) == "1w"


def test_candles_keep_holes_and_never_span_one() -> None:
    bars = hours(10)
    holed = bars.rows(np.array([0, 1, 2, 7, 8, 9]))
    shown = condensed(holed, 2 * HOUR.ms)
    assert (shown.open_time_ms // HOUR.ms).tolist() == [0, 2, 7, 8]
    assert first_rows(holed.open_time_ms, 2 * HOUR.ms).tolist() == [0, 2, 3, 4]
    assert condensed(hours(0), HOUR.ms).n == 0


def test_the_chart_shows_what_is_in_view_and_has_a_strip_for_each_pane() -> None:
    bars = hours(100)
    span = (10 * HOUR.ms, 20 * HOUR.ms)
    over = [Curve("sma", bars.close - 30.0)]
    panes = [Pane("RSI", [Curve("rsi", np.full(100, 50.0))])]
    chart = CandleChart(bars, span, HOUR.ms, "USDT", "BTC", over, panes, (span[0], span[1]))
    layout = candle_figure(chart).layout
    low, high = layout.yaxis.range
    assert low < 79.0
    assert high < 130.0
    assert layout.yaxis3.title.text == "RSI"
    assert layout.yaxis.domain[0] > layout.yaxis2.domain[1] > layout.yaxis3.domain[1]
    assert layout.xaxis.range == ("1970-01-01T10:00:00", "1970-01-01T20:00:00")
    assert len(layout.shapes) == 1
    assert chart.height > CandleChart(bars, span, HOUR.ms, "USDT", "BTC").height


def test_the_form_says_how_a_file_is_read() -> None:
    said: dict[str, Any] = {ImportId.SYMBOL: " btcusdt ", ImportId.COLUMNS: "close=Last, volume=6"}
    wish = wish_of(said, overwrite=True)
    assert (wish.symbol, wish.venue, wish.layout) == ("BTCUSDT", "file", "auto")
    assert (wish.columns, wish.overwrite) == ({"close": "Last", "volume": "6"}, True)


def test_every_offered_layout_is_one_that_is_read() -> None:
    for name, _ in LAYOUTS:
        wish_of({ImportId.SYMBOL: "X", ImportId.LAYOUT: name}, overwrite=False).choices(0)


def test_what_cannot_be_meant_is_refused_with_a_way_out() -> None:
    with pytest.raises(Invalid, match="such as BTCUSDT"):
        wish_of({}, overwrite=False)
    with pytest.raises(Invalid, match="such as close=Last"):
        named_columns("close")
    with pytest.raises(Invalid, match="no time such as"):
        moment_ms("tomorrow")
    assert moment_ms("2024-01-01T00:00+02:00") == 1_704_060_000_000
