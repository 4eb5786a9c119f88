"""What the page of automatic trading does."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from dash import ALL, Input, Output, State, ctx, no_update

from sonde.markets.core.automating import AutomationTerms
from sonde.markets.core.feeds.replay_state import FASTEST
from sonde.markets.core.prices.series import Series
from sonde.markets.core.strategies.protocol import settings_for
from sonde.markets.core.ticket import AmountKind
from sonde.markets.services import price_store, replays, strategies, user_strategies
from sonde.markets.services.automations import asking, parity
from sonde.markets.services.automations.asking import NewAutomation
from sonde.markets.services.automations.windows import BEFORE
from sonde.markets.ui.automation.form import (
    BARS_A_SECOND,
    LIVE,
    NEW_REPLAY,
    parameter_fields,
    place_options,
)
from sonde.markets.ui.automation.ids import AutomationId, AutomationType
from sonde.markets.ui.automation.own import own_list
from sonde.markets.ui.automation.page import listed, told
from sonde.markets.ui.automation.panels import PATH
from sonde.markets.ui.backtests.parity_panel import parity_panel
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.ui.callbacks import server_callback
from sonde.platform.ui.errors import said_in_place, show_toast
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.navigation import go_to
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.uploads import uploaded

_PARAMETERS = {"type": AutomationType.PARAMETER.value, "name": ALL}
_REFUSED: Final = said_in_place("The report could not be made.")


@server_callback(
    Output(AutomationId.ABOUT, "children"),
    Output(AutomationId.PARAMETERS, "children"),
    Input(AutomationId.STRATEGY, "value"),
    prevent_initial_call=True,
)
def describe(_actor: Actor, name: str) -> Any:
    """Say what a strategy does, and what can be set of it."""
    strategy = strategies.named(name)
    return strategy.words, parameter_fields(strategy)


@server_callback(
    Output(AutomationId.WHERE, "data"),
    Output(AutomationId.WHERE, "value"),
    Input(AutomationId.SERIES, "value"),
    prevent_initial_call=True,
)
def offer_places(actor: Actor, series_id: str) -> Any:
    """Offer the replays that hold these prices."""
    return place_options(series_id, replays.list_replays(actor)), NEW_REPLAY


@server_callback(
    Output(AutomationId.START, "title"),
    Input(AutomationId.START, "n_clicks"),
    State(AutomationId.STRATEGY, "value"),
    State(AutomationId.SERIES, "value"),
    State(AutomationId.WHERE, "value"),
    State(AutomationId.AMOUNT, "value"),
    State(AutomationId.KIND, "value"),
    State(AutomationId.LEVERAGE, "value"),
    State(AutomationId.TRADED_AS, "value"),
    State(_PARAMETERS, "value"),
    prevent_initial_call=True,
    running=[(Output(AutomationId.START, "loading"), True, False)],
)
def start(actor: Actor, clicks: int | None, *said: Any) -> Any:
    """Put a strategy into an account of its own, start it, and let its replay play."""
    if clicks:
        values = {one["id"]["name"]: one.get("value") for one in ctx.states_list[-1]}
        made = begin(actor, said[:-1], values)
        show_toast("Started", "It decides on every bar that closes from now on.", Tone.GOOD)
        go_to(PATH, f"?strategy={made}")
    return no_update


def begin(actor: Actor, said: tuple[Any, ...], values: Mapping[str, Any]) -> str:
    """Start what the form says (strategy, series, place, amount, what it counts in, leverage,
    as what it is traded); return its id.

    Raises Invalid for a number that cannot be read, and what starting raises.
    """
    strategy, series_id, place, amount, counted, leverage, traded_as = said
    series = price_store.get(actor, series_id)
    replay_id = "" if place == LIVE else place
    if place == NEW_REPLAY:
        replay_id = _new_replay(actor, series, strategy)
    terms = AutomationTerms(
        _decimal("amount", amount),
        AmountKind(counted),
        _decimal("leverage", leverage),
        kind=traded_as or None,
    )
    wanted = NewAutomation(
        series.instrument.key,
        strategy,
        {name: value for name, value in values.items() if value not in {None, ""}},
        series.timeframe.name,
        replay_id=replay_id,
        terms=terms,
    )
    made = asking.create(actor, wanted)
    asking.start(actor, made.automation_id)
    if replay_id and not replays.get(actor, replay_id).is_playing:
        replays.play(actor, replay_id)
    return made.automation_id


@server_callback(
    Output(AutomationId.LIST, "children"),
    Output(AutomationId.SIGNALS, "children"),
    Input({"type": AutomationType.ACT.value, "act": ALL, "automation": ALL}, "n_clicks"),
    Input(AutomationId.TICK, "n_intervals"),
    State(AutomationId.CHOSEN, "data"),
    prevent_initial_call=True,
)
def follow(actor: Actor, _acts: Any, _tick: Any, chosen: str) -> Any:
    """Act on a strategy, and show how all stand."""
    asked = ctx.triggered_id
    if isinstance(asked, dict):
        if not ctx.triggered[0]["value"]:
            return no_update, no_update
        if asked["act"] == "look":
            go_to(PATH, f"?strategy={asked['automation']}")
            return no_update, no_update
        _ACTS[asked["act"]](actor, asked["automation"])
        if asked["act"] == "remove" and asked["automation"] == chosen:
            go_to(PATH)
            return no_update, no_update
    return listed(actor, chosen), told(actor, chosen)


_ACTS: Mapping[str, Any] = {
    "start": asking.start,
    "stop": asking.stop,
    "remove": asking.remove,
}


@server_callback(
    Output(AutomationId.PARITY, "children"),
    Input(AutomationId.COMPARE, "n_clicks"),
    State(AutomationId.CHOSEN, "data"),
    prevent_initial_call=True,
    failed=_REFUSED,
    running=[(Output(AutomationId.COMPARE, "loading"), True, False)],
)
def compare(actor: Actor, clicks: int | None, chosen: str) -> Any:
    """Set a strategy's trades beside the backtest of the same bars."""
    return parity_panel(parity.compare(actor, chosen)) if clicks else no_update


