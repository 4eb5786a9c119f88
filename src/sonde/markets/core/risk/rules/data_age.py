"""No price, no fill; an old price is no price."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "data_age"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block without a price, or with one that is older than the limit.

    Where a source tells one price per bar, the limit counts from when the next one is due.
    """
    limit = settings.max_data_age_s
    if measured.quote is None:
        told = f"There is no price of {request.instrument.key}: start a feed or a replay."
        return Finding(CODE, Verdict.BLOCK, told, None, limit, "s")
    limit += Decimal(measured.quote.every_ms) / 1000
    age = Decimal(max(0, measured.now_ms - measured.quote.time_ms)) / 1000
    told = f"The price ({measured.quote.source}) is {shown(age, 's')} old"
    if age > limit:
        told = f"{told}; entries wait until one of at most {shown(limit, 's')} arrives."
        return Finding(CODE, Verdict.BLOCK, told, age, limit, "s")
    return Finding(CODE, Verdict.OK, f"{told}.", age, limit, "s")
