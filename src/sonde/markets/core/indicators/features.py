"""The 23 features together: over all candles at once, or bar by bar."""

from collections.abc import Iterator, Mapping
from typing import Any

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.catalogue import FEATURES, INDICATORS
from sonde.markets.core.indicators.indicator import Floats
from sonde.markets.core.indicators.running import Bar


def _used() -> Iterator[str]:
    """Yield every indicator that a feature needs, once."""
    yield from dict.fromkeys(indicator for indicator, _ in FEATURES.values())


def feature_columns(candles: Candles) -> dict[str, Floats]:
    """Return the 23 features with their usual settings, by name.

    Parameters
    ----------
    candles : Candles

    Returns
    -------
    dict of str to ndarray of float, shape (bar,)
        NaN where a feature is not defined (yet); row k knows bars 0..k only.
    """
    batches = {name: INDICATORS[name].batch(candles, {}) for name in _used()}
    return {feature: batches[name][output] for feature, (name, output) in FEATURES.items()}


class RunningFeatures:
    """The 23 features, bar by bar."""

    def __init__(self) -> None:
        self._running = {name: INDICATORS[name].start({}) for name in _used()}
        places = list(self._running)
        self._places = [
            (feature, places.index(name), INDICATORS[name].outputs.index(output))
            for feature, (name, output) in FEATURES.items()
        ]

    def update(self, bar: Bar) -> dict[str, float]:
        """Take in the next closed bar; return the features at its close, by name."""
        values = [each.update(bar) for each in self._running.values()]
        return {feature: values[place][output] for feature, place, output in self._places}

    def state(self) -> dict[str, Any]:
        """Return everything that is remembered, ready for JSON."""
        return {name: each.state() for name, each in self._running.items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was taken; raises Invalid if it is the state of something else."""
        for name, each in self._running.items():
            each.restore(state.get(name, {"": None}))
