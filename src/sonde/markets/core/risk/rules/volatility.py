"""Nothing is opened while prices jump too far."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, at_most, fine, unknown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "volatility"


def judge(_request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where the average true range is above the limit, in percent of the price."""
    limit = settings.max_atr_percent
    if limit is None:
        return fine(CODE, "No limit of the volatility is set.")
    if measured.atr_percent is None:
        told = "There are too few candles to say how volatile the price is."
        return unknown(CODE, told, limit, "%")
    return at_most(CODE, measured.atr_percent, limit, "%", "Volatility (ATR)")
