"""The desk at a glance: price with source and age, money, signals, locks; and what is held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sonde.markets.core.feeds.quotes import Quote as FeedQuote
from sonde.markets.core.feeds.quotes import no_quote
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.risk.kill_switch import KillSwitch
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.signal_votes import Vote, votes
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import (
    account_money,
    accounts,
    desk_choices,
    desks,
    market_views,
    quotes,
    replay_trading,
    risk_settings,
    safety,
    symbol_features,
    trading,
)
from sonde.markets.services.account_money import Money
from sonde.markets.services.accounts import Account
from sonde.markets.services.desk_choices import DeskChoice
from sonde.markets.services.risk_settings import SettingsVersion
from sonde.markets.services.trading import TradeView
from sonde.platform.core.actor import Actor

_NOTHING = "No instrument is known yet: import prices, or switch a feed on."


@dataclass(frozen=True)
class AccountNow:
    """How the chosen account stands now.

    Parameters
    ----------
    money : Money
    locks : tuple of Lock
        Pauses of rules among them.
    switch : KillSwitch
    positions : tuple of TradeView
        Trades that have not ended, at the prices at which `money` is counted.
    """

    money: Money
    locks: tuple[Lock, ...]
    switch: KillSwitch
    positions: tuple[TradeView, ...] = ()


@dataclass(frozen=True)
class Desk:
    """All of the sidebar.

    Parameters
    ----------
    choice : DeskChoice
    symbols : tuple of str
    accounts : sequence of Account
        The actor's own.
    quote : FeedQuote
        Of the chosen symbol, with source and age, or why there is none.
    votes : tuple of Vote
        Of the chosen filters.
    account : AccountNow, optional
        None for a viewer, who has none.
    settings : SettingsVersion, optional
        The account's.
    """

    choice: DeskChoice
    symbols: tuple[str, ...]
    accounts: Sequence[Account]
    quote: FeedQuote
    votes: tuple[Vote, ...]
    account: AccountNow | None
    settings: SettingsVersion | None


def desk(actor: Actor) -> Desk:
    """Return the sidebar as it is now."""
    choice = desk_choices.of(actor)
    has_account = bool(choice.account_id)
    return Desk(
        choice,
        desk_choices.symbols(actor),
        accounts.mine(actor),
        quote(actor, choice.symbol),
        signals(actor, choice),
        account_now(actor, choice) if has_account else None,
        risk_settings.current(actor, choice.account_id) if has_account else None,
    )


def account_now(actor: Actor, choice: DeskChoice) -> AccountNow:
    """Return how the chosen account stands; raises NotFound."""
    replay_trading.keep_up(actor, choice.account_id)
    opened = desks.seen(actor, choice.account_id)
    prices = newest(actor, opened.kept.values())
    held = tuple(trading.positions_of(opened, prices))
    locks: tuple[Lock, ...] = ()
    if choice.symbol:
        locks = safety.locks_of(opened, market_views.tradable(actor, choice.symbol))
    money = account_money.money_of(opened, prices)
    return AccountNow(money, locks, opened.row.kill_switch, held)


def signals(actor: Actor, choice: DeskChoice) -> tuple[Vote, ...]:
    """Return what the chosen filters say of the chosen symbol."""
    if not (choice.filters and choice.symbol):
        return ()
    found = symbol_features.latest(actor, choice.symbol)
    return votes(choice.filters, {one.name: one.value for one in found.readings})


def positions(actor: Actor, account_id: str) -> list[TradeView]:
    """Return the trades that have not ended, at the newest prices; raises NotFound.

    What a replay has brought since is taken in by `account_now`, which every page asks.
    """
    opened = desks.seen(actor, account_id)
    return trading.positions_of(opened, newest(actor, opened.kept.values()))


def newest(actor: Actor, trades: Iterable[trade_rows.TradeRow]) -> dict[str, Quote]:
    """Return the newest price that can be traded at of each symbol of some trades."""
    told = [quotes.latest(actor, symbol) for symbol in sorted({one.symbol for one in trades})]
    return {
        one.key: Quote(one.price, one.time_ms, f"{one.feed} {one.source}", one.bid, one.ask)
        for one in told
        if one.price is not None and one.time_ms is not None and one.feed != "file"
    }


def quote(actor: Actor, symbol: str) -> FeedQuote:
    """Return the price of a symbol with its source and age, or why there is none."""
    if not symbol:
        return no_quote("", "file", "store", _NOTHING)
    return quotes.latest(actor, symbol)
