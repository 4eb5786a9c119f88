"""The studies that can be asked for."""

from collections.abc import Mapping
from typing import Final

from sonde.markets.services.backtests.look_ahead import LookAheadStudy
from sonde.markets.services.backtests.monte_carlos import MonteCarloStudy
from sonde.markets.services.backtests.recursive import RecursiveStudy
from sonde.markets.services.backtests.single import Single
from sonde.markets.services.backtests.study import Study
from sonde.markets.services.backtests.sweeps import ParameterSweep
from sonde.markets.services.backtests.walk_forwards import WalkForwardStudy
from sonde.platform.core.errors import Invalid

STUDIES: Final[Mapping[str, Study]] = {
    "backtest": Single(),
    "sweep": ParameterSweep(),
    "walk-forward": WalkForwardStudy(),
    "look-ahead": LookAheadStudy(),
    "recursive": RecursiveStudy(),
    "monte-carlo": MonteCarloStudy(),
}


def study_named(name: str) -> Study:
    """Return a study; raises Invalid, which names those that there are."""
    if name not in STUDIES:
        raise Invalid(f"There is no {name!r:.80}; there is: {', '.join(STUDIES)}.", field="kind")
    return STUDIES[name]
