"""Instruments as an account trades them, in the form in which its journal keeps them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sonde.markets.core.engine.listings import Costs, Listing
from sonde.markets.core.instruments import FeeSchedule, Instrument

_TEXTS = ("venue", "symbol", "base", "quote", "kind")
_DECIMALS = ("tick", "step", "min_notional", "max_leverage", "maintenance_rate")
_COSTS = ("half_spread_ppm", "slippage_ppm", "impact_ppm", "limit_fill")


def listing_document(listing: Listing) -> dict[str, Any]:
    """Return a listing as a document; decimals as text, so that none is rounded."""
    one, costs = listing.instrument, listing.costs
    fees = listing.fees or one.fees
    share = costs.volume_share
    return {
        **{name: getattr(one, name) for name in _TEXTS},
        **{name: str(getattr(one, name)) for name in _DECIMALS},
        "maker": str(fees.maker),
        "taker": str(fees.taker),
        "funding_interval_ms": one.funding_interval_ms,
        "leverage": str(listing.leverage),
        "latency_ms": listing.latency_ms,
        "costs": {
            **{name: getattr(costs, name) for name in _COSTS},
            "volume_share": None if share is None else str(share),
        },
    }


def read_listing(document: Mapping[str, Any]) -> Listing:
    """Return the listing of a document.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal(5), FEE_PRESETS["binance"])
    >>> read_listing(listing_document(Listing(btc))).instrument == btc
    True
    """
    told = dict(document["costs"])
    share = told.pop("volume_share")
    return Listing(
        Instrument(
            venue=document["venue"],
            symbol=document["symbol"],
            base=document["base"],
            quote=document["quote"],
            tick=Decimal(document["tick"]),
            step=Decimal(document["step"]),
            min_notional=Decimal(document["min_notional"]),
            fees=FeeSchedule(Decimal(document["maker"]), Decimal(document["taker"])),
            kind=document["kind"],
            max_leverage=Decimal(document["max_leverage"]),
            maintenance_rate=Decimal(document["maintenance_rate"]),
            funding_interval_ms=document["funding_interval_ms"],
        ),
        leverage=Decimal(document["leverage"]),
        costs=Costs(**told, volume_share=None if share is None else Decimal(share)),
        latency_ms=int(document["latency_ms"]),
    )
