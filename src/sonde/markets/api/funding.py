"""Funding rates of perpetuals over REST."""

from datetime import datetime
from decimal import Decimal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import Exact, moment
from sonde.markets.services import funding
from sonde.platform.api.routing import Acting, router

ROUTER = router("/markets/funding", tag="Markets: trading")


class RateBody(BaseModel):
    """A rate that holds from a moment on; a long pays what is positive."""

    from_time: datetime
    rate: Exact


class NewRateBody(BaseModel):
    """A rate to hold from a moment on, in the time of prices; without one, since ever."""

    model_config = ConfigDict(extra="forbid")

    rate: Decimal = Field(examples=["0.0001"])
    from_time: datetime | None = None


@ROUTER.get("/{symbol}")
def list_funding(actor: Acting, symbol: str) -> list[RateBody]:
    """List the rates of an instrument such as ``binance:BTCUSDT``, the oldest first."""
    found = funding.rates(actor, symbol)
    return [RateBody(from_time=moment(from_ms), rate=rate) for from_ms, rate in found]


@ROUTER.put("/{symbol}")
def set_funding(actor: Acting, symbol: str, body: NewRateBody) -> list[RateBody]:
    """Let perpetuals of an instrument pay a rate at each interval, on paper and in backtests."""
    since = body.from_time
    from_ms = 0 if since is None else round(since.timestamp() * 1000)
    funding.set_rate(actor, symbol, body.rate, from_ms)
    return list_funding(actor, symbol)


@ROUTER.delete("/{symbol}", status_code=204)
def forget_funding(actor: Acting, symbol: str) -> Response:
    """Let perpetuals of an instrument pay nothing."""
    funding.forget(actor, symbol)
    return Response(status_code=204)
