"""The ticket of the desk: checked while it is filled in, sent once however often it is clicked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sonde.markets.core.engine.listings import Listing
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.signal_votes import Vote, confidence_in
from sonde.markets.core.wishes import Wish
from sonde.markets.services import (
    accounts,
    desk_choices,
    desk_views,
    desks,
    market_views,
    quotes,
    replay_trading,
    safety,
    trading,
)
from sonde.markets.services.desk_choices import DeskChoice
from sonde.markets.services.safety import Checked
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.services import idempotency


@dataclass(frozen=True)
class TicketCheck:
    """What is to be known of a ticket before it is sent.

    Parameters
    ----------
    currency : Currency
        The account's.
    now_ms : int
        Time of the market's clock, which in a replay is the replay's.
    quote : Quote, optional
        What it would be traded at; None without a price.
    why_none : str
        Why there is no price; empty where there is one.
    votes : tuple of Vote
        Of the signal filters, whose share is the ticket's confidence.
    checked : Checked, optional
        None where neither a price nor an entry price is known.
    """

    currency: Currency
    now_ms: int
    quote: Quote | None
    why_none: str
    votes: tuple[Vote, ...]
    checked: Checked | None


@dataclass(frozen=True)
class Sent:
    """What became of a ticket.

    Parameters
    ----------
    trade_id : str
    is_first : bool
        Whether it was this click that opened the trade.
    """

    trade_id: str
    is_first: bool


def check(actor: Actor, wish: Wish) -> TicketCheck:
    """Return what every rule says of a ticket of the chosen symbol and account; nothing is changed.

    Raises NotFound, Invalid for what cannot be an order.
    """
    choice = desk_choices.of(actor)
    market = market_views.tradable(actor, choice.symbol)
    said = desk_views.signals(actor, choice)
    why = "" if market.quote else _why_none(actor, choice.symbol)
    currency = accounts.get(actor, choice.account_id).currency
    told = TicketCheck(currency, market.now_ms, market.quote, why, said, None)
    if market.quote is None and not wish.waits_for_price:
        return told
    sure = replace(wish, confidence=confidence_in(wish.side, said))
    return replace(told, checked=safety.check(actor, choice.account_id, sure, market))


def held_terms(actor: Actor, choice: DeskChoice) -> Listing | None:
    """Return the terms that the chosen symbol must be traded under now; None where all are open."""
    return desks.held_terms(desks.seen(actor, choice.account_id), choice.symbol)


def send(
    actor: Actor,
    key: str,
    wishes: Sequence[Wish],
    choice: DeskChoice,
    *,
    is_active: bool,
) -> Sent:
    """Open the trade of a ticket; under the ticket's key once, whatever else is clicked.

    Of two wishes one is wanted. `choice` is what the ticket showed. Raises like
    `trading.open_trade` and `trading.open_either`.
    """
    opened: list[str] = []

    def do() -> tuple[int, Mapping[str, Any]]:
        replay_trading.catch_up(actor, choice.account_id)
        market = market_views.tradable(actor, choice.symbol)
        said = desk_views.signals(actor, choice)
        sure = [replace(one, confidence=confidence_in(one.side, said)) for one in wishes]
        if len(sure) == 1:
            view = trading.open_trade(
                actor, choice.account_id, sure[0], market, is_active=is_active
            )
        elif is_active:
            view, _ = trading.open_either(actor, choice.account_id, (sure[0], sure[1]), market)
        else:
            raise Invalid("Two entries of which one is wanted are sent at once.", field="or")
        opened.append(view.trade.id)
        return 201, {"trade_id": view.trade.id}

    _, answer = idempotency.once(actor, key, b"ticket", do)
    return Sent(str(answer["trade_id"]), bool(opened))


def _why_none(actor: Actor, symbol: str) -> str:
    told = quotes.latest(actor, symbol)
    if told.price is None:
        return told.reason
    return f"The only price of {symbol} is a stored candle. {told.reason}".strip()
