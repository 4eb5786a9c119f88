"""The one chart of candles: prices above, volume and indicators below, over one time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from sonde.markets.core.prices.columns import PriceColumns
from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import series_colour

RISING: Final = "#1fa890"
FALLING: Final = "#dd6074"
_VOLUME: Final = "rgba(125,133,148,0.55)"
_MARK: Final = "rgba(232,133,58,0.22)"
_PRICE_PX, _VOLUME_PX, _PANE_PX, _GAP_PX, _MARGIN_PX = 330, 80, 110, 16, 56


@dataclass(frozen=True, eq=False)
class Curve:
    """One line over the candles' times; NaN where there is nothing to draw."""

    name: str
    values: ArrayLike


@dataclass(frozen=True, eq=False)
class Pane:
    """A strip below the candles with its own vertical axis."""

    title: str
    curves: Sequence[Curve]


@dataclass(frozen=True, eq=False)
class CandleChart:
    """What a chart of candles shows.

    Parameters
    ----------
    candles : PriceColumns
    span : (int, int)
        What is in view, milliseconds UTC; candles outside are there for panning.
    length_ms : int
        How long a candle is.
    unit : str
        Of prices, such as ``"USDT"``.
    volume_unit : str
    overlays : sequence of Curve
        Drawn over the prices.
    panes : sequence of Pane
        Drawn below, in order.
    mark : (int, int), optional
        A stretch of time that is marked.
    """

    candles: PriceColumns
    span: tuple[int, int]
    length_ms: int
    unit: str
    volume_unit: str
    overlays: Sequence[Curve] = ()
    panes: Sequence[Pane] = ()
    mark: tuple[int, int] | None = None

    @property
    def height(self) -> int:
        """How high the chart is, in pixels."""
        return _PRICE_PX + sum(_strips(self)) + _GAP_PX * len(_strips(self)) + _MARGIN_PX


def candle_figure(chart: CandleChart) -> go.Figure:
    """Return candles with volume and indicators; a rising candle is hollow, a falling one full."""
    times = iso_times(chart.candles.open_time_ms)
    traces = [_candles(chart, times), _volume(chart, times)]
    traces += [_line(curve, times, n, "y") for n, curve in enumerate(chart.overlays)]
    for k, pane in enumerate(chart.panes):
        traces += [_line(curve, times, n, f"y{k + 3}") for n, curve in enumerate(pane.curves)]
    legend = len(traces) > 2
    figure = new_figure(traces, x=Axis("Time, UTC", grid=False), legend=legend)
    figure.layout.update(_axes(chart))
    if chart.mark is not None:
        figure.layout.shapes = [_marked(*chart.mark)]
    return figure


def iso_times(times_ms: NDArray[np.int64]) -> list[str]:
    """Return times as plotly reads them without a time zone of its own.

    Examples
    --------
    >>> iso_times(np.array([0, 60_000]))
    ['1970-01-01T00:00:00', '1970-01-01T00:01:00']
    """
    seconds = times_ms.astype("datetime64[ms]").astype("datetime64[s]")
    return [str(time) for time in np.datetime_as_string(seconds)]


def _strips(chart: CandleChart) -> list[int]:
    return [_VOLUME_PX, *([_PANE_PX] * len(chart.panes))]


def _candles(chart: CandleChart, times: list[str]) -> go.Candlestick:
    bars = chart.candles
    return go.Candlestick(
        x=times,
        open=bars.open,
        high=bars.high,
        low=bars.low,
        close=bars.close,
        name="Price",
        showlegend=False,
        increasing={"line": {"color": RISING, "width": 1}, "fillcolor": "rgba(0,0,0,0)"},
        decreasing={"line": {"color": FALLING, "width": 1}, "fillcolor": FALLING},
    )


def _volume(chart: CandleChart, times: list[str]) -> go.Bar:
    return go.Bar(
        x=times,
        y=chart.candles.volume,
        yaxis="y2",
        name="Volume",
        showlegend=False,
        marker={"color": _VOLUME, "line": {"width": 0}},
        hovertemplate=f"%{{x}}<br>%{{y:,.6~g}} {chart.volume_unit}<extra></extra>",
    )


def _line(curve: Curve, times: list[str], number: int, axis: str) -> go.Scatter:
    return go.Scatter(
        x=times,
        y=np.ascontiguousarray(curve.values, dtype=np.float64),
        yaxis=axis,
        mode="lines",
        name=curve.name,
        line={"color": series_colour(number + (1 if axis == "y" else 0)), "width": 1.2},
        hovertemplate=f"{curve.name}: %{{y:,.6~g}}<extra></extra>",
    )


def _axes(chart: CandleChart) -> dict[str, Any]:
    """Return one vertical axis for each strip, from the top down, and the time below them."""
    heights = [_PRICE_PX, *_strips(chart)]
    titles = [f"Price, {chart.unit}", f"Volume, {chart.volume_unit}"]
    titles += [pane.title for pane in chart.panes]
    total = sum(heights) + _GAP_PX * (len(heights) - 1)
    axes: dict[str, Any] = {}
    top = float(total)
    for number, (height, title) in enumerate(zip(heights, titles, strict=True), 1):
        name = "yaxis" if number == 1 else f"yaxis{number}"
        domain = [max(top - height, 0.0) / total, top / total]
        axes[name] = _strip_axis(title, domain, price=number == 1)
        top -= height + _GAP_PX
    axes["yaxis"] |= _price_range(chart)
    last = len(heights)
    axes["xaxis"] = {
        "type": "date",
        "range": iso_times(np.array(chart.span, dtype=np.int64)),
        "rangeslider": {"visible": False},
        "anchor": f"y{last}" if last > 1 else "y",
    }
    axes["uirevision"] = f"{chart.span[0]}-{chart.span[1]}"
    return axes


def _strip_axis(title: str, domain: list[float], *, price: bool) -> dict[str, Any]:
    return {
        "domain": domain,
        "title": {"text": title, "font": {"size": 11}, "standoff": 8},
        "gridcolor": "rgba(125,133,148,0.22)",
        "zeroline": False,
        "nticks": 8 if price else 3,
        "fixedrange": not price,
        "automargin": True,
        "tickfont": {"size": 11},
    }


def _price_range(chart: CandleChart) -> dict[str, Any]:
    """Return the range of what is in view: what is beside it does not flatten it."""
    times = chart.candles.open_time_ms
    seen = (times >= chart.span[0] - chart.length_ms) & (times < chart.span[1])
    if not seen.any():
        return {}
    drawn = [chart.candles.low[seen], chart.candles.high[seen]]
    drawn += [np.asarray(curve.values, dtype=np.float64)[seen] for curve in chart.overlays]
    shown = np.concatenate(drawn)
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    room = 0.05 * (high - low) or 0.01 * high
    return {"range": [low - room, high + room]}


def _marked(from_ms: int, to_ms: int) -> dict[str, Any]:
    first, last = iso_times(np.array([from_ms, to_ms], dtype=np.int64))
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": first,
        "x1": last,
        "y0": 0,
        "y1": 1,
        "fillcolor": _MARK,
        "line": {"width": 1, "color": "#e8853a"},
        "layer": "below",
    }
