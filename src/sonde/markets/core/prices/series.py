"""A stored series of candles, as services and pages see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sonde.markets.core.candles import Feed, Provenance
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.timeframes import Timeframe


@dataclass(frozen=True)
class Source:
    """Where a part of a series came from.

    Parameters
    ----------
    feed : {"live", "replay", "file"}
    name : str
        The file's name, or the feed's.
    sha256 : str
        Of the file; empty for a feed.
    loaded_at_ms : int
        When its newest bars came, milliseconds UTC.
    n_bars : int
        How many bars came from it that were not there before.
    """

    feed: Feed
    name: str
    sha256: str
    loaded_at_ms: int
    n_bars: int


@dataclass(frozen=True)
class Series:
    """One series of candles.

    Parameters
    ----------
    id, workspace_id, owner_id : str
    instrument : Instrument
    timeframe : Timeframe
    n_bars : int
    first_ms, last_ms : int or None
        Open times of the first and the last bar, milliseconds UTC.
    sha256 : str
        Of the content.
    sources : tuple of Source
        Oldest first.
    changed_at : datetime
    """

    id: str
    workspace_id: str
    owner_id: str
    instrument: Instrument
    timeframe: Timeframe
    n_bars: int
    first_ms: int | None
    last_ms: int | None
    sha256: str
    sources: tuple[Source, ...]
    changed_at: datetime

    @property
    def key(self) -> str:
        """Name for people: ``binance:BTCUSDT 1h``."""
        return f"{self.instrument.key} {self.timeframe}"

    @property
    def provenance(self) -> Provenance:
        """Where the candles come from; the file's hash where one file is all there is."""
        newest = max(self.sources, key=lambda source: source.loaded_at_ms, default=None)
        if newest is None:
            return Provenance(self.instrument.venue, "file", "", self.sha256, 0)
        is_one_file = len(self.sources) == 1 and bool(newest.sha256)
        return Provenance(
            self.instrument.venue,
            newest.feed,
            "; ".join(dict.fromkeys(source.name for source in self.sources)),
            newest.sha256 if is_one_file else self.sha256,
            newest.loaded_at_ms,
        )


_KEPT_SOURCES = 50


def with_source(sources: Sequence[Source], newest: Source) -> tuple[Source, ...]:
    """Return the sources with one more; what came from the same place before is one with it.

    Examples
    --------
    >>> one = Source("live", "binance", "", 1, 10)
    >>> with_source([one], Source("live", "binance", "", 2, 5))
    (Source(feed='live', name='binance', sha256='', loaded_at_ms=2, n_bars=15),)
    """
    same = [each for each in sources if _place(each) == _place(newest)]
    others = [each for each in sources if _place(each) != _place(newest)]
    n_bars = newest.n_bars + sum(each.n_bars for each in same)
    grown = Source(newest.feed, newest.name, newest.sha256, newest.loaded_at_ms, n_bars)
    return tuple([*others, grown][-_KEPT_SOURCES:])


def _place(source: Source) -> tuple[str, str, str]:
    return source.feed, source.name, source.sha256
