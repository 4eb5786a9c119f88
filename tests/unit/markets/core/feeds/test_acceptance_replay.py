"""A recorded month is replayed as it was: every price to the last digit, at any speed."""

import asyncio

import numpy as np
import pytest

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.feeds.clock import VirtualClock
from sonde.markets.core.feeds.events import Bar
from sonde.markets.core.feeds.port import FeedStanding, Topic, TopicKind
from sonde.markets.core.feeds.replay import ReplayFeed, replay_of
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.timeframes import Timeframe

N = 2_000


@pytest.fixture(scope="module")
def recorded(real_data):
    path = real_data / "crypto" / "BTCUSDT_1m_2024-07-26_2024-08-25.csv"
    table = np.loadtxt(path, delimiter=",", skiprows=1, max_rows=N)
    columns = [np.ascontiguousarray(column) for column in table.T]
    source = Provenance("binance", "file", path.name, "", 0)

    class Rows:
        open, high, low, close, volume = columns[1:]

    instrument = inferred_instrument("BTCUSDT", Rows, venue="binance")
    times = columns[0].astype(np.int64)
    return Candles(instrument, Timeframe("1m"), times, *columns[1:], source)


@pytest.mark.real_data
@pytest.mark.parametrize("speed", [3_600.0, 1_000_000.0])
def test_acceptance_replay_at_any_speed_with_pause_and_seek(recorded, speed):
    clock = VirtualClock(0)
    feed = ReplayFeed([recorded], replay_of([recorded], 0, speed), clock)
    feed.play()
    half = int(recorded.open_time_ms[N // 2])

    async def watch():
        told = []
        async for event in feed.subscribe([Topic(TopicKind.CANDLES, "BTCUSDT", "1m")]):
            assert not isinstance(event, Bar) or event.open_time_ms + 60_000 <= feed.position_ms()
            told.append(event)
            if len(told) == N // 4:
                feed.pause()
                clock.advance(3_600_000)
                feed.play()
                feed.seek(half)
        return told

    bars = [event for event in asyncio.run(watch()) if isinstance(event, Bar)]
    rows = [*range(N // 4), *range(N // 2 - 1, N)]
    assert [bar.open_time_ms for bar in bars] == recorded.open_time_ms[rows].tolist()
    for name in ("open", "high", "low", "close", "volume"):
        assert [float(getattr(bar, name)) for bar in bars] == getattr(recorded, name)[rows].tolist()
    assert feed.state().standing is FeedStanding.ENDED
