"""Charts of backtests: equity, costs, redrawn trades, maps of a search, windows, runs together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from sonde.markets.core.backtesting.lines import EquityLine
from sonde.markets.core.backtesting.metrics.drawdown import fall_below_peak
from sonde.markets.ui.backtests.words import name_words
from sonde.markets.ui.candle_figures import FALLING, RISING, iso_times
from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import SERIES, series_colour

EQUITY_HEIGHT: Final = 520
_HOLDING: Final = "#8b93a1"
_LABEL: Final = "#20242e"
_GRID: Final = "rgba(125,133,148,0.22)"
_BAND: Final = "rgba(91,141,239,0.16)"
_MAP: Final = ((0.0, "#dd6074"), (0.5, "#e9e5d8"), (1.0, "#1fa890"))
_STRIPS: Final = ((0.46, 1.0), (0.22, 0.42), (0.0, 0.18))


def equity_figure(line: EquityLine, start: float, held: str = "Position") -> go.Figure:
    """Return equity with buy and hold, the fall below the peak, and the position, over time."""
    times = _times(line.close_time_ms)
    fall = -100 * fall_below_peak(np.array(line.equity, dtype=np.float64), start)
    traces = [
        _line(times, line.equity, "Strategy", SERIES[0]),
        _line(times, line.holding, "Buy and hold", _HOLDING, _Look(dash="dot")),
        _line(times, fall, "Below the peak", FALLING, _Look("y2", fill=True)),
        _line(times, line.position, held, SERIES[1], _Look("y3", fill=True, step=True)),
    ]
    figure = new_figure(traces, x=Axis("Time, UTC", grid=False), legend=True)
    titles = (f"Equity, {line.currency}", "Drawdown, %", held)
    for number, ((low, high), title) in enumerate(zip(_STRIPS, titles, strict=True), 1):
        name = "yaxis" if number == 1 else f"yaxis{number}"
        figure.layout[name] = _strip(title, low, high)
    figure.layout.xaxis.update({"type": "date", "anchor": "y3"})
    figure.layout.hovermode = "x unified"
    # one label over all lines has the colour of the paper, on which white words are not seen
    figure.layout.hoverlabel.update({"bgcolor": _LABEL, "font": {"color": "#f2f4f8"}})
    return figure


def _strip(title: str, low: float, high: float) -> dict[str, Any]:
    return {
        "domain": [low, high],
        "title": {"text": title, "font": {"size": 11}, "standoff": 8},
        "gridcolor": _GRID,
        "zeroline": False,
        "nticks": 7 if high == 1.0 else 3,
        "automargin": True,
        "tickfont": {"size": 11},
    }


@dataclass(frozen=True)
class _Look:
    """How a line is drawn, beside its name and colour."""

    axis: str = "y"
    dash: str = "solid"
    fill: bool = False
    step: bool = False


def _line(x: ArrayLike, y: ArrayLike, name: str, colour: str, look: _Look = _Look()) -> go.Scatter:
    shape = "hv" if look.step else "linear"
    return go.Scatter(
        x=x,
        y=np.asarray(y, dtype=np.float64),
        yaxis=look.axis,
        mode="lines",
        name=name,
        fill="tozeroy" if look.fill else None,
        line={"color": colour, "width": 1.3, "dash": look.dash, "shape": shape},
        showlegend=look.axis == "y",
        hovertemplate=f"{name}: %{{y:,.6~g}}<extra></extra>",
    )


def cost_figure(parts: Sequence[tuple[str, float]], unit: str) -> go.Figure:
    """Return how costs lead from what prices brought to what was left; the last part is the sum."""
    names, values = [name for name, _ in parts], [value for _, value in parts]
    trace = go.Waterfall(
        x=names,
        y=values,
        measure=["absolute", *["relative"] * (len(parts) - 2), "total"],
        increasing={"marker": {"color": RISING}},
        decreasing={"marker": {"color": FALLING}},
        totals={"marker": {"color": SERIES[0]}},
        connector={"line": {"color": _GRID, "width": 1}},
        hovertemplate=f"%{{x}}: %{{y:,.2f}} {unit}<extra></extra>",
    )
    return new_figure([trace], x=Axis(grid=False), y=Axis(unit))


def bands_figure(drawn: Mapping[str, Any], start: float, unit: str) -> go.Figure:
    """Return percentiles of the account through many redrawn sequences of its trades."""
    x = [0, *drawn["band_trades"]]
    bands = dict(zip(drawn["percentiles"], drawn["bands"], strict=True))
    traces = []
    for low, high in ((5, 95), (25, 75)):
        traces.append(_edge(x, [start, *bands[low]], f"{low} %", fill=False))
        traces.append(_edge(x, [start, *bands[high]], f"{low} to {high} %", fill=True))
    middle = _line(x, [start, *bands[50]], "Median", SERIES[0])
    return new_figure([*traces, middle], x=Axis("Trades", grid=False), y=Axis(f"Equity, {unit}"))


def _edge(x: Sequence[int], y: Sequence[float], name: str, *, fill: bool) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        name=name,
        line={"width": 0, "color": SERIES[0]},
        fill="tonexty" if fill else None,
        fillcolor=_BAND,
        hovertemplate=f"{name}: %{{y:,.2f}}<extra></extra>" if fill else None,
        hoverinfo=None if fill else "skip",
    )


def map_figure(told: Mapping[str, Any], measure: str) -> go.Figure:
    """Return a measure over two settings; what could not be measured stays empty."""
    values = np.array(told["values"], dtype=np.float64)
    known = values[np.isfinite(values)]
    middle = {"zmid": 0.0} if known.size and known.min() < 0 < known.max() else {}
    x, y = _names(told["x_values"]), _names(told["y_values"])
    trace = go.Heatmap(
        x=x,
        y=y,
        z=values,
        colorscale=[list(each) for each in _MAP],
        colorbar={"title": {"text": name_words(measure)}, "thickness": 12, "outlinewidth": 0},
        hovertemplate=f"{told['x']} %{{x}}, {told['y']} %{{y}}: %{{z:,.4~g}}<extra></extra>",
        hoverongaps=False,
        xgap=1,
        ygap=1,
        **middle,
    )
    across, up = name_words(told["x"]), name_words(told["y"])
    return new_figure(
        [trace],
        x=Axis(across, grid=False, categories=x),
        y=Axis(up, grid=False, categories=y),
    )


def axis_figure(values: Sequence[Any], figures: Sequence[float | None], name: str) -> go.Figure:
    """Return a measure over the values of one setting."""
    trace = go.Scatter(
        x=_names(values),
        y=np.array(figures, dtype=np.float64),
        mode="lines+markers",
        line={"color": SERIES[0], "width": 1.3},
    )
    return new_figure([trace], x=Axis(grid=False, categories=_names(values)), y=Axis(name))


def windows_figure(windows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Return where each window trains and where it trades, in bars."""
    rows = [str(number + 1) for number in range(len(windows))]
    traces = [
        _stretch(windows, rows, ("train_start", "train_stop"), ("Training", _HOLDING)),
        _stretch(windows, rows, ("test_start", "test_stop"), ("Test", SERIES[0])),
    ]
    figure = new_figure(
        traces, x=Axis("Bar"), y=Axis("Window", grid=False, categories=rows), legend=True
    )
    figure.layout.barmode = "overlay"
    figure.layout.yaxis.autorange = "reversed"
    return figure


