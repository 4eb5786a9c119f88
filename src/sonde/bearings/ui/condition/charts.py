"""Charts of a channel: its trend with limits, zones and events, and its health."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.iso20816 import Zone
from sonde.bearings.services.condition.health import Health
from sonde.bearings.services.condition.log import Event
from sonde.bearings.services.condition.trends import Trend
from sonde.bearings.ui.condition.marks import COLOURS
from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import SERIES

_ZONES: Final = {
    Zone.A: "rgba(31,168,144,0.10)",
    Zone.B: "rgba(207,162,39,0.08)",
    Zone.C: "rgba(232,133,58,0.12)",
    Zone.D: "rgba(221,96,116,0.14)",
}
_MOST_EVENTS: Final = 40


def trend_figure(trend: Trend, events: Sequence[Event]) -> go.Figure:
    """Return the trend of a figure with everything that says what it means."""
    unit = f" ({trend.unit})" if trend.unit else ""
    figure = new_figure(
        [_values(trend)], x=Axis(grid=False), y=Axis(f"{trend.feature.title}{unit}")
    )
    _add_limits(figure, trend)
    _add_zones(figure, trend)
    _add_events(figure, trend, events)
    return figure


def health_figure(health: Health, limit: float) -> go.Figure:
    """Return the health indicator with what it was learned from and its limit."""
    trace = go.Scatter(
        x=_times(health.moments),
        y=health.values,
        mode="lines",
        line={"color": SERIES[3], "width": 1.6},
        hovertemplate="%{x|%Y-%m-%d %H:%M}<br>%{y:.3g}<extra></extra>",
    )
    figure = new_figure([trace], x=Axis(grid=False), y=Axis("Distance from healthy"))
    end = health.moments[min(health.n_baseline, len(health.moments)) - 1]
    figure.add_vrect(
        x0=health.moments[0].isoformat(),
        x1=end.isoformat(),
        fillcolor="rgba(31,168,144,0.12)",
        line_width=0,
        layer="below",
    )
    _line(figure, limit, COLOURS[AlarmState.ALARM], "limit")
    return figure


def _values(trend: Trend) -> Any:
    told = trend.states or (None,) * len(trend.moments)
    return go.Scatter(
        x=_times(trend.moments),
        y=trend.values,
        mode="lines+markers",
        line={"color": SERIES[0], "width": 1.3},
        marker={
            "size": 5,
            "color": [SERIES[0] if one is None else COLOURS[one] for one in told],
        },
        hovertemplate="%{x|%Y-%m-%d %H:%M}<br>%{y:.5g}<extra></extra>",
        showlegend=False,
    )


def _add_limits(figure: go.Figure, trend: Trend) -> None:
    if trend.band is not None:
        band = trend.band.band
        _line(figure, band.warning, COLOURS[AlarmState.WARNING], "warning", "bottom left")
        _line(figure, band.alarm, COLOURS[AlarmState.ALARM], "alarm")


def _line(figure: go.Figure, value: float, colour: str, name: str, place: str = "top left") -> None:
    figure.add_hline(
        y=value,
        line={"color": colour, "width": 1.2, "dash": "dash"},
        annotation={"text": f"{name} {value:.3g}", "font": {"color": colour, "size": 11}},
        annotation_position=place,
    )


def _add_zones(figure: go.Figure, trend: Trend) -> None:
    if trend.zone is None or not trend.zone.limits or not len(trend.values):
        return
    steps = [0.0, *trend.zone.limits]
    limit = trend.band.band.alarm if trend.band else steps[2]
    top = max(1.1 * float(np.max(trend.values)), 1.05 * limit)
    for zone, low in zip(Zone, steps, strict=True):
        high = steps[list(Zone).index(zone) + 1] if zone is not Zone.D else max(top, low)
        if low < top:
            figure.add_hrect(
                y0=low,
                y1=min(high, top),
                fillcolor=_ZONES[zone],
                line_width=0,
                layer="below",
                annotation={"text": zone.value, "font": {"size": 11}},
                annotation_position="right",
            )


def _add_events(figure: go.Figure, trend: Trend, events: Sequence[Event]) -> None:
    """Mark what people noted by a line, and changes of this figure's state by a triangle."""
    for one in [event for event in events if event.is_note][:_MOST_EVENTS]:
        figure.add_vline(
            x=one.at.timestamp() * 1000,
            line={"color": SERIES[7], "width": 1, "dash": "dot"},
            annotation={"text": one.kind, "font": {"size": 10}, "textangle": -90},
            annotation_position="top right",
        )
    changed = [one for one in events if one.feature == trend.feature.name][:_MOST_EVENTS]
    if not changed or not len(trend.values):
        return
    figure.add_trace(
        go.Scatter(
            x=_times([one.at for one in changed]),
            y=_at(trend, changed),
            mode="markers",
            marker={
                "symbol": "triangle-up",
                "size": 11,
                "color": [COLOURS[AlarmState(one.kind)] for one in changed],
            },
            text=[f"{one.kind}: {one.text}" for one in changed],
            hovertemplate="%{x|%Y-%m-%d %H:%M}<br>%{text}<extra></extra>",
            showlegend=False,
        )
    )


def _at(trend: Trend, events: Sequence[Event]) -> list[float]:
    seconds = np.array([one.timestamp() for one in trend.moments])
    places = [int(np.argmin(np.abs(seconds - one.at.timestamp()))) for one in events]
    return [float(trend.values[place]) for place in places]


def _times(moments: Sequence[datetime]) -> list[str]:
    return [one.isoformat() for one in moments]
