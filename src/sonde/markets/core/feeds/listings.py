"""What an exchange lists, as instruments: its own tick, step, least order and fees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from sonde.markets.core.instruments import FEE_PRESETS, FeeSchedule, Instrument
from sonde.platform.core.errors import Invalid

# ccxt's names for how an exchange states its precision.
_DECIMAL_PLACES, _TICK_SIZE = 2, 4
_EIGHT_HOURS_MS: Final = 8 * 3_600_000


@dataclass(frozen=True)
class Listing:
    """One market of an exchange.

    Parameters
    ----------
    instrument : Instrument
    unified : str
        ccxt's name, such as ``"BTC/USDT"``.
    contract : Decimal
        Base per contract; 1 on spot.
    """

    instrument: Instrument
    unified: str
    contract: Decimal = Decimal(1)


def listings_of(
    venue: str, precision_mode: int, markets: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Listing], dict[str, str]]:
    """Return what can be traded by symbol, and why the rest cannot.

    Parameters
    ----------
    venue : str
    precision_mode : int
        ccxt's constant: 2 for decimals, 4 for the size of a tick.
    markets : iterable of mapping
        As ccxt's ``load_markets`` gives them.
    """
    found: dict[str, Listing] = {}
    left_out: dict[str, str] = {}
    for market in sorted(markets, key=lambda one: not one.get("spot")):
        unified = str(market.get("symbol"))
        try:
            listing = _listing(venue, precision_mode, market)
        except (Invalid, ArithmeticError, TypeError, ValueError, KeyError) as error:
            left_out[unified] = str(error) or type(error).__name__
            continue
        if listing.instrument.symbol in found and not market.get("spot"):
            listing = _renamed(listing)
        if listing.instrument.symbol in found:
            left_out[unified] = f"{listing.instrument.symbol} is the name of another market too."
            continue
        found[listing.instrument.symbol] = listing
    return found, left_out


def _renamed(listing: Listing) -> Listing:
    """Return a perpetual whose spot market has taken its name."""
    symbol = f"{listing.instrument.symbol}-PERP"
    return replace(listing, instrument=replace(listing.instrument, symbol=symbol))


def _listing(venue: str, mode: int, market: Mapping[str, Any]) -> Listing:
    if market.get("active") is False:
        raise Invalid("It is not traded at present.")
    is_spot = bool(market.get("spot"))
    if not is_spot and not (market.get("swap") and market.get("linear")):
        raise Invalid("Only spot and linear perpetuals can be traded here.")
    contract = Decimal(1) if is_spot else exact(market.get("contractSize") or 1)
    precision = market["precision"]
    leverage = ((market.get("limits") or {}).get("leverage") or {}).get("max")
    instrument = Instrument(
        venue=venue,
        symbol=f"{market['base']}{market['quote']}",
        base=str(market["base"]),
        quote=str(market["quote"]),
        tick=_grid(precision["price"], mode),
        step=_grid(precision["amount"], mode) * contract,
        min_notional=exact(((market.get("limits") or {}).get("cost") or {}).get("min") or 0),
        fees=_fees(venue, market),
        kind="spot" if is_spot else "perpetual",
        max_leverage=Decimal(1) if is_spot else min(exact(leverage or 20), Decimal(200)),
        maintenance_rate=Decimal(0) if is_spot else Decimal("0.005"),
        funding_interval_ms=None if is_spot else _EIGHT_HOURS_MS,
    )
    return Listing(instrument, str(market["symbol"]), contract)


def _fees(venue: str, market: Mapping[str, Any]) -> FeeSchedule:
    maker, taker = market.get("maker"), market.get("taker")
    if maker is None or taker is None:
        return FEE_PRESETS.get(venue, FEE_PRESETS["file"])
    return FeeSchedule(max(exact(maker), Decimal(0)), exact(taker))


def _grid(value: Any, mode: int) -> Decimal:
    if value is None:
        raise Invalid("The exchange states no grid.")
    if mode == _TICK_SIZE:
        return exact(value)
    if mode == _DECIMAL_PLACES:
        return Decimal(1).scaleb(-int(value))
    raise Invalid("The exchange states significant digits, which are no grid.")


def exact(value: Any) -> Decimal:
    """Return the decimal that a number was written as.

    ccxt reads the exchange's text into float64; the shortest text of that float is the
    exchange's own up to 15 digits.

    Examples
    --------
    >>> exact(1e-05), exact("67745.75"), exact(0.1)
    (Decimal('0.00001'), Decimal('67745.75'), Decimal('0.1'))
    """
    found = Decimal(repr(value) if isinstance(value, float) else str(value))
    if not found.is_finite():
        raise Invalid(f"{value!r} is not a number.")
    return Decimal(f"{found:f}")
