"""A strategy whose every answer is costly, asked once about each of its settings."""

from typing import TYPE_CHECKING

from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.decisions import Decisions

if TYPE_CHECKING:
    from sonde.markets.core.candles import Candles
    from sonde.markets.core.strategies.loading import OwnStrategy


class RememberingStrategy:
    """A strategy of one's own that keeps its warm-up; decisions are asked for anew every time.

    Parameters
    ----------
    strategy : OwnStrategy
        Its question for the warm-up also checks the settings.
    name : str
        Under which runs are tied to it: ``mine@2`` for the second version of ``mine``.
    """

    def __init__(self, strategy: "OwnStrategy", name: str) -> None:
        self.name = name
        self.title, self.words = strategy.title, strategy.words
        self.parameters: tuple[Parameter, ...] = strategy.parameters
        self._strategy = strategy
        self._rows: dict[str, int] = {}

    def check(self, settings: Settings) -> None:
        """Refuse settings that do not go together; raises Invalid."""
        self.warm_up(settings)

    def warm_up(self, settings: Settings) -> int:
        """Return how many leading rows cannot be trusted yet; raises Invalid."""
        key = repr(sorted(settings.items()))
        if key not in self._rows:
            self._rows[key] = self._strategy.warm_up(settings)
        return self._rows[key]

    def decide(self, candles: "Candles", settings: Settings) -> Decisions:
        """Return what it wants at every bar; raises Invalid."""
        return self._strategy.decide(candles, settings)
