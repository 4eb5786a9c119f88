"""Prices on the tick, quantities on the step, and not less than the venue takes."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "grid"


def judge(request: TradeRequest, _measured: Measured, _settings: RiskSettings) -> Finding:
    """Block what the venue would not take."""
    one = request.instrument
    wrong = _off_grid(request)
    if wrong:
        return Finding(CODE, Verdict.BLOCK, wrong)
    told = f"The order is worth {shown(request.notional, one.quote)}"
    least = one.min_notional
    if request.notional < least and not request.is_exit:
        told = f"{told}; {one.venue} takes {shown(least, one.quote)} and more."
        return Finding(CODE, Verdict.BLOCK, told, request.notional, least, one.quote)
    return Finding(CODE, Verdict.OK, f"{told}.", request.notional, least, one.quote)


def _off_grid(request: TradeRequest) -> str:
    one = request.instrument
    if request.quantity <= 0 or request.quantity % one.step != 0:
        return (
            f"{request.quantity:f} {one.base} is no positive multiple of the step {one.step:f}; "
            "make the amount larger."
        )
    prices = {"price": request.price, "stop": request.stop_price, "target": request.target_price}
    for name, price in prices.items():
        if price is not None and (price <= 0 or price % one.tick != Decimal(0)):
            return f"The {name} {price:f} is no positive multiple of the tick {one.tick:f}."
    return ""
