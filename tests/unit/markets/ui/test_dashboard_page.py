"""The dashboard without a server: addresses, candles with trades, readings, live places."""

import json
from decimal import Decimal

import numpy as np

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.feeds.quotes import Quote, no_quote
from sonde.markets.core.growing import GrowingBar
from sonde.markets.core.indicators.readings import latest_readings
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.prices.columns import columns_of
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.views import PriceView
from sonde.markets.core.regime import regimes
from sonde.markets.core.sides import Side
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.core.trade_marks import TradeMark
from sonde.markets.services.desk_charts import DeskChart
from sonde.markets.services.watch_lists import WatchLine
from sonde.markets.ui.dashboard.chart import chart_panel
from sonde.markets.ui.dashboard.figures import desk_figure, is_in_view
from sonde.markets.ui.dashboard.layout import first_view
from sonde.markets.ui.dashboard.notes import note_list
from sonde.markets.ui.dashboard.prices import price_card, watch_table
from sonde.markets.ui.dashboard.readings import readings_view
from sonde.markets.ui.dashboard.state import Look, of_query, of_store
from sonde.markets.ui.moving.places import age_words, price_facts
from sonde.platform.core.notifications import Notification
from sonde.platform.core.ports import utc_now

HOUR = Timeframe("1h")
BTC = Instrument(
    "x",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.001"),
    Decimal(5),
    FEE_PRESETS["replay"],
)
LOOK = Look("x:BTCUSDT", "a")
QUOTE = no_quote("x:BTCUSDT", "file", "store", "")


def candles(n=300):
    close = 100.0 + 10 * np.sin(np.arange(n) / 9) + np.arange(n) / 10
    times = np.arange(n, dtype=np.int64) * HOUR.ms
    source = Provenance("x", "file", "hours.csv", "", 0)
    return Candles(BTC, HOUR, times, close - 0.5, close + 1, close - 1, close, np.ones(n), source)


def view(n=300):
    bars = candles(n)
    series = Series("s", "w", "o", BTC, HOUR, n, 0, int(bars.open_time_ms[-1]), "", (), utc_now())
    span = (0, n * HOUR.ms)
    return PriceView(series, span, HOUR.ms, columns_of(bars), {"sma": {"sma": bars.close}})


def mark(opened, closed=None, net="5", side=Side.LONG):
    left = None if closed is None else Decimal(105)
    levels = (Decimal(90), Decimal(120)) if closed is None else (None, None)
    ended = None if closed is None else closed * HOUR.ms
    return TradeMark(
        side, opened * HOUR.ms, Decimal(100), ended, left, Decimal(net), "target", *levels
    )


def text_of(parts):
    def plain(one):
        return one.to_plotly_json() if hasattr(one, "to_plotly_json") else str(one)

    return json.dumps(parts, default=plain)


def test_an_address_says_bars_and_indicators_and_the_page_remembers_them():
    look = of_query({"timeframe": "4h", "show": "rsi,macd"}, LOOK)
    assert (look.timeframe, look.shown) == ("4h", ("rsi", "macd"))
    assert of_store(look.stored()) == look
    assert of_query({"timeframe": "7h", "show": ""}, LOOK) == Look("x:BTCUSDT", "a", "", ())
    assert of_query({}, LOOK).shown == ("sma", "bollinger")


def test_trades_are_marked_where_they_were_entered_and_left():
    marks = [mark(10, 20), mark(30, 40, "-5", Side.SHORT), mark(50)]
    figure = desk_figure(view(), ("sma",), marks)
    names = [trace.name for trace in figure.data]
    assert names[-3:] == ["Entry long", "Entry short", "Exit"]
    by_name = {trace.name: trace for trace in figure.data}
    assert list(by_name["Entry long"].x) == ["1970-01-01T10:00:00", "1970-01-03T02:00:00"]
    assert by_name["Entry short"].marker.symbol == "triangle-down"
    assert len(set(by_name["Exit"].marker.color)) == 2
    # entry, stop and target of what is open
    assert sorted(shape.y0 for shape in figure.layout.shapes) == [90, 100, 120]


