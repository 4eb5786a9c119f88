"""The dialog that changes a trade, takes its stop or target away, or closes a part of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.desk.following import Role
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.ticket import LevelKind
from sonde.markets.core.trades import Trade, TradeState
from sonde.markets.core.wishes import Level
from sonde.markets.services import trading
from sonde.markets.ui.trade.ids import EditId
from sonde.markets.ui.trade.ticket_form import number_of

_KINDS: Final = {LevelKind.PRICE.value: "price", LevelKind.TRAILING.value: "trailing %"}


def edit_dialog() -> Any:
    """Return the dialog, closed."""
    stop_kind = dmc.SegmentedControl(
        id=EditId.STOP_KIND,
        data=[{"value": value, "label": label} for value, label in _KINDS.items()],
        value=LevelKind.PRICE.value,
        size="xs",
        **{"aria-label": "Stop loss as"},
    )
    fields = [
        _box(EditId.TRIGGER_BOX, _field(EditId.TRIGGER, "Trigger price")),
        _box(EditId.ENTRY_BOX, _field(EditId.ENTRY, "Limit price")),
        html.Div([_field(EditId.STOP, "Stop loss"), stop_kind], className="sonde-beside"),
        _field(EditId.TARGET, "Take profit (price)"),
        html.Div(
            "Empty a field to take the stop or the target away.", className="sonde-dim sonde-small"
        ),
        html.Div(dmc.Button("Save", id=EditId.SAVE), className="sonde-row"),
        _box(EditId.PART_BOX, _part()),
        dcc.Store(id=EditId.TRADE),
    ]
    return dmc.Modal(
        html.Div(fields, className="sonde-stack is-tight"),
        id=EditId.MODAL,
        title="Change this trade",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )


def prices_of(trade: Trade, one: Instrument) -> dict[str, str]:
    """Return the prices of a trade as the dialog shows them; empty for what is not there."""
    price = _in_words(one)
    told = {
        "trade": trade.id,
        "entry": price(trade.limit_ticks),
        "trigger": price(trade.entry.trigger_ticks),
        "stop": price(trade.stop_ticks),
        "stop_kind": LevelKind.PRICE.value,
        "target": price(trade.target_ticks),
    }
    if trade.trail_ticks is not None:
        entered = trade.entry_weight // trade.filled_steps if trade.filled_steps else 0
        of_ticks = entered or trade.asked_ticks
        share = Decimal(trade.trail_ticks) * 100 / of_ticks if of_ticks else Decimal(0)
        told["stop"] = f"{(round(share, 2) or round(share, 6)).normalize():f}"
        told["stop_kind"] = LevelKind.TRAILING.value
    return told


def shape_of(trade: Trade) -> tuple[bool, bool, bool]:
    """Return whether limit price, trigger and closing a part are hidden for a trade."""
    is_pending = trade.state is TradeState.PENDING
    return (
        not is_pending or trade.limit_ticks is None,
        not is_pending or trade.entry.trigger_ticks is None,
        is_pending,
    )


def changes_of(before: Mapping[str, str], now: Mapping[str, str | None]) -> trading.Changes:
    """Return what differs from before; what was emptied is taken away.

    Examples
    --------
    >>> was = {"entry": "", "trigger": "", "stop": "9.5", "stop_kind": "price", "target": "11"}
    >>> found = changes_of(was, {**was, "stop": "9.6", "target": ""})
    >>> found.stop.value, [one.value for one in found.removed]
    (Decimal('9.6'), ['target'])
    """
    new: dict[str, Decimal] = {}
    for name in ("entry", "trigger", "stop", "target"):
        text = (now[name] or "").strip()
        value = number_of(text, name)
        is_other = name == "stop" and now["stop_kind"] != before["stop_kind"]
        if value is not None and (text != before[name] or is_other):
            new[name] = value
    removed = [one for one in ("stop", "target") if before[one] and not (now[one] or "").strip()]
    stop, target = new.get("stop"), new.get("target")
    return trading.Changes(
        new.get("entry"),
        None if stop is None else Level(stop, LevelKind(now["stop_kind"] or LevelKind.PRICE)),
        None if target is None else Level(target, LevelKind.PRICE),
        new.get("trigger"),
        frozenset(Role(one) for one in removed),
    )


def _in_words(one: Instrument) -> Any:
    return lambda ticks: "" if ticks is None else f"{one.price_of(ticks):f}"


def _field(name: EditId, label: str) -> Any:
    return dmc.TextInput(id=name, label=label, value="", className="sonde-grow")


def _box(name: EditId, body: Any) -> Any:
    return html.Div(body, id=name)


def _part() -> Any:
    row = html.Div(
        [
            dmc.TextInput(id=EditId.PART, label="Close a part (%)", value="50", w=150),
            dmc.Button("Close this part", id=EditId.REDUCE, variant="default"),
        ],
        className="sonde-beside",
    )
    return html.Div(
        [dmc.Divider(label="or", labelPosition="center"), row], className="sonde-stack is-tight"
    )
