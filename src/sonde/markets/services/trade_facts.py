"""A trade as other programs are told of it: exact decimals, times in milliseconds UTC."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.money import Currency
from sonde.markets.core.trades import Trade


def trade_facts(trade: Trade, one: Instrument, currency: Currency) -> Mapping[str, Any]:
    """Return what is told of a trade; what is not known is None.

    Parameters
    ----------
    trade : Trade
    one : Instrument
        Of its symbol.
    currency : Currency
        Of every amount.
    """
    each = unit_value(one, currency)
    return {
        "trade_id": trade.id,
        "symbol": trade.symbol,
        "direction": trade.side.value.upper(),
        "status": trade.state.value,
        "is_placed": trade.is_placed,
        "quantity": one.quantity_of(trade.wanted_steps),
        "filled_quantity": one.quantity_of(trade.filled_steps),
        "open_quantity": one.quantity_of(trade.open_steps),
        "traded_as": one.kind,
        "leverage": trade.leverage,
        "order_type": {"take_profit": "if_touched"}.get(trade.entry_kind, trade.entry_kind),
        "trigger_price": _price(one, trade.entry.trigger_ticks),
        "time_in_force": trade.entry.force,
        "post_only": trade.entry.post_only,
        "limit_price": _price(one, trade.limit_ticks),
        "entry_price": trade.entry_price(one),
        "close_price": trade.exit_price(one),
        "sl_price": _price(one, trade.stop_ticks),
        "sl_trailing": _price(one, trade.trail_ticks),
        "tp_price": _price(one, trade.target_ticks),
        "gross": currency.amount_of(trade.gross_units(each)),
        "fees": currency.amount_of(trade.fees_units),
        "funding": currency.amount_of(trade.funding_units),
        "slippage": currency.amount_of(trade.slippage_units),
        "pnl": currency.amount_of(trade.net_units(each)),
        "currency": currency.code,
        "asked_ms": trade.asked_ms,
        "open_ms": trade.opened_ms,
        "close_ms": trade.closed_ms,
        "exit_reason": trade.exit_reason,
        "tag": trade.tag,
        "confidence": trade.confidence,
    }


def _price(one: Instrument, ticks: int | None) -> Decimal | None:
    return None if ticks is None else one.price_of(ticks)
