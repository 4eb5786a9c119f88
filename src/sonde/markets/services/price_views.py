"""Prices as a chart shows them: a stretch of a series in as many candles as can be told apart."""

from collections.abc import Sequence

import numpy as np

from sonde.markets.core.indicators.catalogue import indicator_named
from sonde.markets.core.prices.columns import columns_of
from sonde.markets.core.prices.condensing import candle_length, condensed, first_rows
from sonde.markets.core.prices.gaps import gap_report
from sonde.markets.core.prices.outliers import outliers
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.statistics import price_statistics
from sonde.markets.core.prices.views import (
    MOST_CANDLES,
    MOST_INDICATORS,
    PriceFindings,
    PriceView,
)
from sonde.markets.services import price_store
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

MOST_JUDGED = 100_000


def look(
    actor: Actor,
    series_id: str,
    span: tuple[int, int] | None = None,
    indicators: Sequence[str] = (),
    most: int = MOST_CANDLES,
) -> PriceView:
    """Return a stretch of a series, or all of it, in at most about `most` candles.

    Indicators are computed on the bars themselves, from the first one on. Raises NotFound for an
    unknown series or indicator, Invalid for too many indicators or an empty stretch.
    """
    if len(indicators) > MOST_INDICATORS:
        raise Invalid(f"Choose at most {MOST_INDICATORS} indicators at a time.", field="show")
    series = price_store.get(actor, series_id)
    whole = (series.first_ms or 0, (series.last_ms or 0) + series.timeframe.ms)
    seen = whole if span is None else span
    if seen[1] <= seen[0]:
        raise Invalid("The period ends before it begins.", field="to")
    length_ms = candle_length(series.timeframe, seen[1] - seen[0], most)
    margin = (seen[1] - seen[0]) // 2
    return _view(actor, series, seen, length_ms, (seen[0] - margin, seen[1] + margin), indicators)


def findings(actor: Actor, series_id: str, judged: int = MOST_JUDGED) -> PriceFindings:
    """Describe a series and name its gaps and outliers; raises NotFound.

    Outliers are looked for in the newest `judged` bars: a person waits for the answer.
    """
    series = price_store.get(actor, series_id)
    bars = columns_of(price_store.load(actor, series_id))
    newest = bars.rows(slice(max(bars.n - judged, 0), None))
    return PriceFindings(
        series,
        price_statistics(bars, series.timeframe),
        gap_report(bars, series.timeframe),
        outliers(newest),
        int(newest.open_time_ms[0]) if newest.n < bars.n else None,
    )


def _view(
    actor: Actor,
    series: Series,
    seen: tuple[int, int],
    length_ms: int,
    wanted: tuple[int, int],
    indicators: Sequence[str],
) -> PriceView:
    # an indicator may remember everything before
    bars = price_store.load(actor, series.id, None if indicators else wanted[0], wanted[1])
    first = int(np.searchsorted(bars.open_time_ms, wanted[0], "left"))
    part = columns_of(bars.between(*wanted))
    firsts = first_rows(part.open_time_ms, length_ms)
    lasts = first + np.append(firsts[1:], part.n).astype(np.int64) - 1
    lines = {
        name: {
            output: values[lasts[: firsts.size]]
            for output, values in indicator_named(name).batch(bars, {}).items()
        }
        for name in dict.fromkeys(indicators)
    }
    return PriceView(series, seen, length_ms, condensed(part, length_ms), lines)
