"""The desk at a glance: price with source and age, money, signals, locks; and what is held."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sonde.markets.core.feeds.quotes import Quote as FeedQuote
from sonde.markets.core.feeds.quotes import no_quote
from sonde.markets.core.measuring import Market
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.risk.kill_switch import NOT_PRESSED, KillSwitch
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.signal_votes import Vote, votes
from sonde.markets.services import (
    account_money,
    accounts,
    desk_choices,
    kill_switch,
    market_views,
    quotes,
    risk_settings,
    safety,
    symbol_features,
    trade_prices,
    trading,
)
from sonde.markets.services.account_money import Money
from sonde.markets.services.accounts import Account
from sonde.markets.services.desk_choices import DeskChoice
from sonde.markets.services.trading import TradeView
from sonde.platform.core.actor import Actor

_NOTHING = "No instrument is known yet: import prices, or switch a feed on."


@dataclass(frozen=True)
class Glance:
    """What the sidebar shows, and what changes by itself.

    Parameters
    ----------
    choice : DeskChoice
    quote : FeedQuote
        Of the chosen symbol, with source and age, or why there is none.
    votes : tuple of Vote
        Of the chosen filters.
    money : Money, optional
        None for a viewer, who has no account.
    locks : tuple of Lock
    switch : KillSwitch
    """

    choice: DeskChoice
    quote: FeedQuote
    votes: tuple[Vote, ...]
    money: Money | None
    locks: tuple[Lock, ...]
    switch: KillSwitch


@dataclass(frozen=True)
class Desk:
    """All of the sidebar.

    Parameters
    ----------
    glance : Glance
    symbols : tuple of str
    accounts : sequence of Account
        The actor's own.
    settings : RiskSettings
    version : int
        Of the settings; 0 where there is no account.
    """

    glance: Glance
    symbols: tuple[str, ...]
    accounts: Sequence[Account]
    settings: RiskSettings
    version: int


def desk(actor: Actor) -> Desk:
    """Return the sidebar as it is now."""
    seen = glance(actor)
    settings, version = RiskSettings(), 0
    if seen.choice.account_id:
        found = risk_settings.current(actor, seen.choice.account_id)
        settings, version = found.settings, found.version
    return Desk(seen, desk_choices.symbols(actor), accounts.mine(actor), settings, version)


def glance(actor: Actor) -> Glance:
    """Return what changes by itself."""
    choice = desk_choices.of(actor)
    quote, said = _quote(actor, choice.symbol), signals(actor, choice)
    if not choice.account_id:
        return Glance(choice, quote, said, None, (), NOT_PRESSED)
    catch_up(actor, choice.account_id)
    marks = _marks(actor, choice.account_id)
    money = account_money.balance(actor, choice.account_id, marks)
    switch = kill_switch.state(actor, choice.account_id)
    return Glance(choice, quote, said, money, _locks(actor, choice), switch)


def signals(actor: Actor, choice: DeskChoice) -> tuple[Vote, ...]:
    """Return what the chosen filters say of the chosen symbol."""
    if not (choice.filters and choice.symbol):
        return ()
    found = symbol_features.latest(actor, choice.symbol)
    return votes(choice.filters, {one.name: one.value for one in found.readings})


def tradable(actor: Actor, symbol: str) -> Market:
    """Return the market of a symbol; what is only stored is no price to trade at.

    Raises NotFound for an instrument that nobody knows.
    """
    found = market_views.of(actor, symbol)
    if found.quote is not None and found.quote.source.startswith("file"):
        return replace(found, quote=None)
    return found


def positions(actor: Actor, account_id: str) -> list[TradeView]:
    """Return the trades that have not ended, at the newest prices; raises NotFound."""
    catch_up(actor, account_id)
    return trading.positions(actor, account_id, _marks(actor, account_id))


def catch_up(actor: Actor, account_id: str) -> None:
    """Show an account the newest prices of what it trades; only its owner's replays concern it."""
    if accounts.get(actor, account_id).owner_id == actor.user_id:
        for symbol, quote in _marks(actor, account_id).items():
            trade_prices.take_quote(account_id, symbol, quote)


def _marks(actor: Actor, account_id: str) -> dict[str, Quote]:
    """Return the newest price of each symbol in which trades have not ended."""
    symbols = {one.trade.symbol for one in trading.positions(actor, account_id)}
    found = {symbol: tradable(actor, symbol).quote for symbol in sorted(symbols)}
    return {symbol: quote for symbol, quote in found.items() if quote is not None}


def _quote(actor: Actor, symbol: str) -> FeedQuote:
    if not symbol:
        return no_quote("", "file", "store", _NOTHING)
    return quotes.latest(actor, symbol)


def _locks(actor: Actor, choice: DeskChoice) -> tuple[Lock, ...]:
    if not choice.symbol:
        return ()
    return safety.active_locks(actor, choice.account_id, tradable(actor, choice.symbol))
