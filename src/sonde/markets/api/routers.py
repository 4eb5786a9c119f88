"""Every router of the markets storey, in one list."""

from collections.abc import Sequence
from typing import Any

from sonde.markets.api import streams
from sonde.markets.api.prices import collection, imports, quotes, replays, series, status
from sonde.markets.api.trading import analytics, balances, risk, trades

ROUTERS: Sequence[Any] = (
    status.ROUTER,
    quotes.ROUTER,
    series.ROUTER,
    imports.ROUTER,
    collection.ROUTER,
    replays.ROUTER,
    streams.ROUTER,
    analytics.ROUTER,
    trades.ROUTER,
    balances.ROUTER,
    risk.ROUTER,
)
