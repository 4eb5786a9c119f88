"""Eight strategies, each with one way to know the future, and honest ones beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.strategies.decisions import Decisions
from sonde.markets.core.timeframes import Timeframe

HOUR_MS = 3_600_000
Decide = Callable[[Candles], Decisions]


@dataclass(frozen=True)
class Planted:
    """A strategy made of one function."""

    name: str
    rule: Decide
    needs: int = 20
    title: str = "planted"
    words: str = "A strategy of the tests."
    parameters: tuple = ()

    def check(self, settings) -> None:
        """Accept everything."""

    def warm_up(self, settings) -> int:
        """Return the stated warm-up."""
        return self.needs

    def decide(self, candles, settings) -> Decisions:
        """Ask the function."""
        return self.rule(candles)


def random_walk(n: int, seed: int = 1) -> Candles:
    """Return hours of a random walk on a grid of cents."""
    generator = np.random.default_rng(seed)
    close = np.round(100 * np.exp(np.cumsum(generator.normal(0, 0.01, n))), 2)
    opened = np.concatenate(([100.0], close[:-1]))
    high = np.round(np.maximum(opened, close) * (1 + generator.uniform(0, 0.004, n)), 2)
    low = np.round(np.minimum(opened, close) * (1 - generator.uniform(0, 0.004, n)), 2)
    high, low = (
        np.maximum(high, np.maximum(opened, close)),
        np.minimum(low, np.minimum(opened, close)),
    )
    return Candles(
        Instrument(
            "test",
            "XUSDT",
            "X",
            "USDT",
            Decimal("0.01"),
            Decimal("0.001"),
            Decimal(0),
            FEE_PRESETS["file"],
        ),
        Timeframe("1h"),
        1_700_006_400_000 + HOUR_MS * np.arange(n),
        opened,
        high,
        low,
        close,
        np.round(generator.uniform(50, 500, n), 3),
        Provenance("test", "file", "walk", "", 0),
    )


def mean_of(values: np.ndarray, n: int) -> np.ndarray:
    """Return the mean of the last n values; NaN before there are n."""
    out = np.full(values.size, np.nan)
    if values.size >= n:
        out[n - 1 :] = np.convolve(values, np.ones(n) / n, "valid")
    return out


def crossing(over: np.ndarray, **columns) -> Decisions:
    """Enter where a condition begins, exit where it ends."""
    before = np.concatenate(([False], over[:-1]))
    return Decisions.of(over.size, enter_long=over & ~before, exit_long=~over & before, **columns)


def honest_cross(candles: Candles) -> Decisions:
    """Two moving averages."""
    fast, slow = mean_of(candles.close, 5), mean_of(candles.close, 20)
    return crossing(fast > slow, indicators={"fast": fast, "slow": slow})


def honest_stop(candles: Candles) -> Decisions:
    """The same with a stop below the lows that were."""
    lows = np.array([candles.low[max(0, k - 4) : k + 1].min() for k in range(candles.n)])
    return crossing(candles.close > mean_of(candles.close, 20), stop_price=lows)


def honest_expanding_score(candles: Candles) -> Decisions:
    """A score by what was known so far."""
    count = np.arange(1, candles.n + 1)
    mean = np.cumsum(candles.close) / count
    spread = np.sqrt(np.maximum(np.cumsum(candles.close**2) / count - mean**2, 1e-12))
    return crossing((candles.close - mean) / spread > 0.5)


def shift_of_minus_one(candles: Candles) -> Decisions:
    """Compare with the next close."""
    ahead = np.append(candles.close[1:], np.nan)
    return crossing(ahead > candles.close)


def centred_mean(candles: Candles) -> Decisions:
    """A mean with the bar in its middle."""
    mean = np.full(candles.n, np.nan)
    if candles.n >= 11:
        mean[5:-5] = np.convolve(candles.close, np.ones(11) / 11, "valid")
    return crossing(candles.close > mean, indicators={"centred": mean})


def scaler_on_all_data(candles: Candles) -> Decisions:
    """A score by mean and deviation of the whole file."""
    return crossing((candles.close - candles.close.mean()) / (candles.close.std() + 1e-12) > 0.5)


def back_fill(candles: Candles) -> Decisions:
    """Missing values of the beginning are taken from the first later one."""
    mean = mean_of(candles.close, 20)
    known = np.flatnonzero(np.isfinite(mean))
    if known.size:
        mean[: known[0]] = mean[known[0]]
    return crossing(candles.close > mean)


def left_labelled_resample(candles: Candles) -> Decisions:
    """Four hours' close, known from the first of the four hours."""
    bucket = candles.open_time_ms // (4 * HOUR_MS)
    last = np.searchsorted(bucket, bucket, side="right") - 1
    coarse = candles.close[last]
    return crossing(coarse > candles.open)


def future_stop(candles: Candles) -> Decisions:
    """A stop just below the lows to come."""
    stop = np.array([candles.low[k : k + 6].min() for k in range(candles.n)]) * 0.999
    return crossing(candles.close > mean_of(candles.close, 20), stop_price=stop)


def target_among_features(candles: Candles) -> Decisions:
    """A regression whose second feature is what it is to predict."""
    change = np.append(np.diff(np.log(candles.close)), 0.0)
    features = np.column_stack((np.ones(candles.n), np.roll(change, 1), change))
    weights = np.linalg.lstsq(features, change, rcond=None)[0]
    return crossing(features @ weights > 0.002)


def repainting(candles: Candles) -> Decisions:
    """A low is marked at its own bar, though only later bars show that it was one."""
    low = np.zeros(candles.n, dtype=bool)
    for k in range(3, candles.n - 3):
        low[k] = candles.low[k] == candles.low[k - 3 : k + 4].min()
    return Decisions.of(candles.n, enter_long=low, exit_long=np.roll(low, 5) & ~low)


PLANTED = {
    "shift(-1)": shift_of_minus_one,
    "centred mean": centred_mean,
    "scaler on all data": scaler_on_all_data,
    "back-fill": back_fill,
    "left-labelled resample": left_labelled_resample,
    "future stop": future_stop,
    "target among features": target_among_features,
    "repainting": repainting,
}
HONEST = {
    "moving averages": honest_cross,
    "stop below past lows": honest_stop,
    "expanding score": honest_expanding_score,
}
