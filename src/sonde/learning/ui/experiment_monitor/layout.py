"""The monitor of a training: how far it is, what it measures, what it says."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.runs import LEVELS, Curve, LogLine, PartProgress, RunView
from sonde.learning.ui.experiment_monitor.charts import CHARTS, chosen
from sonde.learning.ui.experiment_monitor.figures import chart_of
from sonde.learning.ui.experiment_monitor.ids import MonitorId
from sonde.learning.ui.experiment_monitor.state import (
    State,
    button_stamp,
    buttons,
    confirm_cancel,
    state_panel,
    state_words,
)
from sonde.learning.ui.marks import score_text
from sonde.platform.ui.components import PageView, button_link, card, columns, empty_state
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.wording import percent

_LINES_NOTE = "Newest first. Everything is kept; the export holds every point."
_FOLDS_NOTE = "The folds are known once the training begins."
_PART_COLUMNS = (
    Column("Part"),
    Column("Held out"),
    Column("Progress"),
    Column("Macro-F1", numeric=True),
)


def monitor_view(
    view: RunView, curves: Sequence[Curve], lines: Sequence[LogLine], state: State
) -> PageView:
    """Return the page."""
    summary = view.summary
    table = f"/api/v1/experiments/{summary.id}/metrics.csv"
    return PageView(
        summary.title,
        [
            dcc.Store(id=MonitorId.WHICH, data=summary.id),
            dcc.Store(id=MonitorId.STAMP, data={"buttons": button_stamp(view)}),
            dcc.Store(id=MonitorId.KEPT),
            dcc.Store(id=MonitorId.TICK),
            dcc.Store(id=MonitorId.ASKED),
            dcc.Store(id=MonitorId.DRAWN),
            confirm_cancel(summary.title),
            html.Div(state_panel(view), id=MonitorId.STATE),
            card(html.Div(parts_table(view), id=MonitorId.PARTS), title="Parts"),
            _curves_head(view, state),
            html.Div(curve_charts(curves, state.part), id=MonitorId.CURVES),
            _log_card(lines, state),
        ],
        description=state_words(view),
        actions=[
            html.Div(buttons(view), id=MonitorId.BUTTONS, style={"display": "contents"}),
            dmc.Anchor(
                html.Span("All points (CSV)", className="sonde-button is-default"),
                href=table,
                underline="never",
                className="sonde-button-link",
                refresh=True,
            ),
            button_link(
                "Result", f"/experiment/{summary.id}/results", icon_name="tabler:chart-bar"
            ),
        ],
        crumb="Monitor",
    )


def parts_table(view: RunView) -> Any:
    """Return how far every part is, and the score of each fold as soon as it is known."""
    is_over = view.summary.state.is_final
    if not view.parts:
        words = "It ended before its folds were told." if is_over else _FOLDS_NOTE
        return html.P(words, className="sonde-dim")
    return plain_table(_PART_COLUMNS, [_part(part, is_over=is_over) for part in view.parts])


def _part(part: PartProgress, *, is_over: bool) -> list[Any]:
    if is_over and part.fraction == 0.0:
        return [part.name.capitalize(), part.title, "Left out", ""]
    bar = html.Div(
        [
            dmc.Progress(
                value=round(part.fraction * 100, 1),
                size="sm",
                style={"flex": "1", "minWidth": "90px"},
                **{"aria-label": f"Progress of {part.name}"},
            ),
            html.Span(percent(part.fraction), className="sonde-dim"),
        ],
        className="sonde-row sonde-nowrap",
    )
    score = "" if part.macro_f1 is None else score_text(part.macro_f1)
    return [part.name.capitalize(), part.title, bar, score]


def part_choices(parts: Sequence[PartProgress]) -> list[dict[str, str]]:
    """Return what curves can be looked at alone."""
    return [{"value": "", "label": "All folds"}] + [
        {"value": part.name, "label": part.name.capitalize()} for part in parts
    ]


def _curves_head(view: RunView, state: State) -> Any:
    return html.Div(
        [
            html.H2("Curves", className="sonde-card-title"),
            dmc.Select(
                id=MonitorId.PART,
                data=part_choices(view.parts),
                value=state.part,
                allowDeselect=False,
                w=180,
                size="sm",
                **{"aria-label": "Curves of"},
            ),
        ],
        className="sonde-row sonde-between",
    )


def curve_charts(curves: Sequence[Curve], part: str) -> Any:
    """Return the charts that have something to show."""
    wanted = chosen(curves, part)
    found = {chart.name: shown for chart in CHARTS if (shown := chart.curves(wanted))}
    if "throughput" in found:
        found.pop("fold-rate", None)
    if not found:
        return card(
            empty_state(
                "Nothing is measured yet",
                "Curves appear within a second of the worker's first figures.",
                icon_name="tabler:chart-line",
            )
        )
    return columns(
        [
            card(chart_of(chart, found[chart.name]), title=chart.title)
            for chart in CHARTS
            if chart.name in found
        ],
        minimum=420,
    )


def _log_card(lines: Sequence[LogLine], state: State) -> Any:
    fields = html.Div(
        [
            dmc.Select(
                id=MonitorId.LEVEL,
                data=[
                    {"value": level, "label": f"{level.capitalize()} and up"} for level in LEVELS
                ],
                value=state.level,
                allowDeselect=False,
                w=180,
                size="sm",
                **{"aria-label": "Lines of at least"},
            ),
            dmc.TextInput(
                id=MonitorId.TEXT,
                value=state.text,
                placeholder="Lines with ...",
                debounce=300,
                w=220,
                size="sm",
                **{"aria-label": "Lines with this text"},
            ),
        ],
        className="sonde-row",
    )
    return card(
        html.Div(log_rows(lines), id=MonitorId.LOG),
        title="Log",
        description=_LINES_NOTE,
        actions=[fields],
    )


def log_rows(lines: Sequence[LogLine]) -> Any:
    """Return lines of the log, newest first."""
    if not lines:
        return html.P("No line of this kind.", className="sonde-dim")
    return html.Div(
        [
            html.Div(
                [
                    html.Time(f"{line.at:%H:%M:%S}", dateTime=line.at.isoformat()),
                    html.Span(line.level, className="sonde-log-level"),
                    html.Span(line.part, className="sonde-log-part"),
                    html.Span(line.text),
                ],
                className=f"sonde-log-line is-{line.level}",
            )
            for line in reversed(lines)
        ],
        className="sonde-log",
        tabIndex=0,
        role="log",
        **{"aria-label": "Log of the training"},
    )
