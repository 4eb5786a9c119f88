"""From an account and a market to the facts that the gate looks at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sonde.markets.core.accounts import Balance
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.facts import Measured, OpenPosition, PastTrade, PendingEntry, Quote
from sonde.markets.core.risk.kill_switch import NOT_PRESSED, KillSwitch
from sonde.markets.core.risk.locks import Forgiven, Lock
from sonde.markets.core.trades import Trade

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Market:
    """What is known of one instrument at a moment; made by whoever has the feed.

    Parameters
    ----------
    instrument : Instrument
    now_ms : int
        Time of the feed's clock, which in a replay is the replay's.
    quote : Quote, optional
        None where there is no price.
    atr_percent : Decimal, optional
        Average true range of the last bars, of the price.
    slippage_percent : Decimal
        Expected distance of a market fill from the middle, of the price.
    bar_ms : int
        Length of the bars that pauses count in.
    """

    instrument: Instrument
    now_ms: int
    quote: Quote | None = None
    atr_percent: Decimal | None = None
    slippage_percent: Decimal = field(default=Decimal(0))
    bar_ms: int = 3_600_000


@dataclass(frozen=True)
class Standing:
    """How an account stands.

    Parameters
    ----------
    currency : Currency
    balance : Balance
    peak_units, day_start_units : int
        Highest equity since the last reset; equity at 00:00 UTC.
    trades : tuple of Trade
        Those that have not ended.
    instruments : mapping of str to Instrument
        Of these trades.
    marks : mapping of str to int
        Newest price of each symbol, in ticks.
    """

    currency: Currency
    balance: Balance
    peak_units: int
    day_start_units: int
    trades: tuple[Trade, ...] = ()
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    marks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Guards:
    """What holds entries back beside the settings."""

    recent: tuple[PastTrade, ...] = ()
    locks: tuple[Lock, ...] = ()
    forgiven: tuple[Forgiven, ...] = ()
    kill_switch: KillSwitch = NOT_PRESSED


def measured(standing: Standing, market: Market, guards: Guards) -> Measured:
    """Return the facts of a moment.

    Parameters
    ----------
    standing : Standing
    market : Market
    guards : Guards

    Returns
    -------
    Measured
        Amounts as decimals of the account's currency.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal(5), FEE_PRESETS["binance"])
    >>> usdt = Currency("USDT")
    >>> standing = Standing(usdt, Balance(usdt.units_of(900), 0, 0, 0), usdt.units_of(1000), 0)
    >>> facts = measured(standing, Market(btc, 5), Guards())
    >>> facts.free, facts.equity_peak
    (Decimal('900.00000000'), Decimal('1000.00000000'))
    """
    amount = standing.currency.amount_of
    return Measured(
        now_ms=market.now_ms,
        equity=amount(standing.balance.equity),
        free=amount(standing.balance.free),
        equity_peak=amount(max(standing.peak_units, standing.balance.equity)),
        day_start_equity=amount(standing.day_start_units),
        quote=market.quote,
        positions=tuple(_positions(standing)),
        pending=tuple(_pending(standing)),
        atr_percent=market.atr_percent,
        slippage_percent=market.slippage_percent,
        recent=guards.recent,
        bar_ms=market.bar_ms,
        locks=guards.locks,
        forgiven=guards.forgiven,
        kill_switch=guards.kill_switch,
        open_trades=len(standing.trades),
        currency=standing.currency.code,
    )


def _positions(standing: Standing) -> Iterable[OpenPosition]:
    for trade in standing.trades:
        if trade.open_steps:
            one = standing.instruments[trade.symbol]
            price = one.price_of(_price_ticks(trade, standing))
            yield OpenPosition(trade.symbol, trade.side, one.quantity_of(trade.open_steps), price)


def _pending(standing: Standing) -> Iterable[PendingEntry]:
    for trade in standing.trades:
        waiting = trade.wanted_steps - trade.filled_steps
        if waiting and not trade.closed_steps:
            one = standing.instruments[trade.symbol]
            ticks = trade.asked_ticks or _price_ticks(trade, standing)
            worth = one.quantity_of(waiting) * one.price_of(ticks)
            yield PendingEntry(trade.symbol, trade.side, worth)


def _price_ticks(trade: Trade, standing: Standing) -> int:
    """Return the newest price; before any was seen, what the trade was entered at."""
    entered = trade.entry_weight // trade.filled_steps if trade.filled_steps else 0
    return standing.marks.get(trade.symbol, trade.asked_ticks or entered)
