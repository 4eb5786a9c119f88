"""Nothing is opened while the kill switch is pressed."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, Verdict, fine
from sonde.markets.core.risk.settings import RiskSettings

CODE = "kill_switch"


def judge(_request: TradeRequest, measured: Measured, _settings: RiskSettings) -> Finding:
    """Block where the switch is pressed."""
    switch = measured.kill_switch
    if not switch.stops_entries:
        return fine(CODE, "The kill switch is not pressed.")
    why = f" ({switch.reason})" if switch.reason else ""
    told = f"The kill switch is pressed{why}: release it before opening anything."
    return Finding(CODE, Verdict.BLOCK, told)
