"""The sidebar: symbol and price, account, signals, risk, guards."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.risk.findings import shown
from sonde.markets.core.signal_votes import FILTERS, Vote
from sonde.markets.services.account_money import Money
from sonde.markets.services.desk_views import AccountNow, Desk
from sonde.markets.ui.desk.following import followers
from sonde.markets.ui.desk.guarding import guards, lock_form, risk_form
from sonde.markets.ui.desk.ids import DeskId
from sonde.markets.ui.desk.words import listed, money_words, price_view
from sonde.markets.ui.moving.places import moving_amount, moving_with
from sonde.platform.ui.components import badge, button_link, facts
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone

_SIDES: Final = {"long": Tone.GOOD, "short": Tone.BAD}


def sidebar(desk: Desk) -> Any:
    """Return the sidebar; without an account only what looks, nothing that acts."""
    parts = [_symbol(desk), _signals(desk)]
    now, held = desk.account, desk.settings
    if now is not None and held is not None:
        code = now.money.currency.code
        parts = [
            _symbol(desk),
            _account(desk, now),
            _signals(desk),
            _section("Risk", risk_form(held.settings, held.version, code)),
            _section("Kill switch", guards(now.switch)),
            _section("Locks", lock_form(now.locks)),
        ]
    toggle = html.Button(
        [icon("tabler:adjustments", 16), html.Span("Desk: symbol, account, signals, risk")],
        id=DeskId.TOGGLE,
        className="sonde-desk-toggle",
        type="button",
        **{"aria-expanded": "false", "aria-controls": DeskId.BODY.value},
    )
    body = html.Div(parts, id=DeskId.BODY, className="sonde-desk-body")
    choice = desk.choice
    following = followers(choice.symbol, choice.account_id, is_live=choice.is_live)
    inside = [toggle, body, following, dcc.Store(id=DeskId.CHOSEN)]
    return html.Aside(
        inside,
        id=DeskId.SIDE,
        className="sonde-card sonde-explore-side sonde-desk",
        **{"aria-label": "Desk"},
    )


def money_view(now: AccountNow) -> Any:
    """Return what is in an account; what moves with prices is kept up to date by the browser."""
    money, found = now.money, now.money.balance
    code, by = money.currency.code, moving_with(now.positions)

    def moving(units: int, *, is_signed: bool = True) -> Any:
        return moving_amount(float(money.amount(units)), code, by, is_signed=is_signed)

    amounts = {
        "Equity": moving(found.equity, is_signed=False),
        "Free": money_words(money.amount(found.free), code),
        "In orders": money_words(money.amount(found.held), code),
        "Margin": money_words(money.amount(found.margin), code),
        "Open result": moving(found.unrealised),
        "Since the start": moving(found.equity - money.start_units),
    }
    return facts(list(amounts.items()))


def votes_view(votes: Sequence[Vote]) -> Any:
    """Return what the chosen filters say."""
    if not votes:
        return html.Span(
            "Choose filters: the share that points a ticket's way is its confidence.",
            className="sonde-dim",
        )
    return listed([_vote(one) for one in votes])


def _vote(vote: Vote) -> Any:
    side = "neither" if vote.side is None else vote.side.value
    mark = badge(side, _SIDES.get(side, Tone.NEUTRAL))
    return [html.Span(vote.title), mark, html.Span(vote.words, className="sonde-dim sonde-small")]


def _section(title: str, body: Any) -> Any:
    return html.Section([html.H2(title, className="sonde-card-title"), body])


def _symbol(desk: Desk) -> Any:
    choose = dmc.Select(
        id=DeskId.SYMBOL,
        label="Symbol",
        data=list(desk.symbols),
        value=desk.choice.symbol or None,
        placeholder="none yet",
        searchable=True,
        allowDeselect=False,
        size="sm",
    )
    live = dmc.Switch(id=DeskId.LIVE, label="Real time", checked=desk.choice.is_live, size="sm")
    first = [] if desk.symbols else [button_link("Import or replay prices", "/markets/data")]
    price = html.Div(price_view(desk.quote), id=DeskId.MARKET)
    return html.Section([choose, price, *first, live], className="sonde-stack is-tight")


def _account(desk: Desk, now: AccountNow) -> Any:
    money = now.money
    choose = dmc.Select(
        id=DeskId.ACCOUNT,
        label="Account",
        data=[{"value": one.id, "label": one.name} for one in desk.accounts],
        value=desk.choice.account_id,
        allowDeselect=False,
        size="sm",
    )
    wanted = dmc.TextInput(
        id=DeskId.SET_TO,
        label=f"Set the cash to ({money.currency.code})",
        placeholder=shown(money.amount(money.start_units)),
        value="",
        size="xs",
        className="sonde-grow",
    )
    acts = [
        dmc.Button("Set balance", id=DeskId.SET, size="compact-sm", variant="default"),
        dmc.Button("Reset account", id=DeskId.RESET_ASK, size="compact-sm", variant="default"),
    ]
    body = [
        choose,
        html.Div(money_view(now), id=DeskId.MONEY),
        wanted,
        html.Div(acts, className="sonde-row"),
        _resetting(money),
    ]
    return html.Section(body, className="sonde-stack is-tight")


def _signals(desk: Desk) -> Any:
    choice = desk.choice
    boxes = [dmc.Checkbox(label=one.title, value=name, size="sm") for name, one in FILTERS.items()]
    filters = dmc.CheckboxGroup(
        html.Div(boxes, className="sonde-row"),
        id=DeskId.FILTERS,
        label="Signal filters",
        value=list(choice.filters),
        size="sm",
    )
    parts = [
        filters,
        html.Div(votes_view(desk.votes), id=DeskId.VOTES),
        dcc.Store(id=DeskId.FILTERED),
    ]
    if desk.settings is not None:
        parts.append(_confidence(float(desk.settings.settings.min_confidence or 0)))
    return html.Section(parts, className="sonde-stack is-tight")


def _confidence(least: float) -> Any:
    marks = [{"value": value, "label": label} for value, label in ((0, "off"), (0.5, "0.5"))]
    slider = dmc.Slider(
        id=DeskId.CONFIDENCE,
        min=0,
        max=1,
        step=0.05,
        value=least,
        marks=[*marks, {"value": 1, "label": "1"}],
        updatemode="mouseup",
        size="sm",
        mb="lg",
        thumbLabel="Least confidence",
    )
    return html.Div([html.Div("Least confidence", className="sonde-label"), slider])


def _resetting(money: Money) -> Any:
    """Return the question before an account is reset."""
    start = shown(money.amount(money.start_units), money.currency.code)
    keep = dmc.Button("Keep it", id=DeskId.RESET_KEEP, variant="default")
    reset = dmc.Button("Reset", id=DeskId.RESET, color="red")
    words = f"Open orders and trades are cancelled, and the account begins again with {start}."
    return dmc.Modal(
        [html.P(words), html.Div([keep, reset], className="sonde-row sonde-dialog-foot")],
        id=DeskId.RESET_MODAL,
        title="Reset this account?",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )
