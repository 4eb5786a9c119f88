"""The port through which prices come in; every form of it passes one contract suite."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sonde.markets.core.candles import Candles, Feed
from sonde.markets.core.feeds.events import Bar, Book, FeedEvent, Interrupted, Tick
from sonde.markets.core.instruments import Instrument
from sonde.platform.core.errors import Invalid


class FeedStanding(StrEnum):
    """How a feed stands."""

    READY = "ready"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    PAUSED = "paused"
    ENDED = "ended"
    OFF = "off"


@dataclass(frozen=True)
class FeedState:
    """How a feed stands, in words for people.

    Parameters
    ----------
    standing : FeedStanding
    since_ms : int
        Milliseconds UTC.
    reason : str
        Why, for ``off`` and ``connecting``; may be empty otherwise.
    """

    standing: FeedStanding
    since_ms: int
    reason: str = ""

    @property
    def words(self) -> str:
        """Return the sentence that people read.

        Examples
        --------
        >>> FeedState(FeedStanding.OFF, 0, "the exchange cannot be reached").words
        'off: the exchange cannot be reached'
        >>> FeedState(FeedStanding.STREAMING, 0).words
        'streaming'
        """
        return f"{self.standing}: {self.reason}" if self.reason else str(self.standing)


class TopicKind(StrEnum):
    """What can be subscribed to."""

    TICKS = "ticks"
    TOP = "top"
    BOOK = "book"
    CANDLES = "candles"


@dataclass(frozen=True)
class Topic:
    """One thing to be told about.

    Parameters
    ----------
    kind : TopicKind
    symbol : str
        As the venue writes it, such as ``"BTCUSDT"``.
    timeframe : str
        Of candles, such as ``"1m"``; empty otherwise.
    """

    kind: TopicKind
    symbol: str
    timeframe: str = ""

    def __post_init__(self) -> None:
        if (self.kind is TopicKind.CANDLES) != bool(self.timeframe):
            raise Invalid("Candles need a timeframe, and nothing else has one.", kind=self.kind)


def concerns(event: FeedEvent, topic: Topic, key: str) -> bool:
    """Say whether somebody who subscribed to `topic` of the instrument `key` is told `event`.

    Examples
    --------
    >>> concerns(Interrupted("", 0, "lost"), Topic(TopicKind.TICKS, "AB"), "x:AB")
    True
    """
    if isinstance(event, Interrupted):
        return event.key in {"", key}
    if event.key != key:
        return False
    if isinstance(event, Tick):
        return topic.kind is TopicKind.TICKS
    if isinstance(event, Bar):
        return topic.kind is TopicKind.CANDLES and event.timeframe == topic.timeframe
    return topic.kind is (TopicKind.BOOK if isinstance(event, Book) else TopicKind.TOP)


@dataclass(frozen=True)
class HistoryPage:
    """A part of a history.

    Parameters
    ----------
    candles : Candles
        Whole candles only.
    unfinished : int
        How many candles at the end were left out because their time was not over.
    """

    candles: Candles
    unfinished: int = 0


class PriceFeed(Protocol):
    """Prices of one venue, or recorded ones.

    `instruments` and `history` block: call them in a thread. `subscribe` is asynchronous.
    """

    @property
    def name(self) -> str:
        """Name of the feed, such as ``"binance"``."""
        ...

    @property
    def kind(self) -> Feed:
        """``"live"`` or ``"replay"``."""
        ...

    def state(self) -> FeedState:
        """Return how the feed stands."""
        ...

    def instruments(self) -> Sequence[Instrument]:
        """Return what can be traded; raises Unavailable."""
        ...

    def history(
        self, symbol: str, timeframe: str, from_ms: int, to_ms: int
    ) -> Iterator[HistoryPage]:
        """Go through the whole candles that open in ``[from_ms, to_ms)``, oldest first.

        Raises NotFound for an unknown symbol, Invalid for an unknown timeframe and Unavailable
        where the venue does not answer.
        """
        ...

    def subscribe(self, topics: Sequence[Topic]) -> AsyncGenerator[FeedEvent, None]:
        """Go through what happens from now on; ends when the feed is closed or at its end."""
        ...

    async def close(self) -> None:
        """Let go of everything; a feed that is closed stays closed."""
        ...
