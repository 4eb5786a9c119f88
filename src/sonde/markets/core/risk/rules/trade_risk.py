"""What one trade loses at its stop, with both fees, stays below a share of equity."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, at_most, fine
from sonde.markets.core.risk.settings import RiskSettings

CODE = "trade_risk"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where the stop is so far away that the loss would be more than the limit.

    Without a stop everything that the position costs is at risk.
    """
    limit = settings.max_risk_percent
    if limit is None:
        return fine(CODE, "No limit of the risk of one trade is set.")
    share = measured.percent_of_equity(loss_at_stop(request))
    if share is None:
        return Finding(CODE, Verdict.BLOCK, "The account has no equity left.", None, limit, "%")
    at = "at its stop" if request.stop_price is not None else "without a stop"
    return at_most(CODE, share, limit, "%", f"The loss {at}, of equity,")


def loss_at_stop(request: TradeRequest) -> Decimal:
    """Return what is lost where the stop fills at its price, both fees included."""
    fee = request.entry_fee
    if request.stop_price is None:
        return request.notional / request.leverage + fee
    distance = (request.price - request.stop_price) * request.side.sign
    exit_fee = request.quantity * request.stop_price * request.instrument.fees.taker
    return max(Decimal(0), distance * request.quantity) + fee + exit_fee
