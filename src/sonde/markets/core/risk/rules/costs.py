"""A target that only pays the fees is no target."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, fine, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "costs"


def judge(request: TradeRequest, measured: Measured, _settings: RiskSettings) -> Finding:
    """Block where the target is on the wrong side, or nearer than fees and slippage cost."""
    if request.target_price is None:
        return fine(CODE, "No target is set.")
    gain = (request.target_price - request.price) * request.side.sign / request.price * 100
    cost = cost_percent(request, measured)
    told = f"The target is {shown(gain, '%')} away; fees and slippage cost {shown(cost, '%')}."
    if gain <= 0:
        told = f"The target {request.target_price:f} is on the losing side of {request.price:f}."
        return Finding(CODE, Verdict.BLOCK, told, gain, cost, "%")
    if gain <= cost:
        told = f"{told} Move it further away: there it would lose money."
        return Finding(CODE, Verdict.BLOCK, told, gain, cost, "%")
    verdict = Verdict.WARN if gain <= 2 * cost else Verdict.OK
    return Finding(CODE, verdict, told, gain, cost, "%")


def cost_percent(request: TradeRequest, measured: Measured) -> Decimal:
    """Return both fees and the slippage of the market fills, in percent of the entry's notional.

    The target is sold at market once it is triggered: it pays the taker's fee and slippage.
    """
    fees = request.instrument.fees
    entry = fees.taker if request.at_market else fees.maker
    target = request.target_price or request.price
    leaving = fees.taker * 100 + measured.slippage_percent
    entering = entry * 100 + (measured.slippage_percent if request.at_market else 0)
    return entering + leaving * target / request.price
