"""The stop is there, on the losing side, and reached before liquidation."""

from sonde.markets.core.liquidation import liquidation_price
from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, fine, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "stop"


def judge(request: TradeRequest, _measured: Measured, settings: RiskSettings) -> Finding:
    """Block a stop that can never help; warn of none, or block where one is required."""
    if request.stop_price is None:
        told = "No stop is set: set one, or everything that the position costs is at risk."
        return Finding(CODE, Verdict.BLOCK if settings.require_stop else Verdict.WARN, told)
    away = (request.price - request.stop_price) * request.side.sign
    if away <= 0:
        told = f"The stop {request.stop_price:f} is on the winning side of {request.price:f}."
        return Finding(CODE, Verdict.BLOCK, told, request.stop_price, request.price)
    percent = away / request.price * 100
    if request.leverage < 1:
        return fine(CODE, f"The stop is {shown(percent, '%')} away.")
    edge = liquidation_price(
        request.side, request.price, request.leverage, request.instrument.maintenance_rate
    )
    if edge is None:
        told = f"The stop is {shown(percent, '%')} away; this position cannot be liquidated."
        return Finding(CODE, Verdict.OK, told, percent, None, "%")
    limit = (request.price - edge) * request.side.sign / request.price * 100
    told = f"The stop is {shown(percent, '%')} away, liquidation {shown(limit, '%')}."
    if percent >= limit:
        told = f"{told} Move the stop nearer or use less leverage."
        return Finding(CODE, Verdict.BLOCK, told, percent, limit, "%")
    return Finding(CODE, Verdict.OK, told, percent, limit, "%")
