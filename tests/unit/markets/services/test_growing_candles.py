"""Candles longer than those of the feed grow on the stream with every price."""

import json
from decimal import Decimal

from sonde.markets.core.feeds.events import Bar, Tick
from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.growing import GrowingBar
from sonde.markets.core.streaming.requests import read_topic
from sonde.markets.services.recent_bars import RecentBars
from sonde.markets.services.streams.candles import CandleTellers, _Growing

HOUR = 3_600_000


def tick(price, time_ms):
    return Tick("x:AB", time_ms, Decimal(price), Decimal(1))


def growing():
    told = []
    tellers = CandleTellers(told.append, told.append)
    return _Growing(read_topic("candle:x:AB:1h"), tellers), told


def test_every_trade_of_a_feed_of_minutes_moves_the_candle_of_an_hour():
    bar, told = growing()
    quote = Quote("x:AB", Decimal(10), None, None, 5, 0, False, "live", "x")
    bar.look(RecentBars(quote, None, growing=GrowingBar(HOUR, 9.0, 12.0, 8.0, 10.0, 3.0)))
    bar.take(tick(13, HOUR + 7))
    bar.take(tick(13, HOUR + 8))  # says nothing new
    bar.take(tick(7, 2 * HOUR))
    said = [json.loads(one) for one in told]
    assert [(one["kind"], one["close"], one["high"]) for one in said] == [
        ("growing", 10.0, 12.0),
        ("growing", 13.0, 13.0),
        ("growing", 7.0, 7.0),
    ]
    assert said[0]["volume"] == 3.0
    assert [one["time_ms"] for one in said] == [HOUR, HOUR, 2 * HOUR]


def test_what_was_stored_later_does_not_take_a_high_away():
    bar, told = growing()
    bar.take(tick(13, HOUR + 7))
    quote = Quote("x:AB", Decimal(10), None, None, 5, 0, False, "live", "x")
    bar.look(RecentBars(quote, None, growing=GrowingBar(HOUR, 9.0, 12.0, 8.0, 10.0, 3.0)))
    assert json.loads(told[-1])["high"] == 13.0


def test_a_feed_of_the_same_bars_is_passed_on_as_it_is():
    bar, told = growing()
    said = Bar("x:AB", "1h", HOUR, *(Decimal(one) for one in (1, 3, 1, 2, 5)), False, True)
    bar.take(said)
    bar.take(tick(9, HOUR + 7))
    assert [json.loads(one)["close"] for one in told] == [2.0]
