"""Simulated markets: prices to learn and try the product with, before there are own ones."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FeeSchedule, Instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

VENUE: Final = "simulated"
MINUTE: Final = Timeframe("1m")
_DAY_MIN: Final = 1440
_STEPS: Final = 6  # looks within a minute: high and low are those of the path
_DECIMALS: Final = 2
_VOLUME_DECIMALS: Final = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SimulatedMarket:
    """What prices of a market that does not exist do.

    Parameters
    ----------
    symbol : str
        Such as ``"CALMUSDT"``.
    seed : int
        The same seed makes the same prices.
    first_price : float
        In quote currency.
    volatility : float
        Standard deviation of a day's logarithmic return, such as 0.02.
    trend : float
        Standard deviation of the drift of a day; each drift lasts about half a day.
    volume : float
        Median of a minute's traded quantity, in base currency.

    Raises
    ------
    Invalid
        If a figure is not above 0.
    """

    symbol: str
    seed: int
    first_price: float
    volatility: float
    trend: float
    volume: float

    def __post_init__(self) -> None:
        """Refuse a market without movement."""
        for name in ("first_price", "volatility", "trend", "volume"):
            if not getattr(self, name) > 0:
                raise Invalid(f"{name} of a simulated market is above 0.", field=name)

    @property
    def instrument(self) -> Instrument:
        """A perpetual, so that it can be held long and short and with leverage."""
        return Instrument(
            venue=VENUE,
            symbol=self.symbol,
            base=self.symbol.removesuffix("USDT"),
            quote="USDT",
            tick=Decimal(1).scaleb(-_DECIMALS),
            step=Decimal(1).scaleb(-_VOLUME_DECIMALS),
            min_notional=Decimal(5),
            fees=FeeSchedule(Decimal("0.0002"), Decimal("0.0005")),
            kind="perpetual",
            max_leverage=Decimal(20),
            maintenance_rate=Decimal("0.005"),
            funding_interval_ms=8 * 3_600_000,
        )


CALM: Final = SimulatedMarket("CALMUSDT", 20, 100.0, 0.012, 0.012, 900.0)
WILD: Final = SimulatedMarket("WILDUSDT", 21, 2_500.0, 0.045, 0.05, 60.0)
MARKETS: Final = (CALM, WILD)


def simulated_candles(market: SimulatedMarket, first_ms: int, n_days: int) -> Candles:
    """Return candles of a minute that follow a declared model, and no market.

    Logarithmic returns are Student's t of five degrees of freedom, scaled by a volatility whose
    logarithm is an autoregression of first order with a half-life of six hours (Taylor's
    stochastic volatility model, "Modelling Financial Time Series", 1986) and by the hour of the
    day, on drifts that change at random times. Volume grows with the size of the move.

    Parameters
    ----------
    market : SimulatedMarket
    first_ms : int
        Open of the first bar, milliseconds UTC, on a whole day.
    n_days : int
        1 to 366.

    Returns
    -------
    Candles
        ``n_days * 1440`` bars of ``1m``; each opens at the close before it.

    Raises
    ------
    Invalid
        If the number of days is out of range or the beginning is not on a whole day.

    Examples
    --------
    >>> day = simulated_candles(CALM, 1_767_225_600_000, 1)
    >>> day.n, day.instrument.key, float(day.open[0])
    (1440, 'simulated:CALMUSDT', 100.0)
    """
    if not 1 <= n_days <= 366:
        raise Invalid("Simulate 1 to 366 days.", field="n_days")
    if first_ms % (_DAY_MIN * MINUTE.ms):
        raise Invalid("A simulation begins with a day (UTC).", field="first_ms")
    rng = np.random.default_rng(market.seed)
    n = n_days * _DAY_MIN
    spread = _volatility(rng, market, n)
    shocks = rng.standard_t(5, (n, _STEPS)) * np.sqrt(3 / 5 / _STEPS) * spread[:, None]
    shocks += (_drift(rng, market, n) / _STEPS)[:, None]
    path = np.log(market.first_price) + np.cumsum(shocks).reshape(n, _STEPS)
    prices = np.maximum(np.round(np.exp(path), _DECIMALS), 10.0**-_DECIMALS)
    opened = np.concatenate(([round(market.first_price, _DECIMALS)], prices[:-1, -1]))
    size = np.abs(shocks.sum(axis=1)) / spread
    volume = market.volume * spread / spread.mean() * np.exp(0.5 * size + 0.4 * rng.normal(size=n))
    return Candles(
        market.instrument,
        MINUTE,
        first_ms + MINUTE.ms * np.arange(n, dtype=np.int64),
        open=opened,
        high=np.maximum(opened, prices.max(axis=1)),
        low=np.minimum(opened, prices.min(axis=1)),
        close=prices[:, -1],
        volume=np.round(volume, _VOLUME_DECIMALS),
        source=Provenance(VENUE, "file", f"simulated, seed {market.seed}", "", first_ms),
    )


def _volatility(rng: np.random.Generator, market: SimulatedMarket, n: int) -> Floats:
    """Return the standard deviation of each minute's return."""
    keep = 0.5 ** (1 / 360)
    wander = scipy.signal.lfilter(
        [1.0], [1.0, -keep], rng.normal(size=n) * 0.5 * np.sqrt(1 - keep**2)
    )
    hour = 2 * np.pi * np.arange(n) / _DAY_MIN
    busy = 1 + 0.4 * np.sin(hour - np.pi / 2) + 0.2 * np.sin(2 * hour)
    mean_square = 1 + (0.4**2 + 0.2**2) / 2  # of busy; that of exp(wander) is exp(2 * 0.5**2)
    level = market.volatility / np.sqrt(_DAY_MIN * mean_square)
    return np.asarray(level * busy * np.exp(wander - 0.5**2))


def _drift(rng: np.random.Generator, market: SimulatedMarket, n: int) -> Floats:
    """Return the mean of each minute's return: one drift for a random time, then another."""
    changes = rng.random(n) < 1 / (_DAY_MIN / 2)
    drifts = rng.normal(size=int(changes.sum()) + 1) * market.trend / _DAY_MIN
    return np.asarray(drifts[np.cumsum(changes)])
