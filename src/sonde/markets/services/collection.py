"""Data collection: candles of a symbol, fetched from its exchange again and again, and stored.

Every page is stored with the place to go on from, both or neither: a collection that is killed
goes on where it stopped, and what was fetched twice is one candle.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.exchange import ExchangeFeed
from sonde.markets.core.feeds.port import HistoryPage, PriceFeed
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.persistence import collections as rows
from sonde.markets.services import feeds, price_store
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid, NotFound, SondeError
from sonde.platform.core.jobs import JobOutcome, JobRun
from sonde.platform.services import accounts, jobs
from sonde.platform.services.work import ports

JOB_KIND: Final = "markets.collect"
LOOK_EVERY: Final = timedelta(minutes=5)
_DEFAULT_SPAN_MS: Final = 30 * 86_400_000
_MOST: Final = 100
OpenFeed = Callable[[ExchangeSettings], PriceFeed]


@dataclass(frozen=True)
class Collection:
    """One symbol that is collected, as people see it.

    Parameters
    ----------
    id, venue, symbol, timeframe : str
    is_on : bool
        It is looked at every five minutes.
    rows : int
        Candles that are stored of this symbol and timeframe, whatever their source.
    collected : int
        Candles that this collection fetched.
    from_ms, next_ms : int
        Where it began and where it goes on, milliseconds UTC.
    fraction : float
        How far it has caught up with the present, 0 to 1.
    said : str
        What the last look found.
    is_failing : bool
        The last look found nothing for a reason that `said` gives.
    looked_at : datetime, optional
    """

    id: str
    venue: str
    symbol: str
    timeframe: str
    is_on: bool
    rows: int
    collected: int
    from_ms: int
    next_ms: int
    fraction: float
    said: str
    is_failing: bool
    looked_at: datetime | None


@dataclass(frozen=True)
class _Due:
    """What is to be collected, outside of any unit of work."""

    id: str
    actor: Actor
    settings: ExchangeSettings
    symbol: str
    timeframe: str
    next_ms: int


def start(
    actor: Actor, venue: str, symbol: str, timeframe: str = "1m", from_ms: int | None = None
) -> Collection:
    """Collect a symbol from now on, and first what it missed since `from_ms` (30 days ago).

    A job begins at once. Raises Forbidden for viewers, NotFound for an unknown exchange, Invalid
    for an unknown timeframe, a time in the future or too many collections.
    """
    actor.require(Role.ANALYST)
    feeds.check_exchange(venue)
    length, now_ms = Timeframe(timeframe), price_store.now_ms()
    begin_ms = max(now_ms - _DEFAULT_SPAN_MS, 0) if from_ms is None else from_ms
    if not 0 <= begin_ms < now_ms:
        raise Invalid("Collect from a time in the past.", field="from")
    if len(rows.all_of(frozenset({actor.workspace_id}))) >= _MOST:
        raise Invalid(f"A workspace collects at most {_MOST} symbols.", field="symbol")
    name = symbol.strip().upper()
    row = rows.hold(
        actor.workspace_id,
        actor.user_id,
        venue=venue,
        symbol=name,
        timeframe=length.name,
        from_ms=begin_ms,
    )
    earlier = from_ms is not None and from_ms < row.from_ms
    again = {"from_ms": from_ms, "next_ms": from_ms} if earlier else {}
    rows.change(row.id, is_on=True, is_failing=False, owner_id=actor.user_id, **again)
    title = f"Collect {name} {length.name} from {venue}"
    jobs.enqueue(actor, kind=JOB_KIND, params={"collection": row.id}, title=title)
    return get(actor, row.id)


def stop(actor: Actor, collection_id: str) -> Collection:
    """Collect a symbol no longer; what is stored stays. Raises NotFound and Forbidden."""
    actor.require(Role.ANALYST)
    rows.change(_row(actor, collection_id).id, is_on=False)
    return get(actor, collection_id)


def remove(actor: Actor, collection_id: str) -> None:
    """Forget a collection; what is stored stays. Raises NotFound and Forbidden."""
    actor.require(Role.ANALYST)
    rows.remove(_row(actor, collection_id).id)


def get(actor: Actor, collection_id: str) -> Collection:
    """Return one collection; raises NotFound."""
    return _view(_row(actor, collection_id), _stored(actor), price_store.now_ms())


def statistics(actor: Actor) -> tuple[Collection, ...]:
    """Return every collection that the actor may see, with the candles that are stored."""
    stored, now_ms = _stored(actor), price_store.now_ms()
    return tuple(_view(row, stored, now_ms) for row in rows.all_of(actor.workspace_ids))


def is_any_due() -> bool:
    """Say whether a collection is on that has a candle to fetch and was not looked at lately."""
    now = ports().clock()
    return any(_is_due(row, now) for row in rows.all_of())


def collect(
    job: JobRun, params: Mapping[str, Any], open_feed: OpenFeed = ExchangeFeed
) -> JobOutcome:
    """Fetch what is missing: of one collection, or of all that are due."""
    only = str(params.get("collection", ""))
    with job.work():
        now = ports().clock()
        ids = [only] if only else [row.id for row in rows.all_of() if _is_due(row, now)]
    total, failed = 0, 0
    opened: dict[ExchangeSettings, PriceFeed] = {}
    for number, collection_id in enumerate(ids):
        with job.work():
            due = _due(collection_id)
        if due is None:
            continue
        if due.settings not in opened:
            opened[due.settings] = open_feed(due.settings)
        try:
            total += _collect_one(job, due, opened[due.settings], (number, len(ids)))
        except SondeError as error:
            failed += 1
            with job.work():
                _note(due.id, error.message, is_failing=True)
    return JobOutcome({"collections": len(ids), "candles": total, "failed": failed})


def _collect_one(job: JobRun, due: _Due, feed: PriceFeed, place: tuple[int, int]) -> int:
    """Store page after page; return how many candles were new."""
    new = 0
    with job.work():
        now_ms = price_store.now_ms()
    for page in feed.history(due.symbol, due.timeframe, due.next_ms, now_ms):
        with job.work():
            stored = _store(due, page)
        if stored is None:
            return new
        new += stored
        reached_ms = int(page.candles.open_time_ms[-1])
        part = (reached_ms - due.next_ms) / max(now_ms - due.next_ms, 1)
        job.progress(f"Collecting {due.symbol}", (place[0] + part) / place[1], f"{new} candles")
    with job.work():
        _note(due.id, f"{new} new candles" if new else "Nothing new yet.")
    return new


def _store(due: _Due, page: HistoryPage) -> int | None:
    """Store one page and where to go on; None if the collection was stopped meanwhile."""
    row = rows.find(due.id)
    if row is None or not row.is_on:
        return None
    appended = price_store.append_candles(due.actor, page.candles, overwrite=True)
    reached_ms = int(page.candles.open_time_ms[-1]) + page.candles.timeframe.ms
    collected = row.collected + appended.n_new
    rows.change(due.id, next_ms=max(row.next_ms, reached_ms), collected=collected)
    return appended.n_new


def _due(collection_id: str) -> _Due | None:
    """Return what to collect for whom; None if it is off."""
    row = rows.find(collection_id)
    if row is None or not row.is_on:
        return None
    actor = replace(accounts.actor_for(row.owner_id), workspace_id=row.workspace_id)
    settings = feeds.settings_of(row.venue)
    return _Due(row.id, actor, settings, row.symbol, row.timeframe, row.next_ms)


def _note(collection_id: str, said: str, *, is_failing: bool = False) -> None:
    looked_at = ports().clock()
    rows.change(collection_id, said=said, is_failing=is_failing, looked_at=looked_at)


def _is_due(row: rows.CollectionRow, now: datetime) -> bool:
    if not row.is_on or (row.looked_at is not None and now - row.looked_at < LOOK_EVERY):
        return False
    return round(now.timestamp() * 1000) >= row.next_ms + Timeframe(row.timeframe).ms


def _row(actor: Actor, collection_id: str) -> rows.CollectionRow:
    row = rows.find(collection_id)
    if row is None or row.workspace_id not in actor.workspace_ids:
        raise NotFound("There is no such collection, or it is not yours to see.")
    return row


def _stored(actor: Actor) -> Mapping[tuple[str, str, str], int]:
    """Return how many candles are stored, by workspace, instrument and timeframe."""
    return {
        (series.workspace_id, series.instrument.key, series.timeframe.name): series.n_bars
        for series in price_store.list_series(actor)
    }


def _view(
    row: rows.CollectionRow, stored: Mapping[tuple[str, str, str], int], now_ms: int
) -> Collection:
    span_ms = max(now_ms - row.from_ms, 1)
    return Collection(
        id=row.id,
        venue=row.venue,
        symbol=row.symbol,
        timeframe=row.timeframe,
        is_on=row.is_on,
        rows=stored.get((row.workspace_id, f"{row.venue}:{row.symbol}", row.timeframe), 0),
        collected=row.collected,
        from_ms=row.from_ms,
        next_ms=row.next_ms,
        fraction=min(max((row.next_ms - row.from_ms) / span_ms, 0.0), 1.0),
        said=row.said,
        is_failing=row.is_failing,
        looked_at=row.looked_at,
    )