@server_callback(
    Output(AutomationId.OWN, "children"),
    Input(AutomationId.SOURCE, "contents"),
    Input(
        {"type": AutomationType.WITHDRAW.value, "name": ALL, "version": ALL},
        "n_clicks",
    ),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def own(actor: Actor, contents: str | None, _withdraw: Any, _jobs: Any) -> Any:
    """Load or withdraw a strategy, and show how all stand."""
    asked = ctx.triggered_id
    if asked == AutomationId.SOURCE and contents:
        made = user_strategies.upload(actor, source_of(contents))
        show_toast("Loaded", f"{made.name} version {made.version} is being checked.", Tone.INFO)
    elif isinstance(asked, dict) and ctx.triggered[0]["value"]:
        user_strategies.withdraw(actor, asked["name"])
        show_toast("Withdrawn", f"{asked['name']} cannot be used any more.")
    return own_list(user_strategies.mine(actor))


def source_of(contents: str) -> str:
    """Return the text of an uploaded file; raises Invalid."""
    try:
        return uploaded(contents).decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("A strategy is a text file in UTF-8.", field="source") from None


def _new_replay(actor: Actor, series: Series, strategy: str) -> str:
    """Return a replay that stands behind the bars which the strategy needs to warm up."""
    chosen = strategies.named(strategy)
    speed = min(BARS_A_SECOND * series.timeframe.ms / 1000, FASTEST)
    made = replays.create(actor, [series.id], speed=speed)
    warm = BEFORE + chosen.warm_up(settings_for(chosen, {}))
    first_ms, end_ms = made.state.start_ms, made.state.end_ms
    begin_ms = min(first_ms + warm * series.timeframe.ms, first_ms + (end_ms - first_ms) // 2)
    replays.seek(actor, made.id, series.timeframe.floor(begin_ms))
    return made.id


def _decimal(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Invalid(f"Write a number as the {name}.", field=name)
    return number
