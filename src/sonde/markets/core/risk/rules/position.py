"""One position does not grow beyond an amount of money."""

from decimal import Decimal

from sonde.markets.core.risk.facts import Measured, OpenPosition, PendingEntry, TradeRequest
from sonde.markets.core.risk.findings import Finding, at_most, fine
from sonde.markets.core.risk.settings import RiskSettings

CODE = "position"


def judge(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Finding:
    """Block where the position of this symbol and side would be larger than the limit."""
    if settings.max_position is None:
        return fine(CODE, "No limit of a position in money is set.")
    size = position_after(request, measured)
    return at_most(CODE, size, settings.max_position, measured.currency, "The position")


def position_after(request: TradeRequest, measured: Measured) -> Decimal:
    """Return the notional of the position of this symbol and side with this trade in it.

    Entries that wait to be filled count: they will be part of it.
    """
    wanted = (request.instrument.key, request.side)
    everything: tuple[OpenPosition | PendingEntry, ...] = (*measured.positions, *measured.pending)
    held = (one.notional for one in everything if (one.symbol, one.side) == wanted)
    return sum(held, request.notional)
