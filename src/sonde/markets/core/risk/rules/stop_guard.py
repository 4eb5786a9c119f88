"""After several stops in a few bars nothing is opened until they are past."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding
from sonde.markets.core.risk.pauses import paused, stop_guard
from sonde.markets.core.risk.settings import RiskSettings

CODE = "stop_guard"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block while the pause lasts."""
    pause = stop_guard(request.instrument.key, measured, settings)
    return paused(
        CODE, pause, measured.now_ms, "Not so many stops were hit lately that trading must rest."
    )
