"""Everything that is open or waits to be stays below a share of equity."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, at_most, fine
from sonde.markets.core.risk.settings import RiskSettings

CODE = "total_exposure"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where the exposure in all symbols would be more than the limit."""
    limit = settings.max_total_exposure_percent
    if limit is None:
        return fine(CODE, "No limit of the total exposure is set.")
    share = measured.percent_of_equity(measured.exposure() + request.notional)
    if share is None:
        return Finding(CODE, Verdict.BLOCK, "The account has no equity left.", None, limit, "%")
    return at_most(CODE, share, limit, "%", "Exposure in all symbols, of equity,")
