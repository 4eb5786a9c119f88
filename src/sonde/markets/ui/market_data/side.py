"""What stands beside the candles: figures, gaps and outliers, each with the way to its place."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.gaps import Gap, GapReport
from sonde.markets.core.prices.outliers import Outlier
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.statistics import PriceStatistics
from sonde.markets.core.prices.views import PriceFindings
from sonde.markets.ui.market_data.chart import price_words
from sonde.markets.ui.market_data.ids import DataType
from sonde.platform.ui.components import facts
from sonde.platform.ui.wording import count

_SHOWN: Final = 60
_AROUND: Final = 60


def side(found: PriceFindings) -> Any:
    """Return the figures of a series, its gaps and its outliers behind three tabs."""
    series, n_gaps, n_outliers = found.series, found.gaps.n_gaps, len(found.outliers)
    tabs = (
        ("statistics", "Statistics", _statistics(series, found.statistics)),
        ("gaps", f"Gaps ({count(n_gaps)})", _gaps(series, found.gaps)),
        ("outliers", f"Outliers ({count(n_outliers)})", _judged(found)),
    )
    heads = [dmc.TabsTab(title, value=value) for value, title, _ in tabs]
    panels = [dmc.TabsPanel(body, value=value, pt="sm") for value, _, body in tabs]
    return dmc.Tabs([dmc.TabsList(heads), *panels], value="statistics")


def _statistics(series: Series, found: PriceStatistics) -> Any:
    quote, base = series.instrument.quote, series.instrument.base
    return facts(
        [
            ("Bars", f"{count(found.n_bars)} of {series.timeframe}"),
            ("Missing", f"{count(found.n_missing)} in {count(found.n_gaps)} gaps"),
            ("Covered", f"{100 * found.coverage:.3f} %"),
            ("First open", _amount(found.first_open, quote)),
            ("Last close", _amount(found.last_close, quote)),
            ("Lowest", _amount(found.lowest, quote)),
            ("Highest", _amount(found.highest, quote)),
            ("Change", _share(found.change)),
            ("Volatility, one year", _share(found.volatility, sign=False)),
            ("Largest rise, one bar", _share(found.largest_rise)),
            ("Largest fall, one bar", _share(found.largest_fall)),
            ("Flat bars", count(found.n_flat)),
            ("Bars without volume", count(found.n_without_volume)),
            ("Volume", f"{found.volume:,.0f} {base}"),
            ("Turnover", f"{found.turnover:,.0f} {quote}"),
            ("Tick", f"{series.instrument.tick} {quote}"),
            ("Step", f"{series.instrument.step} {base}"),
            ("Source", _source(series)),
        ]
    )


def _source(series: Series) -> Any:
    source = series.provenance
    return html.Span(
        f"{source.feed}: {source.name}, SHA-256 {source.sha256[:12]}..., "
        f"came {when(source.loaded_at_ms)}",
        title=source.sha256,
    )


def _gaps(series: Series, report: GapReport) -> Any:
    if not report.n_gaps:
        return _nothing("No bar is missing between the first and the last one.")
    places = [_place(gap.words, *_gap_span(series, gap)) for gap in report.gaps[:_SHOWN]]
    return _places(places, report.n_gaps, "gaps, the longest ones")


def _judged(found: PriceFindings) -> Any:
    body = _outliers(found.series, found.outliers)
    if found.judged_from_ms is None:
        return body
    text = f"Looked for in the newest bars, from {when(found.judged_from_ms)} on."
    return html.Div([html.P(text, className="sonde-dim sonde-small"), body])


def _outliers(series: Series, strange: Sequence[Outlier]) -> Any:
    if not strange:
        return _nothing("Every bar is one that its neighbours believe.")
    strangest = sorted(strange, key=lambda each: -each.score)[:_SHOWN]
    places = [
        _place(each.words, each.time_ms, each.time_ms + series.timeframe.ms, series.timeframe.ms)
        for each in sorted(strangest, key=lambda each: each.time_ms)
    ]
    return _places(places, len(strange), "outliers, the strangest ones")


def _gap_span(series: Series, gap: Gap) -> tuple[int, int, int]:
    return gap.from_ms, gap.to_ms, series.timeframe.ms


def _places(places: list[Any], total: int, words: str) -> Any:
    more = f"{len(places)} of {count(total)} {words}." if total > len(places) else ""
    tail = [html.P(more, className="sonde-dim sonde-small")] if more else []
    listed = html.Ul(
        [html.Li(place) for place in places], className="sonde-plain-list sonde-places"
    )
    return html.Div([listed, *tail])


def _place(words: str, from_ms: int, to_ms: int, bar_ms: int) -> Any:
    """Return a button that shows a place in the chart, with bars around it, marked."""
    around = max(_AROUND * bar_ms, (to_ms - from_ms) // 2)
    place = {
        "type": DataType.PLACE.value,
        "from": from_ms - around,
        "to": to_ms + around,
        "mark": f"{from_ms}-{to_ms}",
    }
    return html.Button(words, id=place, n_clicks=0, className="sonde-place")


def _nothing(text: str) -> Any:
    return html.P(text, className="sonde-dim")


def _amount(value: float | None, unit: str) -> str:
    return "too few bars" if value is None else f"{price_words(value)} {unit}"


def _share(value: float | None, *, sign: bool = True) -> str:
    if value is None:
        return "too few bars"
    return f"{100 * value:+,.2f} %" if sign else f"{100 * value:,.1f} %"
