"""Funding rates of a workspace: set by hand, paid on paper and in backtests alike."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sonde.markets.core import funding
from sonde.markets.core.candles import Candles
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import RATE_PARTS
from sonde.markets.persistence import funding_rates as rows
from sonde.markets.services import instruments
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.services import audit

if TYPE_CHECKING:
    from sonde.markets.core.backtesting.settings import Funding

_LARGEST = Decimal("0.1")


def set_rate(actor: Actor, key: str, rate: Decimal, from_ms: int = 0) -> None:
    """Let perpetuals of ``venue:SYMBOL`` pay a rate at each interval from a moment on.

    A long pays what is positive; 0 ends it. Raises Forbidden for viewers, NotFound, Invalid for
    more than 10 % or more than nine decimals.
    """
    actor.require(Role.ANALYST)
    known = instruments.get(actor, key)
    if not rate.is_finite() or abs(rate) > _LARGEST or rate * RATE_PARTS != int(rate * RATE_PARTS):
        raise Invalid(
            f"A funding rate is a fraction such as 0.0001, at most {_LARGEST} with nine decimals.",
            field="rate",
        )
    if from_ms < 0:
        raise Invalid("A rate cannot hold from before 1970 on.", field="from")
    rows.put(actor.workspace_id, known.key, from_ms, int(rate * RATE_PARTS), actor.user_id)
    audit.record(actor.user_id, "market_funding.set", known.key, rate=str(rate), from_ms=from_ms)


def rates(actor: Actor, key: str) -> list[tuple[int, Decimal]]:
    """Return from which moment on which rate holds, the oldest first."""
    found = rows.of_symbol(actor.workspace_id, instruments.get(actor, key).key)
    return [(from_ms, Decimal(parts) / RATE_PARTS) for from_ms, parts in found]


def forget(actor: Actor, key: str) -> None:
    """Let perpetuals of an instrument pay nothing; raises Forbidden for viewers, NotFound."""
    actor.require(Role.ANALYST)
    rows.forget(actor.workspace_id, instruments.get(actor, key).key)
    audit.record(actor.user_id, "market_funding.forget", key)


def of_candles(workspace_id: str, candles: Candles, traded: Instrument) -> "Funding | None":
    """Return what a backtest over these candles pays; None without any rate."""
    if traded.kind != "perpetual" or not candles.n:
        return None
    found = rows.of_symbol(workspace_id, traded.key)
    first_ms, last_ms = int(candles.open_time_ms[0]), int(candles.close_time_ms[-1])
    return funding.funding_of(traded, found, first_ms, last_ms)
