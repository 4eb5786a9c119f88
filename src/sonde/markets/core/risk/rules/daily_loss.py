"""After losing so much in a day, the day is over."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, fine, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "daily_loss"


def judge(_request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block from the limit on; warn from 80 % of it on."""
    limit = settings.max_daily_loss_percent
    if limit is None:
        return fine(CODE, "No limit of the loss of a day is set.")
    if measured.day_start_equity <= 0:
        return Finding(CODE, Verdict.BLOCK, "The account has no equity left.", None, limit, "%")
    lost = measured.day_start_equity - measured.equity
    share = max(Decimal(0), lost / measured.day_start_equity * 100)
    told = f"Today {shown(share, '%')} of equity are lost; the limit is {shown(limit, '%')}."
    if share >= limit:
        told = f"{told} Entries are allowed again from 00:00 UTC."
        return Finding(CODE, Verdict.BLOCK, told, share, limit, "%")
    verdict = Verdict.WARN if share >= limit * Decimal("0.8") else Verdict.OK
    return Finding(CODE, verdict, told, share, limit, "%")
