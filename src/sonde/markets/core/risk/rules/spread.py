"""Nothing is opened while bid and ask are too far apart."""

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, at_most, fine
from sonde.markets.core.risk.settings import RiskSettings

CODE = "spread"


def judge(_request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where the spread is above the limit; a feed without bid and ask has none to judge."""
    limit = settings.max_spread_percent
    if limit is None:
        return fine(CODE, "No limit of the spread is set.")
    spread = measured.spread_percent
    if spread is None:
        return fine(CODE, "This feed tells no bid and ask; the spread is the account's setting.")
    return at_most(CODE, spread, limit, "%", "The spread")
