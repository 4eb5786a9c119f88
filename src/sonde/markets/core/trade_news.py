"""What people are told when a trade changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.findings import shown
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeState

_ENDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "stop": ("stop_hit", "stop hit"),
        "trailing stop": ("stop_hit", "trailing stop hit"),
        "target": ("take_profit_hit", "target reached"),
        "liquidation": ("liquidated", "liquidated"),
    }
)
# Taken back by somebody: whoever did it knows.
_ASKED_FOR = frozenset({"manual", "reset", "kill switch", "requested", "cancelled", "strategy"})


@dataclass(frozen=True)
class News:
    """Something to be told.

    Parameters
    ----------
    kind : str
        Such as ``"stop_hit"``.
    title, body : str
    """

    kind: str
    title: str
    body: str


def news_of(before: Trade | None, after: Trade, one: Instrument, currency: Currency) -> News | None:
    """Return what is to be told of a change; None where it is nothing to speak of.

    Parameters
    ----------
    before : Trade or None
        None for a new trade.
    after : Trade
    one : Instrument
    currency : Currency
        Of the account.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.1"),
    ...                  Decimal(0), FEE_PRESETS["file"])
    >>> asked = Trade("t", btc.key, Side.LONG, 5, 0, is_placed=True)
    >>> bought = Trade("t", btc.key, Side.LONG, 5, 0, state=TradeState.OPEN, filled_steps=5,
    ...                entry_weight=5000)
    >>> news_of(asked, bought, btc, Currency("USDT")).title
    'Bought 0.5 BTC at 10'
    """
    if after.state is before_state(before):
        return None
    if after.state is TradeState.OPEN and before_state(before) is not TradeState.CLOSING:
        return _opened(after, one)
    if after.state is TradeState.CLOSED:
        return _closed(after, one, currency)
    if after.state is TradeState.CANCELLED and after.exit_reason not in _ASKED_FOR:
        is_late = after.exit_reason == "expired"
        kind = "order_expired" if is_late else "order_rejected"
        what = "expired" if is_late else "was not filled"
        words = after.exit_reason.replace("_", " ")
        return News(kind, f"An order of {one.symbol} {what}", f"Reason: {words}.")
    return None


def before_state(before: Trade | None) -> TradeState:
    """Return where a trade stood; a new one was pending."""
    return TradeState.PENDING if before is None else before.state


def _opened(trade: Trade, one: Instrument) -> News:
    did = "Bought" if trade.side is Side.LONG else "Sold short"
    held = shown(one.quantity_of(trade.filled_steps), one.base)
    title = f"{did} {held} at {_price(trade.entry_price(one))}"
    if trade.filled_steps < trade.wanted_steps:
        whole = shown(one.quantity_of(trade.wanted_steps), one.base)
        return News("order_partially_filled", title, f"The rest of {whole} waits to be filled.")
    return News("trade_opened", title, f"{one.key}, asked for by {trade.tag}.")


def _closed(trade: Trade, one: Instrument, currency: Currency) -> News:
    kind, what = _ENDS.get(trade.exit_reason, ("trade_closed", "closed"))
    net = currency.amount_of(trade.net_units(unit_value(one, currency)))
    way = "+" if net > 0 else ""
    title = f"{one.symbol} {what}: {way}{shown(net, currency.code)}"
    entered, left = _price(trade.entry_price(one)), _price(trade.exit_price(one))
    fees = shown(currency.amount_of(trade.fees_units), currency.code)
    return News(kind, title, f"Entered at {entered}, left at {left}; fees {fees}.")


def _price(price: Decimal | None) -> str:
    return "no price" if price is None else shown(price)
