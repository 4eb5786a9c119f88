"""Trading halts when equity has fallen so far below its peak."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, fine, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "drawdown"


def judge(_request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where the drawdown has reached its limit in money or in percent of the peak."""
    fallen = max(Decimal(0), measured.equity_peak - measured.equity)
    limits = [(fallen, settings.max_drawdown, measured.currency)]
    if measured.equity_peak > 0:
        share = fallen / measured.equity_peak * 100
        limits.append((share, settings.max_drawdown_percent, "%"))
    findings = [_judged(found, limit, unit) for found, limit, unit in limits if limit is not None]
    if not findings:
        return fine(CODE, "No limit of the drawdown is set.")
    order = (Verdict.BLOCK, Verdict.WARN, Verdict.OK)
    return min(findings, key=lambda one: order.index(one.verdict))


def _judged(fallen: Decimal, limit: Decimal, unit: str) -> Finding:
    told = f"Equity is {shown(fallen, unit)} below its peak; the limit is {shown(limit, unit)}."
    if fallen >= limit:
        told = f"{told} Trading is halted: raise the limit or reset the account."
        return Finding(CODE, Verdict.BLOCK, told, fallen, limit, unit)
    verdict = Verdict.WARN if fallen >= limit * Decimal("0.8") else Verdict.OK
    return Finding(CODE, verdict, told, fallen, limit, unit)
