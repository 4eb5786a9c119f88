"""A plant, machine or measuring point: what is said of it, what is below it, what happened."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.machines import DETAILS, Measurement, Node, NodeKind
from sonde.bearings.services.condition.log import Event, NoteKind
from sonde.bearings.ui.condition.ids import ConditionId, ConditionType
from sonde.bearings.ui.condition.marks import state_badge, state_dot
from sonde.bearings.ui.condition.state import PATH, link_to
from sonde.bearings.ui.condition.tree import BELOW, NAMES, place_button
from sonde.platform.ui.components import badge, card
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import moment

_EVENT_TONES = {
    "warning": Tone.WARN,
    "alarm": Tone.BAD,
    "normal": Tone.GOOD,
    "not read": Tone.WARN,
}


def head(way: Sequence[Node], state: AlarmState | None, *, may_change: bool) -> Any:
    """Return the way to a place, its name and state, and what can be done with it."""
    node = way[-1]
    crumbs: list[Any] = []
    for one in way[:-1]:
        crumbs += [dmc.Anchor(one.name, href=link_to(one.id), size="sm"), html.Span(" / ")]
    names = [
        html.Div(crumbs or [dmc.Anchor("All machines", href=PATH, size="sm")]),
        html.Div(
            [
                html.H2(node.name, className="sonde-card-title", style={"fontSize": "1.2rem"}),
                state_badge(state),
            ],
            className="sonde-row",
        ),
    ]
    return html.Section(
        [
            html.Div(
                [
                    html.Div(names, style={"minWidth": 0}),
                    html.Div(_actions(node, may_change=may_change), className="sonde-row"),
                ],
                className="sonde-row sonde-between",
                style={"alignItems": "flex-start"},
            ),
            html.Div(_details(node), className="sonde-dim"),
        ],
        className="sonde-card",
    )


def below_card(
    node: Node,
    children: Sequence[Node],
    states: Mapping[str, AlarmState | None],
    newest: Mapping[str, Measurement],
) -> Any:
    """Return what stands below a place."""
    wanted = NAMES[BELOW[node.kind]]
    if not children:
        return card(
            html.P(f"Nothing yet. Add a {wanted}.", className="sonde-dim"),
            title=f"{wanted}s".capitalize(),
        )
    rows = [
        [
            html.Div(
                [state_dot(states.get(one.id)), dmc.Anchor(one.name, href=link_to(one.id))],
                className="sonde-row",
            ),
            moment(newest[one.id].taken_at) if one.id in newest else _details(one) or "",
        ]
        for one in children
    ]
    return card(
        plain_table((Column("Name"), Column("Newest measurement or details")), rows),
        title=f"{wanted}s".capitalize(),
    )


def log_card(events: Sequence[Event], names: Mapping[str, str], *, may_change: bool) -> Any:
    """Return what happened, and the form that notes more."""
    rows = [_event(one, names, may_change=may_change) for one in events]
    titles = (Column("When"), Column("What"), Column("Where"), Column("Said"), Column("By"))
    listing = (
        plain_table((*titles, Column("")), rows)
        if rows
        else html.P("Nothing was noted yet.", className="sonde-dim")
    )
    form = [_note_form()] if may_change else []
    return card([*form, listing], title="Event log")


def _actions(node: Node, *, may_change: bool) -> list[Any]:
    found: list[Any] = []
    if node.kind is NodeKind.MACHINE:
        href = f"/api/v1/condition/machines/{node.id}/report.pdf"
        found.append(
            html.A(
                html.Span(
                    [icon("tabler:download", 14), "Report"],
                    className="sonde-button",
                    style={"height": "26px", "padding": "0 8px", "fontSize": "14px"},
                ),
                href=href,
                download="",
                className="sonde-button-link",
                style={"textDecoration": "none"},
            )
        )
    if not may_change:
        return found
    if node.kind in BELOW:
        found.append(place_button("add", node.id, BELOW[node.kind]))
    else:
        feed = dmc.Button(
            "Feed",
            id=ConditionId.FEED_OPEN,
            size="compact-sm",
            leftSection=icon("tabler:upload", 14),
        )
        found.insert(0, feed)
    found += [place_button(each, node.id, node.kind) for each in ("change", "remove")]
    return found


def _details(node: Node) -> str:
    titles = DETAILS[node.kind]
    return ", ".join(
        f"{title}: {f'{value:g}' if isinstance(value, float) else value}"
        for key, title in titles.items()
        if (value := node.details.get(key)) is not None
    )


def _event(one: Event, names: Mapping[str, str], *, may_change: bool) -> list[Any]:
    back = ""
    if one.is_note and may_change:
        back = dmc.ActionIcon(
            icon("tabler:x", 14),
            id={"type": ConditionType.TAKE_BACK, "event": one.id},
            variant="subtle",
            color="gray",
            size="sm",
            **{"aria-label": f"Take back: {one.kind} {one.text}"},
        )
    mark = badge(one.kind, _EVENT_TONES.get(one.kind, Tone.INFO))
    return [moment(one.at), mark, names.get(one.node_id, ""), one.text, one.by, back]


def _note_form() -> Any:
    kinds = {
        NoteKind.NOTE: "Note",
        NoteKind.MAINTENANCE: "Maintenance",
        NoteKind.REPLACED: "Part replaced (a new life begins)",
        NoteKind.FAILED: "Failed (the life is over)",
    }
    fields = [
        dmc.Select(
            id=ConditionId.NOTE_KIND,
            label="What",
            data=[{"value": one.value, "label": label} for one, label in kinds.items()],
            value=NoteKind.NOTE.value,
            allowDeselect=False,
            size="xs",
            style={"flex": "1 1 170px"},
        ),
        dmc.TextInput(
            id=ConditionId.NOTE_TEXT,
            label="Note",
            placeholder="What was seen or done",
            size="xs",
            style={"flex": "3 1 220px"},
            inputProps={"maxLength": 500},
        ),
        dmc.TextInput(
            id=ConditionId.NOTE_AT,
            label="When (UTC)",
            placeholder="now, or 2026-01-31 14:05",
            size="xs",
            style={"flex": "1 1 170px"},
        ),
        dmc.Button("Add", id=ConditionId.NOTE_ADD, size="xs"),
    ]
    return html.Div(
        [
            html.Div(fields, className="sonde-row", style={"alignItems": "flex-end"}),
            html.Div(id=ConditionId.NOTE_REFUSED, **{"aria-live": "polite"}),
        ]
    )
