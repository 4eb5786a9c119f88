"""Stored series over REST: listed, read, examined, resampled, deleted; and instruments."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict

from sonde.markets.api.exact import Exact, moment, moment_or_none
from sonde.markets.core.candles import Candles
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.thinning import thinned
from sonde.markets.services import instruments, prices
from sonde.platform.api.routing import Acting, router

ROUTER = router("/markets", tag="Markets: prices")
_LARGEST_PAGE = 10_000

FromMs = Annotated[int | None, Query(ge=0, description="Open time, milliseconds UTC.")]
ToMs = Annotated[int | None, Query(ge=0, description="Before this open time.")]
Bars = Annotated[int, Query(ge=1, le=_LARGEST_PAGE, description="How many bars.")]
Points = Annotated[
    int | None,
    Query(ge=1, le=_LARGEST_PAGE, description="Draw the whole period with so many candles."),
]


class SourceBody(BaseModel):
    """Where a part of a series came from."""

    model_config = ConfigDict(from_attributes=True)

    feed: str
    name: str
    sha256: str
    n_bars: int


class SeriesBody(BaseModel):
    """One stored series of candles."""

    id: str
    venue: str
    symbol: str
    timeframe: str
    n_bars: int
    first_at: datetime | None
    last_at: datetime | None
    sha256: str
    sources: list[SourceBody]


class SeriesList(BaseModel):
    """Every series that you may see."""

    items: list[SeriesBody]


class CandlesBody(BaseModel):
    """Candles as columns; `bars_each` is above 1 where neighbours were joined to be drawn."""

    series_id: str
    symbol: str
    timeframe: str
    source: str
    bars_each: int
    time_ms: list[int]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[float]
    next_from_ms: int | None


class GapBody(BaseModel):
    """Bars in a row that are missing."""

    from_at: datetime
    to_at: datetime
    n_missing: int
    words: str


class GapsBody(BaseModel):
    """What is missing of a series."""

    n_bars: int
    n_expected: int
    n_missing: int
    n_gaps: int
    coverage: float
    gaps: list[GapBody]


class OutlierBody(BaseModel):
    """A bar that its neighbours do not believe."""

    at: datetime
    kind: str
    column: str
    value: float
    score: float
    words: str


class StatisticsBody(BaseModel):
    """Figures of a series; null where too few bars say nothing."""

    model_config = ConfigDict(from_attributes=True)

    n_bars: int
    n_missing: int
    n_gaps: int
    coverage: float
    first_open: float | None
    last_close: float | None
    lowest: float | None
    highest: float | None
    change: float | None
    volatility: float | None
    largest_rise: float | None
    largest_fall: float | None
    n_flat: int
    n_without_volume: int
    volume: float
    turnover: float


class ResampleBody(BaseModel):
    """Into which bars."""

    model_config = ConfigDict(extra="forbid")

    timeframe: str
    keep_holed: bool = False


class InstrumentBody(BaseModel):
    """What is traded, on which grid, at which fees."""

    symbol: str
    venue: str
    base: str
    quote: str
    kind: str
    tick: Exact
    step: Exact
    min_notional: Exact
    maker_fee: Exact
    taker_fee: Exact
    max_leverage: Exact


@ROUTER.get("/series")
def list_series(actor: Acting) -> SeriesList:
    """List every series that you may see."""
    return SeriesList(items=[series_body(one) for one in prices.list_series(actor)])


@ROUTER.get("/series/{series_id}")
def get_series(actor: Acting, series_id: str) -> SeriesBody:
    """Look at one series."""
    return series_body(prices.find(actor, series_id))


@ROUTER.get("/series/{series_id}/candles")
def get_candles(
    actor: Acting,
    series_id: str,
    from_ms: FromMs = None,
    to_ms: ToMs = None,
    limit: Bars = 1000,
    points: Points = None,
) -> CandlesBody:
    """Read candles, oldest first: a page of them, or the whole period drawn with fewer."""
    found = prices.candles(actor, series_id, from_ms, to_ms)
    return candles_body(series_id, found, limit, points)


@ROUTER.get("/series/{series_id}/gaps")
def get_gaps(actor: Acting, series_id: str) -> GapsBody:
    """List what is missing between the first and the last bar."""
    found = prices.gaps(actor, series_id)
    gaps = [
        GapBody(
            from_at=moment(one.from_ms),
            to_at=moment(one.to_ms),
            n_missing=one.n_missing,
            words=one.words,
        )
        for one in found.gaps
    ]
    return GapsBody(
        n_bars=found.n_bars,
        n_expected=found.n_expected,
        n_missing=found.n_missing,
        n_gaps=found.n_gaps,
        coverage=found.coverage,
        gaps=gaps,
    )


@ROUTER.get("/series/{series_id}/outliers")
def get_outliers(actor: Acting, series_id: str) -> list[OutlierBody]:
    """List the bars that stand out of their neighbours, each with the reason."""
    return [
        OutlierBody(
            at=moment(one.time_ms),
            kind=one.kind,
            column=one.column,
            value=one.value,
            score=one.score,
            words=one.words,
        )
        for one in prices.find_outliers(actor, series_id)
    ]


@ROUTER.get("/series/{series_id}/statistics")
def get_statistics(actor: Acting, series_id: str) -> StatisticsBody:
    """Describe a series."""
    return StatisticsBody.model_validate(prices.statistics(actor, series_id))


@ROUTER.post("/series/{series_id}/resample", status_code=201)
def resample_series(actor: Acting, series_id: str, body: ResampleBody) -> SeriesBody:
    """Store a series in longer bars, made of whole ones only."""
    made = prices.resample(actor, series_id, body.timeframe, keep_holed=body.keep_holed)
    return series_body(made.series)


@ROUTER.delete("/series/{series_id}", status_code=204)
def delete_series(actor: Acting, series_id: str) -> Response:
    """Delete a series with its files."""
    prices.delete(actor, series_id)
    return Response(status_code=204)


@ROUTER.get("/instruments")
def list_instruments(actor: Acting) -> list[InstrumentBody]:
    """List what can be traded, with tick, step, least order and fees."""
    return [
        InstrumentBody(
            symbol=one.symbol,
            venue=one.venue,
            base=one.base,
            quote=one.quote,
            kind=one.kind,
            tick=one.tick,
            step=one.step,
            min_notional=one.min_notional,
            maker_fee=one.fees.maker,
            taker_fee=one.fees.taker,
            max_leverage=one.max_leverage,
        )
        for one in instruments.list_instruments(actor)
    ]


def series_body(series: Series) -> SeriesBody:
    """Return a series as the API shows it."""
    return SeriesBody(
        id=series.id,
        venue=series.instrument.venue,
        symbol=series.instrument.symbol,
        timeframe=series.timeframe.name,
        n_bars=series.n_bars,
        first_at=moment_or_none(series.first_ms),
        last_at=moment_or_none(series.last_ms),
        sha256=series.sha256,
        sources=[SourceBody.model_validate(one) for one in series.sources],
    )


def candles_body(series_id: str, candles: Candles, limit: int, points: int | None) -> CandlesBody:
    """Return candles as the API shows them."""
    is_more = points is None and candles.n > limit
    shown = candles.until(limit) if is_more else candles
    drawn = thinned(shown, points or max(shown.n, 1))
    names = ("open", "high", "low", "close", "volume")
    columns = {name: getattr(drawn, name).tolist() for name in names}
    return CandlesBody(
        series_id=series_id,
        symbol=candles.instrument.key,
        timeframe=candles.timeframe.name,
        source=candles.source.name,
        bars_each=drawn.bars_each,
        time_ms=drawn.open_time_ms.tolist(),
        **columns,
        next_from_ms=int(candles.open_time_ms[limit]) if is_more else None,
    )
