"""The stored series as a grid."""

from collections.abc import Sequence
from typing import Any, Final

from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.series import Series
from sonde.markets.ui.market_data.ids import DataId
from sonde.markets.ui.market_data.state import path_of
from sonde.markets.ui.price_sample.button import WORDS, sample_button
from sonde.platform.ui.components import card, empty_state
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import count, duration

_LINK: Final = {"cellRenderer": "SondeLink", "minWidth": 120}
_COLUMNS = (
    Column("Symbol", "symbol", options=_LINK),
    Column("Venue", "venue", width=95),
    Column("Bars of", "timeframe", width=90),
    Column("From (UTC)", "first", width=158),
    Column("To (UTC)", "last", width=158),
    Column("Bars", "bars", numeric=True, width=95),
    Column("Missing", "missing", numeric=True, width=95),
    Column("Source", "source", options={"minWidth": 120, "tooltipField": "source"}),
    Column("Newest bar", "age", width=125),
)
_DAY_S = 86_400


def series_card(stored: Sequence[Series], now_ms: int) -> Any:
    """Return the stored series, or what to do first."""
    if not stored:
        return card(
            empty_state(
                "No prices yet",
                "Drop a CSV or Parquet file of candles below, or have a symbol collected from an "
                "exchange. Then it can be looked at, replayed, backtested and traded on paper. "
                + WORDS,
                icon_name="tabler:chart-candle",
                actions=[sample_button("data")],
            )
        )
    return card(
        grid(
            _COLUMNS,
            id=DataId.GRID.value,
            name="Stored series of candles",
            rows=[series_row(one, now_ms) for one in stored],
            height=420,
        ),
        title="Stored series",
        description="Choose a symbol to see its candles, gaps, outliers and statistics.",
    )


def series_row(series: Series, now_ms: int) -> dict[str, Any]:
    """Return one row of the grid."""
    source = series.provenance
    return {
        "id": series.id,
        "symbol": series.instrument.symbol,
        "href": path_of(series.id),
        "venue": series.instrument.venue,
        "timeframe": series.timeframe.name,
        "first": _time(series.first_ms),
        "last": _time(series.last_ms),
        "bars": count(series.n_bars),
        "missing": count(missing_bars(series)),
        "source": f"{source.feed}: {source.name}",
        "age": age_words(series, now_ms),
    }


def missing_bars(series: Series) -> int:
    """Return how many bars there are not between the first and the last one."""
    if series.first_ms is None or series.last_ms is None:
        return 0
    return (series.last_ms - series.first_ms) // series.timeframe.ms + 1 - series.n_bars


def age_words(series: Series, now_ms: int) -> str:
    """Say how long ago the newest bar closed."""
    if series.last_ms is None:
        return "none yet"
    seconds = max(now_ms - series.last_ms - series.timeframe.ms, 0) / 1000
    if seconds >= 2 * _DAY_S:
        return f"{int(seconds // _DAY_S):,} days ago"
    return f"{duration(seconds)} ago"


def _time(time_ms: int | None) -> str:
    return "" if time_ms is None else when(time_ms).removesuffix(" UTC")
