"""An instrument, prices and wishes for tests of trading."""

from dataclasses import replace
from decimal import Decimal

from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.measuring import Market
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.sides import Side
from sonde.markets.core.ticket import Amount, AmountKind
from sonde.markets.core.wishes import Level, Wish
from sonde.markets.services.trading import Conditions

BTC = Instrument(
    "replay",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["replay"],
    "perpetual",
    Decimal(20),
    Decimal("0.005"),
)
START_MS = 1_700_000_000_000
AT_ONCE = Conditions(latency_ms=0)
WISH = Wish(
    Side.LONG,
    Amount(Decimal(1000), AmountKind.CURRENCY),
    stop=Level(Decimal(1)),
    target=Level(Decimal(2)),
)


def quote(price, second=0):
    """A price of a replay at a second of the test."""
    return Quote(Decimal(price), START_MS + second * 1000, "replay")


def market(price, second=0, **changes):
    """What is known at a second of the test."""
    seen = Market(BTC, START_MS + second * 1000, quote(price, second), Decimal("0.4"))
    return replace(seen, **changes)
