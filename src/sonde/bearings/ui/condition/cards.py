"""The overview: a card for every machine, worst first."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.services.condition.overview import MachineCard
from sonde.bearings.ui.condition.ids import ConditionId
from sonde.bearings.ui.condition.marks import spark, state_badge
from sonde.bearings.ui.condition.state import link_to
from sonde.platform.ui.components import card, columns, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import ago


def machine_cards(cards: Sequence[MachineCard]) -> Any:
    """Return the cards side by side."""
    return columns([_card(one) for one in cards], minimum=260)


def _card(shown: MachineCard) -> Any:
    value = f"{shown.value:.4g} {shown.unit}".strip()
    body: list[Any] = [
        html.Div(
            [
                html.Div(
                    [
                        html.Div(shown.machine.name, className="sonde-strong"),
                        html.Div(shown.plant, className="sonde-dim"),
                    ],
                    style={"minWidth": 0, "overflowWrap": "anywhere"},
                ),
                state_badge(shown.state),
            ],
            className="sonde-row sonde-between",
            style={"alignItems": "flex-start", "flexWrap": "nowrap"},
        ),
        spark(shown.spark, shown.state, shown.feature),
    ]
    if shown.measured_at is None:
        body.append(html.Div("No measurement yet", className="sonde-dim"))
    else:
        body += [
            html.Div(
                [html.Span(shown.feature, className="sonde-dim"), html.Span(value)],
                className="sonde-row sonde-between",
            ),
            html.Div(f"{shown.channel}, {ago(shown.measured_at)}", className="sonde-dim"),
        ]
    href = link_to(shown.channel_id or shown.machine.id, shown.feature)
    inner = html.Div(body, className="sonde-card sonde-stack", style={"gap": "10px"})
    return dmc.Anchor(inner, href=href, underline="never", className="sonde-stat-link")


def nothing_yet(*, may_change: bool) -> Any:
    """Return what stands where there is no machine yet, with the way to the first one."""
    text = (
        "A machine has measuring points, a point has channels, and a channel has a trend of every "
        "figure. Add your first plant at the left, or see a simulated pump run to failure: trends, "
        "alarms and a remaining life in half a minute."
    )
    demo = dmc.Button(
        "Try with a simulated run to failure",
        id=ConditionId.DEMO,
        leftSection=icon("tabler:player-play", 16),
    )
    return card(
        [
            empty_state(
                "No machines yet",
                text if may_change else "Nobody has added a machine that you may see.",
                icon_name="tabler:activity-heartbeat",
                actions=[demo] if may_change else [],
            ),
            html.Div(id=ConditionId.DEMO_JOB),
        ]
    )
