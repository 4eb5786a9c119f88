"""What the page of analytics does."""

from typing import Any

from dash import Input, Output, State, ctx, no_update

from sonde.markets.services import desk_choices, trade_history
from sonde.markets.ui.analytics.ids import AnalyticsId
from sonde.markets.ui.analytics.pruning import day_ms
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SondeError
from sonde.platform.ui.callbacks import server_callback
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.shell.showing import show_again
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count


def _no_day(error: Exception) -> Any:
    return error.message if isinstance(error, SondeError) else str(error), True


@server_callback(
    Output(AnalyticsId.PRUNE_MODAL, "opened"),
    Input(AnalyticsId.PRUNE_ASK, "n_clicks"),
    Input(AnalyticsId.PRUNE_KEEP, "n_clicks"),
    prevent_initial_call=True,
)
def ask(_actor: Actor, _ask: Any, _keep: Any) -> bool:
    """Ask before trades are deleted."""
    return ctx.triggered_id == AnalyticsId.PRUNE_ASK and bool(ctx.triggered[0]["value"])


@server_callback(
    Output(AnalyticsId.PRUNE_WORDS, "children"),
    Output(AnalyticsId.PRUNE, "disabled"),
    Input(AnalyticsId.BEFORE, "value"),
    Input(AnalyticsId.PRUNE_MODAL, "opened"),
    prevent_initial_call=True,
    failed=_no_day,
)
def say(actor: Actor, before: str | None, is_open: bool | None) -> Any:
    """Say how many trades would be deleted."""
    if not is_open:
        return no_update, no_update
    account_id = desk_choices.of(actor).account_id
    n = trade_history.count_ended(actor, account_id, day_ms(before))
    return f"{count(n)} trade{'' if n == 1 else 's'} ended before that.", n == 0


@server_callback(
    Output(AnalyticsId.PRUNED, "data"),
    Input(AnalyticsId.PRUNE, "n_clicks"),
    State(AnalyticsId.BEFORE, "value"),
    State(ShellId.LOCATION, "pathname"),
    State(ShellId.LOCATION, "search"),
    prevent_initial_call=True,
)
def prune(actor: Actor, clicks: Any, before: str | None, path: str, search: str | None) -> Any:
    """Delete old trades, and draw the page of those that stay."""
    if clicks:
        account_id = desk_choices.of(actor).account_id
        n = trade_history.prune(actor, account_id, day_ms(before))
        show_again(actor, path, search or "")
        show_toast(
            "Trades deleted", f"{count(n)} of them; the ledger keeps its entries.", Tone.GOOD
        )
    return no_update
