"""A trade that every rule lets through, and an account in which nothing is wrong."""

from dataclasses import replace
from decimal import Decimal

from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.risk.facts import Measured, PastTrade, Quote, TradeRequest
from sonde.markets.core.sides import Side

MINUTE = 60_000
HOUR = 60 * MINUTE
NOW = 1_000 * HOUR

BTC = Instrument(
    "binance",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["binance"],
    "perpetual",
    Decimal(20),
    Decimal("0.005"),
)
REQUEST = TradeRequest(
    BTC,
    Side.LONG,
    Decimal("0.002"),
    Decimal(50_000),
    stop_price=Decimal(49_500),
    target_price=Decimal(51_000),
)
QUOTE = Quote(
    Decimal(50_000), NOW - 1_000, "replay binance", Decimal("49999.5"), Decimal("50000.5")
)
ACCOUNT = Measured(
    NOW,
    Decimal(10_000),
    Decimal(10_000),
    Decimal(10_000),
    Decimal(10_000),
    quote=QUOTE,
    atr_percent=Decimal("0.4"),
)


def asked(**changes):
    """The request with changes."""
    return replace(REQUEST, **changes)


def account(**changes):
    """The account with changes."""
    return replace(ACCOUNT, **changes)


def past(minutes_ago, percent="1", *, symbol=BTC.key, stopped=False):
    """A trade that was closed some minutes ago."""
    return PastTrade(symbol, Side.LONG, NOW - minutes_ago * MINUTE, Decimal(percent), stopped)
