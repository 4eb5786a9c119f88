"""What a strategy is, and the one door through which it is asked."""

from typing import TYPE_CHECKING, Protocol

from sonde.markets.core.parameters import Parameter, Settings, accepted
from sonde.markets.core.strategies.decisions import Decisions
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sonde.markets.core.candles import Candles


class Strategy(Protocol):
    """A rule that looks at candles and says when to be in the market.

    Attributes
    ----------
    name : str
        Lower case with hyphens: ``sma-cross``.
    title : str
        For people.
    words : str
        What it does, in a sentence or two.
    parameters : tuple of Parameter
    """

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...

    def check(self, settings: Settings) -> None:
        """Refuse settings that do not go together; raises Invalid."""
        ...

    def warm_up(self, settings: Settings) -> int:
        """Return how many leading rows cannot be trusted yet.

        From this row on, the decisions no longer depend on where the candles begin.
        """
        ...

    def decide(self, candles: "Candles", settings: Settings) -> Decisions:
        """Return what it wants at every bar; row k must use bars 0..k only."""
        ...


def settings_for(strategy: Strategy, given: "Mapping[str, object]") -> Settings:
    """Return full settings for `strategy`: `given`, checked, and its defaults.

    Parameters
    ----------
    strategy : Strategy
    given : mapping of str to object

    Raises
    ------
    Invalid
        If a name or value is refused, or the values do not go together.
    """
    settings = accepted(strategy.parameters, given)
    strategy.check(settings)
    return settings


def decided(strategy: Strategy, candles: "Candles", given: "Mapping[str, object]") -> Decisions:
    """Return what `strategy` wants on `candles`, silent while it warms up.

    Parameters
    ----------
    strategy : Strategy
    candles : Candles
    given : mapping of str to object
        Settings; what is missing takes its default.

    Returns
    -------
    Decisions
        One row per candle; the first ``strategy.warm_up(settings)`` rows hold no wish.

    Raises
    ------
    Invalid
        If the settings are refused, or the strategy answers with another number of rows.
    """
    settings = settings_for(strategy, given)
    decisions = strategy.decide(candles, settings)
    if decisions.n != candles.n:
        raise Invalid(
            f"Strategy {strategy.name} answered with {decisions.n} rows for {candles.n} candles.",
            field="strategy",
        )
    return decisions.silent_before(strategy.warm_up(settings))