def test_a_trade_that_was_over_before_is_not_drawn():
    seen = view()
    later = PriceView(seen.series, (100 * HOUR.ms, 200 * HOUR.ms), HOUR.ms, seen.candles, {})
    assert not is_in_view(mark(10, 20), later)
    assert is_in_view(mark(10), later)
    assert not desk_figure(later, (), [mark(10, 20)]).layout.shapes


def test_the_chart_stays_where_it_was_dragged_while_the_same_bars_are_shown():
    first, again = desk_figure(view(), (), []), desk_figure(view(), (), [mark(10)])
    assert first.layout.uirevision == again.layout.uirevision


def test_the_chart_says_what_it_shows_in_a_sentence_and_a_table():
    found = DeskChart(QUOTE, view(), ("1h",), growing=GrowingBar(300 * HOUR.ms, 99, 400, 98, 399))
    told = text_of(chart_panel(found, LOOK, [mark(10, 20), mark(50)]))
    assert "2 trades of the account in view, 1 of them open." in told
    assert "Exit: target" in told
    nothing = DeskChart(QUOTE, None, (), "No bar of x is over yet.")
    assert "No bar of x is over yet." in text_of(chart_panel(nothing, LOOK, []))


def test_the_browser_is_told_where_the_candles_end_and_which_bar_grows_after_them():
    growing = GrowingBar(300 * HOUR.ms, 99.0, 400.0, 98.0, 399.0)
    found = DeskChart(QUOTE, view(), ("1h",), growing=growing)
    (place,) = [one for one in chart_panel(found, LOOK, []) if hasattr(one, "data-grows")]
    told = json.loads(getattr(place, "data-grows"))
    assert (told["last_ms"], told["bar_ms"], told["bar"]["close"]) == (299 * HOUR.ms, HOUR.ms, 399)
    # there is room for it
    assert desk_figure(view(), (), [], growing).layout.yaxis.range[1] >= 400


def test_regime_and_readings_say_their_numbers():
    bars = candles()
    told = text_of(readings_view(latest_readings(bars), regimes(bars).at(-1), "1h", ""))
    for words in ("ADX", "RSI, 14 bars", "its signal of", "the band from", "At the close"):
        assert words in told, words


def test_readings_of_few_bars_say_what_lacks():
    bars = candles(5)
    told = text_of(readings_view(latest_readings(bars), regimes(bars).at(-1), "1h", ""))
    assert "n/a: needs 15 bars, there are 5" in told
    assert "No bar yet" in text_of(readings_view((), None, "", "No bar yet"))


def test_a_price_tells_source_age_and_that_it_is_stale():
    old = Quote("x:AB", Decimal("1234.50"), None, None, 0, 200_000, True, "replay", "May", "late")
    assert age_words(old) == "3 min 20 s old, stale"
    told = text_of(price_card(WatchLine(old, 0.02), "USDT"))
    for words in ("1,234.50", "replay", "3 min 20 s old, stale", "+2.00 %"):
        assert words in told, words
    assert price_facts(old)["price"] == "1234.50"


def test_a_missing_price_says_why():
    none = no_quote("x:AB", "file", "store", "No feed speaks of x:AB.")
    told = text_of(price_card(WatchLine(none, None), ""))
    assert "no price" in told
    assert "No feed speaks of x:AB." in told
    assert "No price of a day ago is stored." in told
    assert price_facts(none)["price"] is None


def test_the_watch_list_leads_to_its_symbols():
    line = WatchLine(no_quote("x:AB", "file", "store", ""), None)
    assert "markets-dashboard-symbol" in text_of(watch_table([line], LOOK))
    assert "Nothing is watched" in text_of(watch_table([], LOOK))


def test_notifications_and_the_first_visit_have_words():
    one = Notification("1", "markets.feed_stale", "Stale", "It is old.", "/x", utc_now(), None)
    assert "It is old." in text_of(note_list([one]))
    assert "Nothing has been told yet." in text_of(note_list([]))
    assert "No prices yet" in text_of(first_view().body)
