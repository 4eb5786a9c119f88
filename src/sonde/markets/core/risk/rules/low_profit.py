"""A symbol whose last trades made too little rests."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding
from sonde.markets.core.risk.pauses import low_profit, paused
from sonde.markets.core.risk.settings import RiskSettings

CODE = "low_profit"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block while the pause lasts."""
    pause = low_profit(request.instrument.key, measured, settings)
    return paused(
        CODE,
        pause,
        measured.now_ms,
        "The last trades of this symbol made enough, or are too few to say.",
    )
