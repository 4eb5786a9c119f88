"""Prices reach the trades: whoever has a feed shows each price to the accounts that trade it."""

from collections.abc import Sequence

from sonde.markets.core.desk.paper_engine import QUIET_MS
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.trades import Trade
from sonde.markets.persistence import accounts as account_rows
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.persistence import watches
from sonde.markets.services import desks


def accounts_trading(symbol: str) -> Sequence[str]:
    """Return the accounts in which trades of a symbol have not ended."""
    return trade_rows.accounts_trading(symbol)


def concerned(symbol: str, quotes: Sequence[Quote]) -> Sequence[str]:
    """Return the accounts to which any of these prices matters; the others are not opened.

    What they wait for is kept beside them; whoever has seen no price for a minute is among them.
    """
    low = min(min(one.last, one.bid or one.last, one.ask or one.last) for one in quotes)
    high = max(max(one.last, one.bid or one.last, one.ask or one.last) for one in quotes)
    before_ms = max(one.time_ms for one in quotes) - QUIET_MS
    return watches.concerned(symbol, low, high, before_ms)


def take_quote(account_id: str, symbol: str, quote: Quote) -> tuple[Trade, ...]:
    """Show an account a price; return the trades that it changed.

    One unit of work; a price that reaches nothing is written down once a minute only.
    """
    opened = desks.opened_row(account_rows.lock(account_id))
    if not desks.matters(opened, symbol, quote):
        return ()
    desks.show_quote(opened, symbol, quote)
    return _left(opened, quote.time_ms)


def take_bars(
    account_id: str, symbol: str, bars: Sequence[Bar], length_ms: int
) -> tuple[Trade, ...]:
    """Replay the closed bars that an account has missed; return the trades that they changed.

    Bars that lie before what the account has seen are passed over.
    """
    return take_many(account_id, [(symbol, bar, length_ms) for bar in bars])


def take_many(account_id: str, bars: Sequence[tuple[str, Bar, int]]) -> tuple[Trade, ...]:
    """Replay bars of several symbols (symbol, bar, length), in the order in which they closed."""
    opened = desks.opened_row(account_rows.lock(account_id))
    if opened.engine is None or opened.desk is None or not bars:
        return ()
    for symbol, bar, length_ms in bars:
        desks.show_bar(opened, symbol, bar, length_ms)
    _, last, length_ms = bars[-1]
    return _left(opened, last.time_ms + length_ms)


def take_funding(account_id: str, symbol: str, time_ms: int, rate_parts: int) -> None:
    """Note a funding rate in parts per 10**9; it is settled at the next price."""
    opened = desks.opened_row(account_rows.lock(account_id))
    if opened.engine is not None and symbol in opened.instruments:
        opened.engine.funding(symbol, time_ms, rate_parts)
        desks.leave(opened, time_ms)


def _left(opened: desks.OpenDesk, now_ms: int) -> tuple[Trade, ...]:
    desk = opened.working_desk()
    changed = tuple(desk.trades[trade_id].trade for trade_id in sorted(desk.changed))
    desks.leave(opened, now_ms)
    return changed
