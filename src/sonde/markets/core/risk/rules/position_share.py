"""One position stays below a share of equity."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, at_most, fine
from sonde.markets.core.risk.rules.position import position_after
from sonde.markets.core.risk.settings import RiskSettings

CODE = "position_share"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where the position would be more than the limit, in percent of equity."""
    limit = settings.max_position_percent
    if limit is None:
        return fine(CODE, "No limit of a position in percent of equity is set.")
    share = measured.percent_of_equity(position_after(request, measured))
    if share is None:
        return Finding(CODE, Verdict.BLOCK, "The account has no equity left.", None, limit, "%")
    return at_most(CODE, share, limit, "%", "The position, of equity,")
