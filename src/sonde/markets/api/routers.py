"""Every router of the markets storey, in one list."""

from collections.abc import Sequence
from typing import Any

from sonde.markets.api.prices import collection, imports, quotes, replays, series, status

ROUTERS: Sequence[Any] = (
    status.ROUTER,
    quotes.ROUTER,
    series.ROUTER,
    imports.ROUTER,
    collection.ROUTER,
    replays.ROUTER,
)
