"""What is traded: its grid of prices and quantities, its least order, its fees and leverage."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.grids import grid_of, step_of
from sonde.markets.core.money import Currency, decimal_of, fitting, parts_of
from sonde.platform.core.errors import Invalid

Kind = Literal["spot", "perpetual"]
_PAPER_LEVERAGE, _PAPER_MAINTENANCE = Decimal(20), Decimal("0.005")
_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD", "EUR", "GBP", "BTC", "ETH", "BNB")


@dataclass(frozen=True)
class FeeSchedule:
    """What a venue charges, as a fraction of the notional.

    Parameters
    ----------
    maker : Decimal
        For an order that rested in the book; 0 to 0.1.
    taker : Decimal
        For an order that took what rested there; 0 to 0.1.

    Raises
    ------
    Invalid
        If a rate is out of range or has more than nine decimals.

    Examples
    --------
    >>> FeeSchedule(Decimal("0.0002"), Decimal("0.0005")).taker_parts
    500000
    """

    maker: Decimal
    taker: Decimal

    def __post_init__(self) -> None:
        """Refuse rates that no venue charges."""
        for name, rate in (("maker", self.maker), ("taker", self.taker)):
            if not 0 <= decimal_of(rate, name) <= Decimal("0.1"):
                raise Invalid(
                    f"{name} fee {rate}: give a fraction from 0 to 0.1 (0.001 is 0.1 %).",
                    field=name,
                )
            parts_of(rate)

    @property
    def maker_parts(self) -> int:
        """Return the maker fee in parts per 10**9."""
        return parts_of(self.maker)

    @property
    def taker_parts(self) -> int:
        """Return the taker fee in parts per 10**9."""
        return parts_of(self.taker)


def _schedule(maker: str, taker: str) -> FeeSchedule:
    return FeeSchedule(Decimal(maker), Decimal(taker))


FEE_PRESETS: Mapping[str, FeeSchedule] = MappingProxyType(
    {
        "binance": _schedule("0.001", "0.001"),
        "binanceusdm": _schedule("0.0002", "0.0005"),
        "bitfinex": _schedule("0.001", "0.002"),
        "bybit": _schedule("0.001", "0.001"),
        "coinbase": _schedule("0.006", "0.012"),
        "file": _schedule("0.001", "0.001"),
        "kraken": _schedule("0.0025", "0.004"),
        "kucoin": _schedule("0.001", "0.001"),
        "okx": _schedule("0.0008", "0.001"),
        "replay": _schedule("0.001", "0.001"),
    }
)
"""Base-tier fees that the venues publish; an account's own tier is a setting."""


