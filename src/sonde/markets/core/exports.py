"""Trades as a table for other programs: exact decimals, UTC times, one line per trade."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.money import Currency
from sonde.markets.core.trades import Trade

COLUMNS = (
    "id",
    "symbol",
    "side",
    "state",
    "quantity",
    "leverage",
    "entry_price",
    "exit_price",
    "stop_price",
    "target_price",
    "asked_at",
    "opened_at",
    "closed_at",
    "exit_reason",
    "gross",
    "fees",
    "funding",
    "slippage",
    "net",
    "tag",
)


def trades_csv(
    trades: Sequence[Trade], instruments: Mapping[str, Instrument], currency: Currency
) -> str:
    """Return trades as CSV (RFC 4180), with a header; what is not known is empty.

    Parameters
    ----------
    trades : sequence of Trade
    instruments : mapping of str to Instrument
        Of every symbol, by its key.
    currency : Currency
        Of the amounts.

    Returns
    -------
    str

    Examples
    --------
    >>> trades_csv([], {}, Currency("USDT")).strip().split(",")[:3]
    ['id', 'symbol', 'side']
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_row(one, instruments[one.symbol], currency) for one in trades)
    return text.getvalue()


def _row(trade: Trade, one: Instrument, currency: Currency) -> list[str]:
    each = unit_value(one, currency)
    levels = (trade.stop_ticks, trade.target_ticks)
    amounts = (
        trade.gross_units(each),
        trade.fees_units,
        trade.funding_units,
        trade.slippage_units,
        trade.net_units(each),
    )
    prices = [trade.entry_price(one), trade.exit_price(one)]
    prices += [None if ticks is None else one.price_of(ticks) for ticks in levels]
    return [
        trade.id,
        trade.symbol,
        trade.side.value,
        trade.state.value,
        f"{one.quantity_of(trade.filled_steps or trade.wanted_steps):f}",
        f"{trade.leverage:f}",
        *(_shown(price) for price in prices),
        *(_moment(time_ms) for time_ms in (trade.asked_ms, trade.opened_ms, trade.closed_ms)),
        trade.exit_reason,
        *(f"{currency.amount_of(units):f}" for units in amounts),
        _harmless(trade.tag),
    ]


def _shown(price: Decimal | None) -> str:
    return "" if price is None else f"{price:f}"


def _moment(time_ms: int | None) -> str:
    if time_ms is None:
        return ""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds")


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
