"""Leverage stays below the account's limit and the instrument's."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, at_most
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side

CODE = "leverage"


def judge(request: TradeRequest, _measured: Measured, settings: RiskSettings) -> Finding:
    """Block beyond either limit, leverage below 1, and shorts of what is not lent."""
    one = request.instrument
    if one.kind == "spot" and request.side is Side.SHORT:
        told = f"{one.symbol} is spot and cannot be sold short; trade it as a perpetual."
        return Finding(CODE, Verdict.BLOCK, told)
    limit = one.max_leverage
    if settings.max_leverage is not None:
        limit = min(limit, settings.max_leverage)
    if request.leverage < 1:
        told = "Leverage is at least 1 x."
        return Finding(CODE, Verdict.BLOCK, told, request.leverage, limit, "x")
    if request.leverage == 1:
        return Finding(CODE, Verdict.OK, "No leverage is used.", request.leverage, limit, "x")
    return at_most(CODE, request.leverage, limit, "x", "Leverage")
