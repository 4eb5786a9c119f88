"""What a backtest assumes: money, costs, liquidity, latency and how large an entry is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.engine.listings import Costs
from sonde.markets.core.instruments import FeeSchedule
from sonde.markets.core.money import Currency, decimal_of
from sonde.markets.core.risk.settings import RiskSettings
from sonde.platform.core.errors import Invalid

SizingKind = Literal["equity", "quote", "quantity", "risk"]
_SIZE_LIMITS: Mapping[str, tuple[Decimal, Decimal]] = MappingProxyType(
    {
        "equity": (Decimal("0.000001"), Decimal(1)),
        "quote": (Decimal("0.000001"), Decimal(10) ** 9),
        "quantity": (Decimal("0.000000000001"), Decimal(10) ** 9),
        "risk": (Decimal("0.000001"), Decimal(1)),
    }
)


@dataclass(frozen=True)
class Sizing:
    """How large an entry is.

    Parameters
    ----------
    kind : {"equity", "quote", "quantity", "risk"}
        A fraction of the equity; an amount of quote currency; a quantity of base currency; the
        fraction of the equity that is lost if the decision's stop is hit.
    value : Decimal
        In (0, 1] for the two fractions.

    Raises
    ------
    Invalid
        If the value is out of range.
    """

    kind: SizingKind = "equity"
    value: Decimal = field(default=Decimal(1))

    def __post_init__(self) -> None:
        """Refuse a size that cannot be."""
        if self.kind not in _SIZE_LIMITS:
            raise Invalid(
                f"sizing={self.kind!r}: give equity, quote, quantity or risk.", field="sizing"
            )
        low, high = _SIZE_LIMITS[self.kind]
        if not low <= decimal_of(self.value, "size") <= high:
            raise Invalid(
                f"size={self.value} for sizing by {self.kind}: give {low} to {high}.", field="size"
            )


@dataclass(frozen=True)
class Funding:
    """Funding rates of a perpetual.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (payment,)
        Strictly increasing, milliseconds UTC.
    rate_parts : ndarray of int64, shape (payment,)
        Parts per 10**9 of the notional; a long pays when positive.

    Raises
    ------
    Invalid
        If the arrays differ in length, or the times do not increase.
    """

    time_ms: NDArray[np.int64]
    rate_parts: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Refuse payments that are not in order."""
        if self.time_ms.shape != self.rate_parts.shape or self.time_ms.ndim != 1:
            raise Invalid("Funding: times and rates must be of one length.", field="funding")
        if bool((np.diff(self.time_ms) <= 0).any()):
            raise Invalid("Funding: the times must increase.", field="funding")
        if bool((np.abs(self.rate_parts) > 10**8).any()):
            raise Invalid("Funding: a rate is larger than 10 %.", field="funding")


@dataclass(frozen=True)
class BacktestSettings:
    """What one backtest assumes.

    Parameters
    ----------
    start : Decimal
        Money at the beginning, in the quote currency.
    sizing : Sizing
    fees : FeeSchedule or None
        None takes the instrument's.
    costs : Costs
    leverage : Decimal
        1 for spot; margin is notional / leverage. At most two decimals.
    latency_ms : int
        Time from a decision to the moment at which its orders can be acted on.
    funding : Funding or None
    currency : Currency or None
        None takes the coarsest that counts the instrument exactly.
    limits : RiskSettings or None
        Asked before every entry by the gate of paper trading; None asks nothing.

    Raises
    ------
    Invalid
        If a value is out of range.

    Examples
    --------
    >>> BacktestSettings(fees=FeeSchedule(Decimal("0.001"), Decimal("0.001"))).start
    Decimal('10000')
    """

    start: Decimal = field(default=Decimal(10_000))
    sizing: Sizing = field(default_factory=Sizing)
    fees: FeeSchedule | None = None
    costs: Costs = field(default_factory=Costs)
    leverage: Decimal = field(default=Decimal(1))
    latency_ms: int = 0
    funding: Funding | None = None
    currency: Currency | None = None
    limits: RiskSettings | None = None

    def __post_init__(self) -> None:
        """Refuse settings out of range."""
        if not 0 < decimal_of(self.start, "start") <= Decimal(10) ** 10:
            raise Invalid(f"start={self.start}: give an amount above 0.", field="start")
        leverage = decimal_of(self.leverage, "leverage")
        if not 1 <= leverage <= 200 or leverage * 100 != int(leverage * 100):
            raise Invalid(
                f"leverage={self.leverage}: give 1 to 200 with at most two decimals.",
                field="leverage",
            )
        if not 0 <= self.latency_ms <= 86_400_000:
            raise Invalid(
                f"latency_ms={self.latency_ms}: give 0 to a day (86400000).", field="latency_ms"
            )
