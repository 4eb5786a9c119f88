"""Prices at rest, as people ask for them: series, candles, gaps, outliers, statistics."""

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.prices.columns import columns_of
from sonde.markets.core.prices.gaps import GapReport, gap_report
from sonde.markets.core.prices.outliers import Outlier, OutlierSettings, outliers
from sonde.markets.core.prices.resampling import resampled
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.statistics import PriceStatistics, price_statistics
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.persistence import series as rows
from sonde.markets.services import price_store
from sonde.markets.services.price_store import Appended
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Forbidden, Invalid
from sonde.platform.services.work import after_commit, ports

_DEFAULTS = OutlierSettings()


def list_series(actor: Actor) -> tuple[Series, ...]:
    """Return every series that the actor may see, by venue and symbol, short bars first."""
    return price_store.list_series(actor)


def find(actor: Actor, symbol: str, timeframe: str = "", *, venue: str = "") -> Series:
    """Return the series of a symbol, ``BTCUSDT`` or ``binance:BTCUSDT``, or of an id.

    Raises NotFound, which names what there is.
    """
    return price_store.find(actor, symbol, timeframe, venue=venue)


def candles(
    actor: Actor, series_id: str, from_ms: int | None = None, to_ms: int | None = None
) -> Candles:
    """Return the bars that open in ``[from_ms, to_ms)``, with their source; raises NotFound.

    Raises Invalid for a period that ends before it begins.
    """
    if from_ms is not None and to_ms is not None and to_ms < from_ms:
        raise Invalid("The period ends before it begins.", field="to")
    return price_store.load(actor, series_id, from_ms, to_ms)


def gaps(actor: Actor, series_id: str, *, most: int = 1000) -> GapReport:
    """Return which bars are missing between the first and the last; raises NotFound."""
    found = price_store.load(actor, series_id)
    return gap_report(columns_of(found), found.timeframe, most=most)


def find_outliers(
    actor: Actor, series_id: str, settings: OutlierSettings = _DEFAULTS
) -> tuple[Outlier, ...]:
    """Return the bars that their neighbours do not believe, each with why; raises NotFound."""
    return outliers(columns_of(price_store.load(actor, series_id)), settings)


def statistics(actor: Actor, series_id: str) -> PriceStatistics:
    """Describe a series; raises NotFound."""
    found = price_store.load(actor, series_id)
    return price_statistics(columns_of(found), found.timeframe)


def resample(actor: Actor, series_id: str, timeframe: str, *, keep_holed: bool = False) -> Appended:
    """Store a series in longer bars, made of whole ones only; it may be done again at any time.

    Raises NotFound, Forbidden for viewers, Invalid if the bars do not fit into each other or none
    is whole, Conflict if the longer bars are stored already with other values.
    """
    actor.require(Role.ANALYST)
    coarser = Timeframe(timeframe)
    finer = price_store.load(actor, series_id)
    made = resampled(columns_of(finer), finer.timeframe, coarser, keep_holed=keep_holed)
    if made.columns.n == 0:
        raise Invalid(f"There is no whole bar of {coarser} in this series.", field="timeframe")
    name = f"{finer.source.name}, resampled from {finer.timeframe}"
    source = Provenance(finer.source.venue, "file", name, finer.source.sha256, price_store.now_ms())
    return price_store.append_candles(
        actor, made.columns.candles(finer.instrument, coarser, source), is_inferred=True
    )


def delete(actor: Actor, series_id: str) -> None:
    """Delete a series with its files.

    Raises NotFound, and Forbidden for viewers and for other people's series.
    """
    actor.require(Role.ANALYST)
    series = price_store.get(actor, series_id)
    if series.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can delete this series.")
    rows.hold_by_id(series_id, actor.workspace_ids)
    files = ports().files
    for part in rows.parts_of(series_id):
        after_commit(lambda key=part.file_key: files.delete(key))  # type: ignore[misc]
    rows.remove(series_id)
