"""The money and the costs of a backtest as plain values: kept as text, read back without loss."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Literal

from sonde.markets.core.backtesting.settings import BacktestSettings, Sizing, SizingKind
from sonde.markets.core.engine.listings import Costs, Listing
from sonde.markets.core.instruments import FeeSchedule, Instrument, account_currency
from sonde.markets.core.risk.settings import only


@dataclass(frozen=True)
class Assumptions:
    """What a person says about money and costs.

    Parameters
    ----------
    start : Decimal
        Money at the beginning, in the quote currency.
    sizing : {"equity", "quote", "quantity", "risk"}
    size : Decimal
        In what `sizing` counts.
    maker_fee, taker_fee : Decimal or None
        As fractions; None takes the instrument's.
    half_spread_ppm, slippage_ppm, impact_ppm : int
        Parts per 10**6 of the price.
    volume_share : Decimal or None
        Share of a bar's volume that fills may use; None means unlimited.
    limit_fill : {"through", "touch"}
    leverage : Decimal
    latency_ms : int
    limits : mapping of str to str
        Risk settings by their names, those that are to hold; the others are off.
    """

    start: Decimal = field(default=Decimal(10_000))
    sizing: SizingKind = "equity"
    size: Decimal = field(default=Decimal(1))
    maker_fee: Decimal | None = None
    taker_fee: Decimal | None = None
    half_spread_ppm: int = 0
    slippage_ppm: int = 0
    impact_ppm: int = 0
    volume_share: Decimal | None = None
    limit_fill: Literal["through", "touch"] = "through"
    leverage: Decimal = field(default=Decimal(1))
    latency_ms: int = 0
    limits: Mapping[str, str] = field(default_factory=dict)

    def settings(self, instrument: Instrument) -> BacktestSettings:
        """Return the settings of a backtest of `instrument`.

        Parameters
        ----------
        instrument : Instrument

        Raises
        ------
        Invalid
            If a value is out of range, or the instrument does not allow it.
        AmountTooLarge
            If the money does not fit into the account.

        Examples
        --------
        >>> from sonde.markets.core.instruments import FEE_PRESETS
        >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.001"),
        ...                  Decimal(0), FEE_PRESETS["binance"])
        >>> Assumptions(taker_fee=Decimal("0.002")).settings(btc).fees.taker
        Decimal('0.002')
        """
        own = instrument.fees
        fees = FeeSchedule(
            own.maker if self.maker_fee is None else self.maker_fee,
            own.taker if self.taker_fee is None else self.taker_fee,
        )
        costs = Costs(
            self.half_spread_ppm,
            self.slippage_ppm,
            self.impact_ppm,
            self.volume_share,
            self.limit_fill,
        )
        settings = BacktestSettings(
            start=self.start,
            sizing=Sizing(self.sizing, self.size),
            fees=fees,
            costs=costs,
            leverage=self.leverage,
            latency_ms=self.latency_ms,
            limits=only(self.limits) if self.limits else None,
        )
        Listing(instrument, self.leverage, fees, costs, self.latency_ms)
        account_currency(instrument).units_of(self.start)
        return settings

    def document(self) -> dict[str, Any]:
        """Return plain values; decimals are text, so that no digit is lost.

        Examples
        --------
        >>> Assumptions.of(Assumptions(size=Decimal("0.1")).document()).size
        Decimal('0.1')
        """
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in (told | {"limits": dict(self.limits)}).items()
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Assumptions":
        """Return what `document` wrote down."""
        told: dict[str, Any] = {
            name: Decimal(value) if name in _DECIMALS and value is not None else value
            for name, value in document.items()
        }
        return cls(**told)


_DECIMALS = frozenset(
    {"start", "size", "maker_fee", "taker_fee", "volume_share", "leverage"},
)