def _stretch(
    windows: Sequence[Mapping[str, Any]],
    rows: Sequence[str],
    ends: tuple[str, str],
    look: tuple[str, str],
) -> go.Bar:
    first = [each["window"][ends[0]] for each in windows]
    length = [each["window"][ends[1]] - each["window"][ends[0]] for each in windows]
    return go.Bar(
        x=length,
        y=rows,
        base=first,
        orientation="h",
        name=look[0],
        marker={"color": look[1]},
        customdata=np.add(first, length),
        hovertemplate=f"{look[0]}: bars %{{base:,}} to %{{customdata:,}}<extra></extra>",
    )


def time_figure(
    lines: Sequence[tuple[str, Sequence[int], Sequence[float]]], title: str
) -> go.Figure:
    """Return lines over time, each a name, its times and its values."""
    traces = [
        _line(_times(times), values, name, series_colour(number))
        for number, (name, times, values) in enumerate(lines)
    ]
    figure = new_figure(
        traces, x=Axis("Time, UTC", grid=False), y=Axis(title), legend=len(lines) > 1
    )
    figure.layout.xaxis.type = "date"
    return figure


def _times(times_ms: Sequence[int] | NDArray[np.int64]) -> list[str]:
    return iso_times(np.asarray(times_ms, dtype=np.int64))


def _names(values: Sequence[Any]) -> list[str]:
    return [f"{each:g}" if isinstance(each, float) else str(each) for each in values]
