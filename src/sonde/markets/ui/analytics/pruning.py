"""Letting go of old trades: until which day, how many that are, and the question before it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.account_figures import AccountFigures
from sonde.markets.ui.analytics.ids import AnalyticsId
from sonde.platform.core.errors import Invalid

_KEPT: Final = timedelta(days=30)


def prune_parts(found: AccountFigures) -> list[Any]:
    """Return the button, and the dialog that it opens."""
    ask = dmc.Button("Prune old trades", id=AnalyticsId.PRUNE_ASK, variant="default")
    keep = dmc.Button("Keep them", id=AnalyticsId.PRUNE_KEEP, variant="default")
    prune = dmc.Button("Delete", id=AnalyticsId.PRUNE, color="red")
    before = dmc.TextInput(
        id=AnalyticsId.BEFORE,
        label="Trades that ended before this day (UTC)",
        description="The ledger keeps its entries; figures are of the trades that stay.",
        value=_first_day(found),
        placeholder="2026-01-31",
    )
    words = html.P("", id=AnalyticsId.PRUNE_WORDS, **{"aria-live": "polite"})
    dialog = dmc.Modal(
        [before, words, html.Div([keep, prune], className="sonde-row sonde-dialog-foot")],
        id=AnalyticsId.PRUNE_MODAL,
        title="Delete old trades?",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )
    return [ask, dialog, dcc.Store(id=AnalyticsId.PRUNED)]


def day_ms(text: str | None) -> int:
    """Return the beginning of a day, milliseconds UTC.

    Raises
    ------
    Invalid
        If it is none.

    Examples
    --------
    >>> day_ms("1970-01-02")
    86400000
    """
    try:
        day = datetime.strptime((text or "").strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise Invalid("Write the day as 2026-01-31.", field="before") from error
    return round(day.timestamp() * 1000)


def _first_day(found: AccountFigures) -> str:
    """Return the day a month before the newest exit: a replay has its own calendar."""
    exits = found.trades.closed.exit_time_ms
    if not exits.size:
        return ""
    return f"{datetime.fromtimestamp(int(exits[-1]) / 1000, UTC) - _KEPT:%Y-%m-%d}"
