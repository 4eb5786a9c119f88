"""Positions and waiting entries in one symbol stay below a share of equity."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, at_most, fine
from sonde.markets.core.risk.settings import RiskSettings

CODE = "symbol_exposure"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where everything in this symbol would be more than the limit."""
    limit = settings.max_symbol_exposure_percent
    if limit is None:
        return fine(CODE, "No limit of the exposure in one symbol is set.")
    exposed = measured.exposure(request.instrument.key) + request.notional
    share = measured.percent_of_equity(exposed)
    if share is None:
        return Finding(CODE, Verdict.BLOCK, "The account has no equity left.", None, limit, "%")
    return at_most(CODE, share, limit, "%", f"Exposure in {request.instrument.symbol}, of equity,")
