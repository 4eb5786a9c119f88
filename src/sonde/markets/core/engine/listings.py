"""What an account may trade and at what costs; the engine's settings."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from sonde.markets.core.instruments import FeeSchedule, Instrument, unit_value
from sonde.markets.core.money import RATE_PARTS, Currency, decimal_of, fitting, parts_of
from sonde.platform.core.errors import Invalid, NotFound


@dataclass(frozen=True)
class Costs:
    """What an order that takes liquidity pays beyond the fee, in parts per 10**6 of the price.

    Parameters
    ----------
    half_spread_ppm, slippage_ppm : int
        0 to 100,000 (10 %).
    impact_ppm : int
        Times order / volume of the bar; 0 to 1,000,000.
    volume_share : Decimal or None
        The share of a bar's volume that fills may use; None means unlimited.
    limit_fill : {"through", "touch"}
        Whether a resting limit needs a price strictly beyond it, or one that touches it.

    Raises
    ------
    Invalid
        If a value is out of range.
    """

    half_spread_ppm: int = 0
    slippage_ppm: int = 0
    impact_ppm: int = 0
    volume_share: Decimal | None = None
    limit_fill: Literal["through", "touch"] = "through"

    def __post_init__(self) -> None:
        """Refuse costs out of range."""
        for name, high in (
            ("half_spread_ppm", 100_000),
            ("slippage_ppm", 100_000),
            ("impact_ppm", 1_000_000),
        ):
            if not 0 <= getattr(self, name) <= high:
                raise Invalid(f"{name}={getattr(self, name)}: give 0 to {high}.", field=name)
        share = self.volume_share
        if share is not None and not Decimal("0.000001") <= decimal_of(share, "share") <= 1:
            raise Invalid(
                f"volume_share={share}: give a fraction from 0.000001 to 1, or none for unlimited.",
                field="volume_share",
            )
        if self.limit_fill not in ("through", "touch"):
            raise Invalid(
                f"limit_fill={self.limit_fill!r}: give through or touch.", field="limit_fill"
            )

    @property
    def share_parts(self) -> int:
        """Return the volume share in parts per 10**9, -1 for unlimited."""
        return -1 if self.volume_share is None else parts_of(self.volume_share)


@dataclass(frozen=True)
class Listing:
    """One instrument as one account trades it.

    Parameters
    ----------
    instrument : Instrument
    leverage : Decimal
        1 to the instrument's largest, at most two decimals.
    fees : FeeSchedule or None
        None takes the instrument's.
    costs : Costs
    latency_ms : int
        Time from a submission to the moment at which the order can act; 0 to a day.

    Raises
    ------
    Invalid
        If a value is out of range.
    """

    instrument: Instrument
    leverage: Decimal = field(default=Decimal(1))
    fees: FeeSchedule | None = None
    costs: Costs = field(default_factory=Costs)
    latency_ms: int = 0

    def __post_init__(self) -> None:
        """Refuse what the instrument does not allow."""
        leverage, most = decimal_of(self.leverage, "leverage"), self.instrument.max_leverage
        if not 1 <= leverage <= most or leverage * 100 != int(leverage * 100):
            raise Invalid(
                f"leverage={leverage} for {self.instrument.symbol}: give 1 to {most} with at most "
                "two decimals.",
                field="leverage",
            )
        if not 0 <= self.latency_ms <= 86_400_000:
            raise Invalid(
                f"latency_ms={self.latency_ms}: give 0 to a day (86400000).", field="latency_ms"
            )

    def numbers(self, currency: Currency) -> list[int]:
        """Return the listing as the columns ``S_UNIT`` to ``S_LATENCY`` of the engine's table.

        Raises
        ------
        Invalid
            If the currency counts too coarsely for the instrument.
        """
        fees, least = self.fees or self.instrument.fees, self.instrument.min_notional
        return [
            unit_value(self.instrument, currency),
            fees.maker_parts,
            fees.taker_parts,
            fitting(int(least.scaleb(currency.decimals).to_integral_value())),
            int(self.leverage * 100),
            int(self.instrument.maintenance_rate * RATE_PARTS),
            int(self.instrument.kind == "spot"),
            self.costs.half_spread_ppm,
            self.costs.slippage_ppm,
            self.costs.impact_ppm,
            self.costs.share_parts,
            int(self.costs.limit_fill == "touch"),
            self.latency_ms,
        ]


@dataclass(frozen=True)
class EngineSettings:
    """What one account counts in and may trade.

    Parameters
    ----------
    currency : Currency
    listings : tuple of Listing
        At least one, each instrument once.

    Raises
    ------
    Invalid
        If there is no listing, or one instrument twice.
    """

    currency: Currency
    listings: tuple[Listing, ...]

    def __post_init__(self) -> None:
        """Refuse an account without or with ambiguous instruments."""
        keys = [one.instrument.key for one in self.listings]
        if not keys or len(set(keys)) < len(keys):
            raise Invalid(f"An account needs instruments, each once: {keys}.", field="listings")

    def place_of(self, key: str) -> int:
        """Return where an instrument stands in the listings.

        Raises
        ------
        NotFound
            If the account does not trade it.
        """
        for place, listing in enumerate(self.listings):
            if listing.instrument.key == key:
                return place
        raise NotFound(f"This account does not trade {key}.")
