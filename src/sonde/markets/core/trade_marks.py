"""A trade as a chart of prices marks it."""

from dataclasses import dataclass
from decimal import Decimal

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeState


@dataclass(frozen=True)
class TradeMark:
    """Where a trade was entered and left.

    Parameters
    ----------
    side : Side
    opened_ms : int
        Of the first fill, milliseconds UTC.
    entry : Decimal
        Average price.
    closed_ms : int, optional
        None while anything of it is open.
    exit : Decimal, optional
        Average price of the exits; None before the first.
    net : Decimal
        In the account's currency, of what is closed.
    reason : str
        Of the exit.
    stop, target : Decimal, optional
    """

    side: Side
    opened_ms: int
    entry: Decimal
    closed_ms: int | None
    exit: Decimal | None
    net: Decimal
    reason: str
    stop: Decimal | None = None
    target: Decimal | None = None


def mark_of(trade: Trade, one: Instrument, currency: Currency, unit_value: int) -> TradeMark:
    """Return the mark of a trade that was entered.

    Parameters
    ----------
    trade : Trade
        With at least one fill.
    one : Instrument
    currency : Currency
    unit_value : int
        Units of money per tick and step.

    Returns
    -------
    TradeMark

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.1"),
    ...                  Decimal(5), FEE_PRESETS["replay"])
    >>> bought = Trade("t", btc.key, Side.LONG, 10, 0, filled_steps=10, entry_weight=1000,
    ...                opened_ms=7)
    >>> mark = mark_of(bought, btc, Currency("USDT"), 1_000_000)
    >>> mark.entry, mark.exit
    (Decimal('10.0'), None)
    """
    is_over = trade.state is TradeState.CLOSED
    levels = (trade.stop_ticks, trade.target_ticks)
    stop, target = (None if ticks is None else one.price_of(ticks) for ticks in levels)
    return TradeMark(
        side=trade.side,
        opened_ms=trade.opened_ms or trade.asked_ms,
        entry=trade.entry_price(one) or Decimal(0),
        closed_ms=trade.closed_ms if is_over else None,
        exit=trade.exit_price(one),
        net=currency.amount_of(trade.net_units(unit_value)),
        reason=trade.exit_reason,
        stop=None if is_over else stop,
        target=None if is_over else target,
    )
