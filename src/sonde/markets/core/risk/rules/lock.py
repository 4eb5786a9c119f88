"""Nothing is opened where a lock holds."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, fine
from sonde.markets.core.risk.locks import holding
from sonde.markets.core.risk.pauses import minutes_until
from sonde.markets.core.risk.settings import RiskSettings

CODE = "lock"


def judge(request: TradeRequest, measured: Measured, _settings: RiskSettings) -> Finding:
    """Block where symbol and side are locked."""
    key = request.instrument.key
    found = holding(measured.locks, key, request.side, measured.now_ms)
    if found is None:
        return fine(CODE, f"No lock holds {key} {request.side}.")
    what = found.symbol or "Every symbol"
    if found.until_ms is None:
        told = f"{what} is locked until somebody removes the lock: {found.reason}."
        return Finding(CODE, Verdict.BLOCK, told)
    left = minutes_until(found.until_ms, measured.now_ms)
    told = f"{what} is locked for {left} more minutes: {found.reason}."
    return Finding(CODE, Verdict.BLOCK, told, left, None, "min")
