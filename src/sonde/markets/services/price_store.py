"""The store of candles: one series for each instrument and timeframe, one bar for each time."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.prices.columns import PriceColumns, columns_of, joined
from sonde.markets.core.prices.merging import Merge, merged
from sonde.markets.core.prices.partition import by_period
from sonde.markets.core.prices.series import Series, Source, with_source
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.persistence import instruments as instrument_rows
from sonde.markets.persistence import price_files
from sonde.markets.persistence import series as rows
from sonde.markets.services import instruments
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import after_commit, ports

PREFIX = "prices/"


@dataclass(frozen=True)
class Appended:
    """What became of candles that were given to the store.

    Parameters
    ----------
    series : Series
        As it is now.
    n_new, n_same, n_changed : int
        Bars that were not there, were there with the same values, or replaced other values.
    n_open : int
        Bars that had not closed yet and were left out.
    """

    series: Series
    n_new: int
    n_same: int
    n_changed: int
    n_open: int


def now_ms() -> int:
    """Return the present time in milliseconds UTC."""
    return round(ports().clock().timestamp() * 1000)


def append_candles(
    actor: Actor, candles: Candles, *, overwrite: bool = False, is_inferred: bool = False
) -> Appended:
    """Add candles to their series, made where there is none; bars that are still open stay out.

    Identical bars are one bar. Raises Forbidden for viewers, Invalid if the workspace knows the
    instrument with another grid, Conflict for differing bars unless `overwrite`.
    """
    actor.require(Role.ANALYST)
    closed = int(np.searchsorted(candles.close_time_ms, now_ms(), "right"))
    given = columns_of(candles.until(closed))
    instrument = instruments.ensure(actor, candles.instrument, is_inferred=is_inferred)
    row = rows.hold(instrument, candles.timeframe, owner_id=actor.user_id, now=ports().clock())
    changes = _merge_parts(row.id, given, candles.timeframe, overwrite=overwrite)
    if any(change.n_new or change.n_changed for change in changes.values()):
        _replace_parts(instrument, row, changes)
    n_new = sum(change.n_new for change in changes.values())
    _note_change(row, _source(candles.source, n_new))
    return Appended(
        get(actor, row.id),
        n_new,
        sum(change.n_same for change in changes.values()),
        sum(change.n_changed for change in changes.values()),
        candles.n - closed,
    )


def _source(told: Provenance, n_bars: int) -> Source:
    return Source(told.feed, told.name, told.sha256, now_ms(), n_bars)


def _merge_parts(
    series_id: str, given: PriceColumns, timeframe: Timeframe, *, overwrite: bool
) -> Mapping[str, Merge]:
    stored = {part.period: part for part in rows.parts_of(series_id)}
    return {
        period: merged(
            _read(stored[period]) if period in stored else joined([]), part, overwrite=overwrite
        )
        for period, part in by_period(given, timeframe)
    }


def _read(part: rows.Part) -> PriceColumns:
    return price_files.read(ports().files.local_path(part.file_key))


def _replace_parts(
    instrument: instrument_rows.InstrumentRow,
    row: rows.SeriesRow,
    changes: Mapping[str, Merge],
) -> None:
    """Write the parts that changed as new files; the old ones go once that is committed."""
    files = ports().files
    before = {part.period: part for part in rows.parts_of(row.id)}
    folder = _folder(instrument, row)
    written: list[str] = []
    try:
        for period, change in changes.items():
            if change.n_new or change.n_changed:
                key = f"{folder}/{period}-{new_id()}.parquet"
                files.put(key, price_files.encoded(change.columns))
                written.append(key)
                rows.put_part(row.id, _part(period, key, change.columns))
                if period in before:
                    old = before[period].file_key
                    after_commit(lambda old=old: files.delete(old))  # type: ignore[misc]
    except BaseException:
        for key in written:
            files.delete(key)
        raise


def _part(period: str, key: str, columns: PriceColumns) -> rows.Part:
    times = columns.open_time_ms
    return rows.Part(
        period, key, columns.n, int(times[0]), int(times[-1]), price_files.content_hash(columns)
    )


def _folder(instrument: instrument_rows.InstrumentRow, row: rows.SeriesRow) -> str:
    """Return where a series lies: by workspace, venue, symbol and timeframe."""
    plain = [re.sub(r"[^A-Za-z0-9]+", "-", each) for each in (instrument.venue, instrument.symbol)]
    names = [each.strip("-") or "x" for each in plain]
    return f"{PREFIX}{row.workspace_id}/{'/'.join(names)}/{row.timeframe}"


def _note_change(row: rows.SeriesRow, source: Source) -> None:
    parts = rows.parts_of(row.id)
    hashes = "".join(part.sha256 for part in parts)
    sources = with_source([Source(**each) for each in row.sources], source)
    rows.change(
        row.id,
        n_bars=sum(part.n_bars for part in parts),
        first_ms=parts[0].first_ms if parts else None,
        last_ms=parts[-1].last_ms if parts else None,
        sha256=hashlib.sha256(hashes.encode()).hexdigest() if parts else "",
        sources=rows.sources_as_json(sources),
        changed_at=ports().clock(),
    )


def get(actor: Actor, series_id: str) -> Series:
    """Return one series; raises NotFound."""
    found = rows.find(series_id, actor.workspace_ids)
    if found is None:
        raise NotFound("There is no such series of prices, or it is not yours to see.")
    return found


def list_series(actor: Actor) -> tuple[Series, ...]:
    """Return every series that the actor may see, by venue and symbol, short bars first."""
    found = rows.all_of(actor.workspace_ids)
    return tuple(sorted(found, key=lambda each: (each.instrument.key, each.timeframe.ms)))


def find(actor: Actor, symbol: str, timeframe: str = "", *, venue: str = "") -> Series:
    """Return the series of a symbol, ``BTCUSDT`` or ``binance:BTCUSDT``.

    Without a timeframe or venue there must be only one that fits. Raises NotFound, which names
    what there is.
    """
    if timeframe:
        Timeframe(timeframe)
    there = list_series(actor)
    fitting = [each for each in there if _fits(each, symbol, timeframe, venue)]
    if len(fitting) == 1:
        return fitting[0]
    asked = " ".join(part for part in (venue, symbol, timeframe) if part)
    if fitting:
        names = ", ".join(each.key for each in fitting)
        raise NotFound(f"{asked} fits several series: {names}. Say which.", field="timeframe")
    names = ", ".join(each.key for each in there[:10]) or "none yet; sonde prices import makes one"
    raise NotFound(f"There is no series {asked}; there are {names}.", field="symbol")


def _fits(series: Series, symbol: str, timeframe: str, venue: str) -> bool:
    instrument = series.instrument
    return (
        symbol in {instrument.symbol, instrument.key, series.id}
        and timeframe in {"", series.timeframe.name}
        and venue in {"", instrument.venue}
    )


def last_time_ms(actor: Actor, instrument_key: str, timeframe: Timeframe) -> int | None:
    """Return when the newest stored bar of ``venue:SYMBOL`` opened; None without any."""
    for each in rows.all_of(frozenset({actor.workspace_id})):
        if each.instrument.key == instrument_key and each.timeframe == timeframe:
            return each.last_ms
    return None


def load(
    actor: Actor, series_id: str, from_ms: int | None = None, to_ms: int | None = None
) -> Candles:
    """Return the bars that open in ``[from_ms, to_ms)``, with their source; raises NotFound."""
    return load_series(get(actor, series_id), from_ms, to_ms)


def load_series(series: Series, from_ms: int | None = None, to_ms: int | None = None) -> Candles:
    """Return the bars of a series that open in ``[from_ms, to_ms)``, with their source."""
    first = series.first_ms or 0 if from_ms is None else from_ms
    last = (series.last_ms or 0) + 1 if to_ms is None else to_ms
    parts = [_between(each, first, last) for each in _columns(series.id, from_ms, to_ms)]
    columns = joined(parts)
    return columns.candles(series.instrument, series.timeframe, series.provenance)


def _between(columns: PriceColumns, from_ms: int, to_ms: int) -> PriceColumns:
    first, last = np.searchsorted(columns.open_time_ms, (from_ms, max(from_ms, to_ms)), "left")
    return columns.rows(slice(int(first), int(last)))


def _columns(series_id: str, from_ms: int | None, to_ms: int | None) -> list[PriceColumns]:
    """Read the parts; once more if they were replaced after they had been looked up."""
    try:
        return _read_all(rows.parts_of(series_id, from_ms, to_ms))
    except NotFound:
        return _read_all(rows.parts_of(series_id, from_ms, to_ms))


def _read_all(parts: Sequence[rows.Part]) -> list[PriceColumns]:
    return [_read(part) for part in parts]
