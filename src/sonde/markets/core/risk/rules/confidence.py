"""What a forecast or strategy is not sure enough of is not traded."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, fine, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "confidence"


def judge(request: TradeRequest, _measured: Measured, settings: RiskSettings) -> Finding:
    """Block below the limit; a trade that claims no confidence is not asked for any."""
    limit = settings.min_confidence
    if limit is None:
        return fine(CODE, "No least confidence is set.")
    if request.confidence is None:
        return fine(CODE, "Nothing says how sure it is of this trade.")
    sure = request.confidence
    told = f"Confidence is {shown(sure)}; at least {shown(limit)} is asked for."
    verdict = Verdict.BLOCK if sure < limit else Verdict.OK
    return Finding(CODE, verdict, told, sure, limit)
