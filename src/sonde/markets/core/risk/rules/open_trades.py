"""Not more trades at once than the limit."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, at_most, fine
from sonde.markets.core.risk.settings import RiskSettings

CODE = "open_trades"


def judge(_request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where open and waiting trades would be more than the limit with this one."""
    limit = settings.max_open_trades
    if limit is None:
        return fine(CODE, "No limit of open trades is set.")
    count = Decimal(measured.open_trades + 1)
    found = at_most(CODE, count, limit, "", "Open trades")
    verdict = Verdict.BLOCK if found.verdict is Verdict.BLOCK else Verdict.OK
    return Finding(CODE, verdict, found.sentence, count, limit, "trades")
