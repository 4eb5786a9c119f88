"""The replay: recorded prices as a feed, at any speed, with pause and seek; works offline."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sonde.markets.core.candles import Candles, Feed
from sonde.markets.core.feeds.clock import FeedClock
from sonde.markets.core.feeds.events import FeedEvent, Interrupted
from sonde.markets.core.feeds.port import (
    FeedStanding,
    FeedState,
    HistoryPage,
    Topic,
    concerns,
)
from sonde.markets.core.feeds.recorded import Recording, events_between, span_ms
from sonde.markets.core.feeds.replay_state import ReplayState
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid, NotFound

_STEP_S: Final = 0.05
_PAGE_BARS: Final = 10_000


def replay_of(recordings: Sequence[Recording], wall_ms: int, speed: float = 1.0) -> ReplayState:
    """Return a replay of everything that is recorded, standing at its beginning.

    Raises
    ------
    Invalid
        If nothing is recorded, or the speed is out of range.
    """
    if not recordings:
        raise Invalid("Nothing is recorded; import or collect candles first.")
    spans = [span_ms(recording) for recording in recordings]
    start_ms = min(first for first, _ in spans)
    end_ms = max(last for _, last in spans)
    return ReplayState(start_ms, end_ms, start_ms, wall_ms, float(speed))


@dataclass
class ReplayFeed:
    """Recorded prices as a feed.

    Parameters
    ----------
    recordings : sequence of Candles or RecordedTicks
    state_now : ReplayState
        Where it stands; controls replace it.
    clock : FeedClock
        The clock on the wall, or a virtual one.
    """

    recordings: Sequence[Recording]
    state_now: ReplayState
    clock: FeedClock
    name: str = "replay"
    kind: Feed = "replay"
    _is_closed: bool = field(default=False)

    def state(self) -> FeedState:
        """Return how the replay stands."""
        now_ms = self.clock.now_ms()
        replay = self.state_now
        if self._is_closed or replay.is_over(now_ms):
            return FeedState(FeedStanding.ENDED, now_ms)
        standing = FeedStanding.STREAMING if replay.is_playing else FeedStanding.PAUSED
        return FeedState(standing, replay.wall_ms)

    def position_ms(self) -> int:
        """Return the time of the recording at which the replay stands."""
        return self.state_now.at(self.clock.now_ms())

    def play(self) -> None:
        """Go on; raises Conflict at the end."""
        self.state_now = self.state_now.play(self.clock.now_ms())

    def pause(self) -> None:
        """Stand still."""
        self.state_now = self.state_now.pause(self.clock.now_ms())

    def set_speed(self, speed: float) -> None:
        """Go on at another speed; raises Invalid."""
        self.state_now = self.state_now.at_speed(speed, self.clock.now_ms())

    def seek(self, position_ms: int) -> None:
        """Move to a time of the recording; raises Invalid."""
        self.state_now = self.state_now.seek(position_ms, self.clock.now_ms())

    def instruments(self) -> Sequence[Instrument]:
        """Return what is recorded."""
        return tuple({one.instrument.key: one.instrument for one in self.recordings}.values())

    def history(
        self, symbol: str, timeframe: str, from_ms: int, to_ms: int
    ) -> Iterator[HistoryPage]:
        """Go through the recorded candles that are over where the replay stands.

        Raises NotFound where nothing is recorded, Invalid for an unknown timeframe.
        """
        length = Timeframe(timeframe).ms
        candles = self._candles(symbol, timeframe)
        asked = candles.between(from_ms, to_ms)
        over = asked.between(from_ms, min(to_ms, self.position_ms() - length + 1))
        unfinished = asked.n - over.n
        for first in range(0, over.n, _PAGE_BARS):
            bounds = over.open_time_ms[first : first + _PAGE_BARS]
            page = over.between(int(bounds[0]), int(bounds[-1]) + 1)
            yield HistoryPage(page, unfinished if first + page.n == over.n else 0)

    async def subscribe(self, topics: Sequence[Topic]) -> AsyncGenerator[FeedEvent, None]:
        """Go through what becomes known as the replay moves; ends at its end."""
        wanted = [self._wanted(topic) for topic in topics]
        told_ms, seeks = self.position_ms(), self.state_now.seeks
        while not self._is_closed:
            if self.state_now.seeks != seeks:
                seeks, told_ms = self.state_now.seeks, self.state_now.position_ms
                yield Interrupted("", told_ms, "The replay was moved to another time.")
            until_ms = self.position_ms()
            for event in events_between(self.recordings, told_ms, until_ms):
                if any(concerns(event, topic, key) for topic, key in wanted):
                    yield event
                if self.state_now.seeks != seeks:
                    break
            else:
                told_ms = until_ms
                if self.state_now.is_over(self.clock.now_ms()):
                    return
                await self.clock.sleep(_STEP_S)

    async def close(self) -> None:
        """End every subscription."""
        self._is_closed = True
        await asyncio.sleep(0)

    def _wanted(self, topic: Topic) -> tuple[Topic, str]:
        for one in self.recordings:
            if one.instrument.symbol == topic.symbol:
                return topic, one.instrument.key
        raise NotFound(f"Nothing is recorded of {topic.symbol}.", symbol=topic.symbol)

    def _candles(self, symbol: str, timeframe: str) -> Candles:
        for one in self.recordings:
            if (
                isinstance(one, Candles)
                and one.instrument.symbol == symbol
                and one.timeframe.name == timeframe
            ):
                return one
        raise NotFound(f"No {timeframe} candles of {symbol} are recorded.", symbol=symbol)
