"""One member of the family of indicators."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import Candles
from sonde.markets.core.indicators.running import Bar, Incremental
from sonde.markets.core.parameters import Parameter, Settings, accepted
from sonde.platform.core.errors import Invalid

Floats = NDArray[np.float64]


def _no_rule(settings: Settings) -> None:
    """Accept settings that each lie in their own range."""


@dataclass(frozen=True)
class Indicator:
    """What an indicator is called, how it is computed, and where its formula comes from.

    Parameters
    ----------
    name, title, words : str
    source : str
        Where the formula is published.
    outputs : tuple of str
        Names of the columns, unique over the family.
    parameters : tuple of Parameter
        Named as the keyword arguments of `compute` and `running`.
    inputs : tuple of str
        Columns of `Candles` that `compute` takes, in order.
    compute : callable
        Columns and settings to one array, or a tuple of as many as there are outputs.
    running : callable
        Settings to the bar-by-bar form.
    memory : callable
        Settings to the number of leading rows that still depend on where the candles begin
        (more than 1e-12 of the start's weight); None where that never ends.
    check : callable
        Refuses settings that do not go together.
    """

    name: str
    title: str
    words: str
    source: str
    outputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    inputs: tuple[str, ...]
    compute: Callable[..., Floats | tuple[Floats, ...]]
    running: Callable[..., Incremental]
    memory: Callable[[Settings], int | None]
    check: Callable[[Settings], None] = _no_rule

    def settings(self, given: Mapping[str, object]) -> Settings:
        """Return full, checked settings; raises Invalid."""
        settings = accepted(self.parameters, given)
        self.check(settings)
        return settings

    def batch(self, candles: Candles, given: Mapping[str, object]) -> dict[str, Floats]:
        """Return the columns over all candles; row k knows bars 0..k only.

        Parameters
        ----------
        candles : Candles
        given : mapping of str to object
            Settings; what is missing takes its default.

        Returns
        -------
        dict of str to ndarray of float, shape (bar,)
            By output; NaN where the value is not defined (yet).

        Raises
        ------
        Invalid
            If a setting is refused.
        """
        settings = self.settings(given)
        answer = self.compute(*(getattr(candles, name) for name in self.inputs), **settings)
        arrays = answer if isinstance(answer, tuple) else (answer,)
        return dict(zip(self.outputs, arrays, strict=True))

    def start(self, given: Mapping[str, object]) -> Incremental:
        """Return the bar-by-bar form at its beginning; raises Invalid."""
        return self.running(**self.settings(given))

    def warm_up(self, given: Mapping[str, object]) -> int | None:
        """Return how many leading rows depend on where the candles begin; None: all do."""
        return self.memory(self.settings(given))

    def resume(self, given: Mapping[str, object], state: Mapping[str, Any]) -> Incremental:
        """Return the bar-by-bar form as it was when `state` was taken.

        Raises
        ------
        Invalid
            If the settings are refused or the state is of another indicator.
        """
        running = self.start(given)
        running.restore(state)
        return running


def period_parameter(default: int, words: str, name: str = "period", low: int = 2) -> Parameter:
    """Return the setting of a number of bars.

    Examples
    --------
    >>> period_parameter(14, "Bars that are averaged.").default
    14
    """
    title = "Period" if name == "period" else f"{name.replace('_', ' ').capitalize()} period"
    return Parameter(name, title, "int", low, 1000, default, words)


def rising(*names: str) -> Callable[[Settings], None]:
    """Return a rule: the named settings must grow from one to the next.

    Examples
    --------
    >>> rising("fast", "slow")({"fast": 30, "slow": 20})
    Traceback (most recent call last):
    sonde.platform.core.errors.Invalid: fast must be below slow, not 30 and 20.
    """

    def rule(settings: Settings) -> None:
        for low, high in pairwise(names):
            if not float(settings[low]) < float(settings[high]):
                raise Invalid(
                    f"{low} must be below {high}, not {settings[low]} and {settings[high]}.",
                    field=low,
                )

    return rule


def candle_bars(candles: Candles) -> list[Bar]:
    """Return the candles as bars, in order of time."""
    names = ("open_time_ms", "open", "high", "low", "close", "volume")
    return [
        Bar(*row) for row in zip(*(getattr(candles, name).tolist() for name in names), strict=True)
    ]
