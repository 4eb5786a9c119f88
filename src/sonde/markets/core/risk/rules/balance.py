"""The free balance covers what the position costs, and the fee."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, at_most, shown
from sonde.markets.core.risk.settings import RiskSettings

CODE = "balance"


def judge(request: TradeRequest, measured: Measured, _settings: RiskSettings) -> Finding:
    """Block where margin and fee are more than what is free."""
    margin = request.notional / request.leverage
    cost = margin + request.entry_fee
    unit = measured.currency
    found = at_most(CODE, cost, measured.free, unit, "Cost with fee")
    told = (
        f"The trade needs {shown(cost, unit)} ({shown(request.entry_fee)} of it fee); "
        f"{shown(measured.free, unit)} are free."
    )
    verdict = Verdict.BLOCK if found.verdict is Verdict.BLOCK else Verdict.OK
    return Finding(CODE, verdict, told, cost, measured.free, unit)
