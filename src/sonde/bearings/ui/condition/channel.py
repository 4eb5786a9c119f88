"""A channel: its trend, limits, health and remaining life, events and measurements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
import numpy as np
from dash import html

from sonde.bearings.core.condition.figures import FIGURES
from sonde.bearings.core.condition.health import DEFAULT_LIMIT
from sonde.bearings.core.condition.machines import Measurement, Node
from sonde.bearings.core.condition.zones import ZoneNote
from sonde.bearings.core.features.registry import BY_NAME, domains
from sonde.bearings.services.condition.health import Health, Outlook, hours_text
from sonde.bearings.services.condition.log import Event
from sonde.bearings.services.condition.trends import Trend
from sonde.bearings.ui.condition.charts import health_figure, trend_figure
from sonde.bearings.ui.condition.ids import ConditionId
from sonde.bearings.ui.condition.limits import limits_card
from sonde.bearings.ui.condition.marks import state_badge
from sonde.bearings.ui.condition.state import ConditionState
from sonde.platform.ui.components import badge, card, columns, empty_state, facts, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import moment

_TWIN_ROWS: Final = 60
_MOST_LIVES: Final = 2


@dataclass(frozen=True)
class ChannelView:
    """Everything that is shown of a channel.

    Parameters
    ----------
    node : Node
    state : ConditionState
    trend : Trend
    zone : ZoneNote
    health : Health or str
        A sentence where there is none yet.
    outlooks : sequence of (Outlook or str)
    events : sequence of Event
    measured : sequence of Measurement
    may_change : bool
    """

    node: Node
    state: ConditionState
    trend: Trend
    zone: ZoneNote
    health: Health | str
    outlooks: Sequence[Outlook | str]
    events: Sequence[Event]
    measured: Sequence[Measurement]
    may_change: bool


def channel_body(view: ChannelView) -> list[Any]:
    """Return the panels of a channel."""
    if not view.measured:
        return [_never_measured(may_change=view.may_change)]
    return [
        _trend_card(view),
        columns([_health_card(view), _life_card(view)], minimum=320),
        limits_card(view.trend, view.zone, may_change=view.may_change),
    ]


def measurement_table(measured: Sequence[Measurement]) -> Any:
    """Return the newest measurements, each with the way to its signal."""
    rows = [
        [
            moment(one.taken_at),
            *(f"{one.figures[name]:.4g}" if name in one.figures else "" for name in _SHOWN),
            f"{one.speed_rpm:,.0f}" if one.speed_rpm else "unknown",
            _signal(one),
        ]
        for one in measured
    ]
    titles = [Column(name, numeric=True) for name in (*_SHOWN, "rpm")]
    return card(
        plain_table([Column("Taken"), *titles, Column("Signal")], rows),
        title="Newest measurements",
        description="Every figure of every measurement is in the trend above and in the REST "
        "interface.",
    )


_SHOWN: Final = ("RMS", "Kurtosis", "EnvelopeRMS", "VelocityRMS")


def _signal(one: Measurement) -> Any:
    if one.recording_id:
        return dmc.Anchor("Open", href=f"/signal-viewer/{one.recording_id}", size="sm")
    return html.Span(one.file or "not kept", className="sonde-dim")


def _never_measured(*, may_change: bool) -> Any:
    how = (
        "Feed above brings the first recordings: from a data set, as a file, from a watched folder "
        "of the server, or over REST."
    )
    return card(
        empty_state(
            "Nothing was measured here yet",
            how if may_change else "Its owner has not fed it yet.",
            icon_name="tabler:wave-sine",
        )
    )


def _trend_card(view: ChannelView) -> Any:
    trend = view.trend
    shown = len(trend.values)
    newest = f"{trend.values[-1]:.4g} {trend.unit}".strip() if shown else "none"
    summary = (
        f"{trend.n_measured} values of {trend.feature.name}, the newest {newest}."
        if shown
        else "No value of this figure in this time; choose another figure or a longer time."
    )
    if trend.band is not None and shown:
        summary += f" State: {trend.band.state.value}."
    rows = [
        [moment(when), f"{value:.5g}"]
        for when, value in list(zip(trend.moments, trend.values, strict=True))[-_TWIN_ROWS:]
    ]
    twin = Twin((Column("Taken"), Column(trend.feature.name, numeric=True)), rows)
    chart = graph(
        trend_figure(trend, view.events),
        id=ConditionId.TREND,
        name=f"Trend of {trend.feature.name}",
        summary=summary,
        twin=twin,
        height=340,
    )
    marks = [state_badge(trend.band.state)] if trend.band else [badge("no limits", Tone.NEUTRAL)]
    return card([_choices(view), chart], title=trend.feature.title, actions=marks)


def _choices(view: ChannelView) -> Any:
    known = [BY_NAME[name] for name in FIGURES]
    groups = [
        {
            "group": domain.capitalize(),
            "items": [{"value": one.name, "label": f"{one.name}: {one.title}"} for one in found],
        }
        for domain, found in domains(known).items()
    ]
    figure = dmc.Select(
        id=ConditionId.FEATURE,
        label="Figure",
        data=groups,
        value=view.trend.feature.name,
        searchable=True,
        allowDeselect=False,
        size="xs",
        style={"flex": "1 1 260px"},
    )
    span = dmc.DatePickerInput(
        id=ConditionId.RANGE,
        type="range",
        label="From and to (UTC)",
        placeholder="All that was measured",
        value=_range(view.state),
        valueFormat="YYYY-MM-DD",
        clearable=True,
        size="xs",
        style={"flex": "1 1 220px"},
    )
    return html.Div([figure, span], className="sonde-row", style={"alignItems": "flex-end"})


def _range(state: ConditionState) -> list[str | None]:
    since = f"{state.since:%Y-%m-%d}" if state.since else None
    until = f"{state.last_day:%Y-%m-%d}" if state.last_day else None
    return [since, until]


def _health_card(view: ChannelView) -> Any:
    health = view.health
    title = "Health indicator"
    if isinstance(health, str):
        return card(note(health, Tone.INFO), title=title)
    limits = [one.limit for one in view.outlooks if isinstance(one, Outlook)]
    limit = limits[-1] if limits else DEFAULT_LIMIT
    merit = health.merit
    alone = "needs lives that are over: note replacements and failures"
    chart = graph(
        health_figure(health, limit),
        id=ConditionId.HEALTH,
        name="Health indicator",
        summary=f"Now {health.values[-1]:.3g}; about 1 is as in the first {health.n_baseline} "
        "measurements (shaded).",
        height=220,
    )
    told = facts(
        [
            ("Monotonicity", f"{merit.monotonicity:.2f} of 1"),
            ("Trendability", _share(merit.trendability) or alone),
            ("Prognosability", _share(merit.prognosability) or alone),
            ("Looks at", ", ".join(health.names)),
        ]
    )
    return card([chart, told], title=title)


def _share(value: float) -> str:
    return f"{value:.2f} of 1" if np.isfinite(value) else ""


def _life_card(view: ChannelView) -> Any:
    known = [one for one in view.outlooks if isinstance(one, Outlook)]
    ahead = [one for one in known if one.life is not None and one.life.median > 0]
    body: list[Any] = [part for one in ahead[:_MOST_LIVES] for part in _life(one)]
    rest = [one.sentence for one in known if one not in ahead]
    rest += [one for one in view.outlooks if isinstance(one, str)]
    body += [html.P(sentence, className="sonde-dim") for sentence in rest]
    body.append(
        html.P(
            "Exponential growth since its onset, with what is known of failed machines of this "
            "kind as prior; a straight line through the same values stands beside it as control. "
            "On 200 simulated histories the 90 % interval holds 88 to 91 %.",
            className="sonde-dim",
        )
    )
    return card(html.Div(body, className="sonde-stack"), title="Remaining life")


def _life(outlook: Outlook) -> list[Any]:
    life = outlook.life
    if life is None:
        return []
    sentence = html.P(outlook.sentence)
    fleet = f"{outlook.n_fleet} failed machines" if outlook.n_fleet else "none: too few have failed"
    big = html.Div(hours_text(life.median), className="sonde-stat-value")
    told = facts(
        [
            ("Interval", f"{hours_text(life.low)} to {hours_text(life.high)} ({life.level:.0%})"),
            ("Straight line", hours_text(life.straight_line)),
            ("Counted from", moment(outlook.counted_from)),
            ("Learned from", fleet),
        ]
    )
    return [big, sentence, told]