@dataclass(frozen=True)
class Instrument:
    """One thing that is traded at one venue.

    Parameters
    ----------
    venue, symbol : str
        As in "binance" and "BTCUSDT"; together the ``key``.
    base, quote : str
        What is bought and what it is paid with.
    tick : Decimal
        Distance of two neighbouring prices, in quote per base.
    step : Decimal
        Distance of two neighbouring quantities, in base.
    min_notional : Decimal
        Least value of an order, in quote.
    fees : FeeSchedule
    kind : {"spot", "perpetual"}
    max_leverage : Decimal
        1 to 200; a spot instrument has 1.
    maintenance_rate : Decimal
        Share of the notional below which a leveraged position is liquidated; 0 to below 1.
    funding_interval_ms : int or None
        Time between two funding payments of a perpetual, milliseconds.

    Raises
    ------
    Invalid
        If no such instrument can exist; the message repeats the value and the range.

    Examples
    --------
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal("5"), FEE_PRESETS["binance"])
    >>> btc.key, btc.ticks_of("67745.75"), btc.price_of(6774575)
    ('binance:BTCUSDT', 6774575, Decimal('67745.75'))
    >>> unit_value(btc, Currency("USDT"))
    10
    """

    venue: str
    symbol: str
    base: str
    quote: str
    tick: Decimal
    step: Decimal
    min_notional: Decimal
    fees: FeeSchedule
    kind: Kind = "spot"
    max_leverage: Decimal = field(default=Decimal(1))
    maintenance_rate: Decimal = field(default=Decimal(0))
    funding_interval_ms: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be traded."""
        if not self.venue or not self.symbol or ":" in self.venue:
            raise Invalid(
                f"venue={self.venue!r}, symbol={self.symbol!r}: both are needed, and a venue has "
                "no colon.",
                field="symbol",
            )
        if self.kind not in ("spot", "perpetual"):
            raise Invalid(f"kind={self.kind!r}: give spot or perpetual.", field="kind")
        for name in ("tick", "step"):
            if decimal_of(getattr(self, name), name) <= 0:
                raise Invalid(f"{name}={getattr(self, name)}: must be above 0.", field=name)
        _within(self, "min_notional", Decimal(0), Decimal(10) ** 9)
        _within(self, "max_leverage", Decimal(1), Decimal(1 if self.kind == "spot" else 200))
        _within(self, "maintenance_rate", Decimal(0), Decimal("0.5"))
        parts_of(self.maintenance_rate)
        if self.funding_interval_ms is not None and self.funding_interval_ms < 60_000:
            raise Invalid(
                f"funding_interval_ms={self.funding_interval_ms}: at least a minute (60000).",
                field="funding_interval_ms",
            )

    @property
    def key(self) -> str:
        """Return ``venue:symbol``, the name under which everything else knows it."""
        return f"{self.venue}:{self.symbol}"

    def ticks_of(self, price: Decimal | str) -> int:
        """Return a price as a count of ticks.

        Raises
        ------
        Invalid
            If the price is negative or not on the grid.
        AmountTooLarge
            If it does not fit into int64.
        """
        return _on_grid(decimal_of(price, "price"), self.tick, "price", self.symbol)

    def price_of(self, ticks: int) -> Decimal:
        """Return the exact price at ``ticks``."""
        return int(ticks) * self.tick

    def steps_of(self, quantity: Decimal | str) -> int:
        """Return a quantity as a count of steps.

        Raises
        ------
        Invalid
            If the quantity is negative or not on the grid.
        AmountTooLarge
            If it does not fit into int64.
        """
        return _on_grid(decimal_of(quantity, "quantity"), self.step, "quantity", self.symbol)

    def quantity_of(self, steps: int) -> Decimal:
        """Return the exact quantity of ``steps``."""
        return int(steps) * self.step

    def steps_within(self, quantity: Decimal | str) -> int:
        """Return how many whole steps fit into ``quantity``."""
        wanted = decimal_of(quantity, "quantity")
        return fitting(int((wanted / self.step).to_integral_value(ROUND_FLOOR)))


def _within(instrument: Instrument, name: str, low: Decimal, high: Decimal) -> None:
    value = decimal_of(getattr(instrument, name), name)
    if not low <= value <= high:
        raise Invalid(
            f"{name}={value} of {instrument.symbol} ({instrument.kind}): give {low} to {high}.",
            field=name,
        )


def _on_grid(value: Decimal, grid: Decimal, what: str, symbol: str) -> int:
    if value < 0:
        raise Invalid(f"{what} {value} of {symbol} is negative.", field=what)
    count = value / grid
    if count != count.to_integral_value() or int(count) * grid != value:
        raise Invalid(
            f"{what} {value} of {symbol} is not on its grid of {grid}; round it first.", field=what
        )
    return fitting(int(count))


def unit_value(instrument: Instrument, currency: Currency) -> int:
    """Return the units of money that one step is worth at one tick.

    Parameters
    ----------
    instrument : Instrument
    currency : Currency
        The account's.

    Returns
    -------
    int
        ``tick * step * 10**decimals``, at least 1.

    Raises
    ------
    Invalid
        If that is not a whole number: the account counts too coarsely for this instrument.
    """
    exact = (instrument.tick * instrument.step).scaleb(currency.decimals)
    if exact < 1 or exact != exact.to_integral_value():
        raise Invalid(
            f"{instrument.symbol} has a tick of {instrument.tick} and a step of {instrument.step}; "
            f"an account in {currency.code} with {currency.decimals} decimals cannot count that "
            "exactly. Use more decimals or a coarser step.",
            field="instrument",
        )
    return fitting(int(exact))


def account_currency(instrument: Instrument) -> Currency:
    """Return the coarsest currency of at least 8 decimals that counts this instrument exactly.

    Raises
    ------
    Invalid
        If even 12 decimals do not.

    Examples
    --------
    >>> penny = Instrument("file", "XUSDT", "X", "USDT", Decimal("0.000001"), Decimal("0.001"),
    ...                    Decimal(0), FEE_PRESETS["file"])
    >>> account_currency(penny).decimals
    9
    """
    value = instrument.tick * instrument.step
    for decimals in range(8, 13):
        exact = value.scaleb(decimals)
        if exact >= 1 and exact == exact.to_integral_value():
            return Currency(instrument.quote, decimals)
    raise Invalid(
        f"{instrument.symbol} has a tick of {instrument.tick} and a step of {instrument.step}: "
        "too fine to be counted in 12 decimals. Use a coarser step.",
        field="instrument",
    )


class PricedArrays(Protocol):
    """Anything with the five columns of candles, each a float64 array (bar,)."""

    @property
    def open(self) -> NDArray[np.float64]:
        """Return opening prices."""
        ...

    @property
    def high(self) -> NDArray[np.float64]:
        """Return highest prices."""
        ...

    @property
    def low(self) -> NDArray[np.float64]:
        """Return lowest prices."""
        ...

    @property
    def close(self) -> NDArray[np.float64]:
        """Return closing prices."""
        ...

    @property
    def volume(self) -> NDArray[np.float64]:
        """Return traded quantities."""
        ...


def traded_as(instrument: Instrument, kind: Kind) -> Instrument:
    """Return the instrument as spot, or as a perpetual of the same prices, grid and fees.

    A perpetual can be sold short and has leverage up to 20 with a maintenance rate of 0.5 %; it
    has funding only where a feed tells it.

    Raises
    ------
    Invalid
        If a perpetual is asked for as spot: its venue lends nothing else.

    Examples
    --------
    >>> btc = Instrument("file", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal(0), FEE_PRESETS["file"])
    >>> traded_as(btc, "perpetual").max_leverage
    Decimal('20')
    """
    if kind == instrument.kind:
        return instrument
    if kind == "spot":
        raise Invalid(f"{instrument.symbol} is a perpetual; it is not sold as spot.", field="kind")
    return replace(
        instrument, kind=kind, max_leverage=_PAPER_LEVERAGE, maintenance_rate=_PAPER_MAINTENANCE
    )


def inferred_instrument(
    symbol: str,
    candles: PricedArrays,
    venue: str = "file",
    fees: FeeSchedule | None = None,
    kind: Kind = "spot",
) -> Instrument:
    """Return the instrument that a file of candles speaks of, its grid read from the decimals.

    Parameters
    ----------
    symbol : str
        As in "BTCUSDT"; base and quote are taken from it.
    candles : PricedArrays
        float64 arrays (bar,); anything with open, high, low, close and volume.
    venue : str
        Also names the fee preset.
    fees : FeeSchedule, optional
        Instead of the preset.
    kind : {"spot", "perpetual"}
        As `traded_as`.

    Raises
    ------
    Invalid
        If there is no bar, or a value that is not finite.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> prices = np.array([67745.75, 67768.0])
    >>> rows = SimpleNamespace(open=prices, high=prices, low=prices, close=prices,
    ...                        volume=np.array([26.98425, 26.43686]))
    >>> found = inferred_instrument("BTCUSDT", rows)
    >>> found.tick, found.step, found.base, found.quote
    (Decimal('0.01'), Decimal('0.00001'), 'BTC', 'USDT')
    """
    prices = np.concatenate((candles.open, candles.high, candles.low, candles.close))
    base, quote = split_symbol(symbol)
    tick = grid_of(prices, "price")
    found = Instrument(
        venue=venue,
        symbol=symbol,
        base=base,
        quote=quote,
        tick=tick,
        step=step_of(np.asarray(candles.volume), prices, tick),
        min_notional=Decimal(0),
        fees=fees or FEE_PRESETS.get(venue, FEE_PRESETS["file"]),
    )
    return traded_as(found, kind)


def split_symbol(symbol: str) -> tuple[str, str]:
    """Return base and quote of a symbol as venues write it.

    Examples
    --------
    >>> split_symbol("BTCUSDT"), split_symbol("ETH/EUR"), split_symbol("SOL-PERP")
    (('BTC', 'USDT'), ('ETH', 'EUR'), ('SOL', 'PERP'))
    """
    for separator in ("/", "-", "_"):
        if separator in symbol:
            base, _, quote = symbol.partition(separator)
            return base, quote.partition(":")[0]
    for quote in _QUOTES:
        if symbol.endswith(quote) and len(symbol) > len(quote):
            return symbol[: -len(quote)], quote
    return symbol, "USD"
