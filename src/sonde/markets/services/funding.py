"""Funding rates of a workspace: set by hand or from a file, paid on paper and in backtests."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sonde.markets.core import funding
from sonde.markets.core.candles import Candles
from sonde.markets.core.funding_files import read_rates
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import RATE_PARTS
from sonde.markets.core.prices.checking import when
from sonde.markets.persistence import funding_rates as rows
from sonde.markets.services import instruments
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.services import audit

if TYPE_CHECKING:
    from sonde.markets.core.backtesting.settings import Funding


@dataclass(frozen=True)
class StoredRates:
    """What became of a file of rates, and all that are known of the instrument now.

    Parameters
    ----------
    key : str
    n_new, n_changed, n_same : int
        Of the file's rows.
    n_rates : int
    first_ms, last_ms : int
        Of all that are known.
    """

    key: str
    n_new: int
    n_changed: int
    n_same: int
    n_rates: int
    first_ms: int
    last_ms: int

    @property
    def words(self) -> str:
        """The same in a sentence."""
        return (
            f"{self.key}: {self.n_new:,} new rates, {self.n_same:,} there already, "
            f"{self.n_changed:,} replaced; {self.n_rates:,} in all, from {when(self.first_ms)} to "
            f"{when(self.last_ms)}."
        )


def set_rate(actor: Actor, key: str, rate: Decimal, from_ms: int = 0) -> None:
    """Let perpetuals of ``venue:SYMBOL`` pay a rate at each interval from a moment on.

    A long pays what is positive; 0 ends it. Raises Forbidden for viewers, NotFound, Invalid for
    more than 10 % or more than nine decimals.
    """
    actor.require(Role.ANALYST)
    known = instruments.get(actor, key)
    parts = funding.rate_parts(rate)
    if from_ms < 0:
        raise Invalid("A rate cannot hold from before 1970 on.", field="from")
    rows.put(actor.workspace_id, known.key, [(from_ms, parts)], actor.user_id)
    audit.record(actor.user_id, "market_funding.set", known.key, rate=str(rate), from_ms=from_ms)


@dataclass(frozen=True)
class KnownRates:
    """The rates of one instrument at a glance; moments in milliseconds UTC."""

    key: str
    n_rates: int
    first_ms: int
    last_ms: int
    newest: Decimal


def known(actor: Actor) -> list[KnownRates]:
    """Return which rates the actor's workspace knows, by instrument."""
    return [
        KnownRates(key, n, first_ms, last_ms, (Decimal(parts) / RATE_PARTS).normalize())
        for key, n, first_ms, last_ms, parts in rows.at_a_glance(actor.workspace_id)
    ]


def import_rates(actor: Actor, key: str, content: bytes) -> StoredRates:
    """Store a file of rates of ``venue:SYMBOL``, whole or not at all.

    Raises Forbidden for viewers, NotFound, and what `read_rates` raises.
    """
    actor.require(Role.ANALYST)
    known = instruments.get(actor, key)
    told = read_rates(content)
    before = dict(rows.of_symbol(actor.workspace_id, known.key))
    n_same = sum(before.get(from_ms) == parts for from_ms, parts in told)
    n_new = sum(from_ms not in before for from_ms, _ in told)
    rows.put(actor.workspace_id, known.key, told, actor.user_id)
    audit.record(actor.user_id, "market_funding.import", known.key, rates=len(told), new=n_new)
    moments = before.keys() | dict(told).keys()
    n_changed = len(told) - n_new - n_same
    return StoredRates(
        known.key, n_new, n_changed, n_same, len(moments), min(moments), max(moments)
    )


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
