"""What an account holds now: money and positions at the newest prices, and the trades of before."""

from dataclasses import dataclass

from sonde.markets.core.instruments import unit_value
from sonde.markets.core.trade_marks import TradeMark, mark_of
from sonde.markets.services import (
    account_money,
    accounts,
    desk_views,
    desks,
    replay_trading,
    trade_history,
    trading,
)
from sonde.platform.core.actor import Actor

_MARKED = 200


@dataclass(frozen=True)
class Portfolio:
    """An account as it stands.

    Parameters
    ----------
    account : Account
    money : Money
    positions : tuple of TradeView
        Trades that have not ended, oldest first.
    version : int
        Another number: something has happened in the account.
    """

    account: accounts.Account
    money: account_money.Money
    positions: tuple[trading.TradeView, ...]
    version: int


def look(actor: Actor, account_id: str) -> Portfolio:
    """Return an account at the newest prices that can be traded at; raises NotFound.

    What is only stored is no such price: there the last one that the account saw counts.
    """
    opened = desks.seen(actor, account_id)
    now = desk_views.newest(actor, opened.kept.values())
    return Portfolio(
        accounts.get(actor, account_id),
        account_money.money_of(opened, now),
        tuple(trading.positions_of(opened, now)),
        opened.row.seq,
    )


def caught_up(actor: Actor, account_id: str) -> Portfolio:
    """Return an account after what it has missed of the replays that play; raises NotFound."""
    replay_trading.keep_up(actor, account_id)
    return look(actor, account_id)


def version(actor: Actor, account_id: str) -> int:
    """Return a number that is another one once something has happened; raises NotFound."""
    return accounts.row_to_see(actor, account_id).seq


def marks(actor: Actor, account_id: str, symbol: str) -> tuple[TradeMark, ...]:
    """Return the newest trades of a symbol as a chart marks them, oldest first; raises NotFound."""
    money = accounts.get(actor, account_id).currency
    known = trade_history.instruments_of(actor, account_id)
    entered = [
        one
        for one in trade_history.newest(actor, account_id, limit=_MARKED)
        if one.symbol == symbol and one.filled_steps
    ]
    found = [
        mark_of(one, known[symbol], money, unit_value(known[symbol], money)) for one in entered
    ]
    return tuple(reversed(found))
