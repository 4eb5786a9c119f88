"""After an exit its symbol rests for a while."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding
from sonde.markets.core.risk.pauses import cooldown, paused
from sonde.markets.core.risk.settings import RiskSettings

CODE = "cooldown"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block while the pause lasts."""
    pause = cooldown(request.instrument.key, measured, settings)
    return paused(
        CODE, pause, measured.now_ms, "No exit of this symbol was so recent that it must rest."
    )
