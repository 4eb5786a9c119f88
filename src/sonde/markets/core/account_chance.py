"""Whether an account's result could be luck, and what its trades could have done to it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.metrics.figure import Figure, missing
from sonde.markets.core.backtesting.monte_carlo import MonteCarlo, monte_carlo
from sonde.markets.core.backtesting.significance import bootstrap_p_value, t_test

_STEPS: Final = 500_000
_MOST, _FEWEST = 1000, 100


@dataclass(frozen=True, eq=False)
class Chance:
    """How results would be if there were nothing to them.

    Parameters
    ----------
    t_test, bootstrap : Figure
        One-sided p-values of a mean result of trades above 0.
    redrawn : MonteCarlo, optional
        The account through trades drawn again; None under two trades.
    """

    t_test: Figure
    bootstrap: Figure
    redrawn: MonteCarlo | None

    def fall(self, percentile: int) -> Figure:
        """Return a percentile of the deepest fall, as a positive fraction."""
        if self.redrawn is None:
            return missing("needs 2 trades")
        at = self.redrawn.percentiles.index(percentile)
        return Figure(float(self.redrawn.max_drawdown[at]))


def chance(net: NDArray[np.float64], start: float, seed: int = 0) -> Chance:
    """Return how sure the results of trades are.

    Parameters
    ----------
    net : ndarray of float64, shape (trade,)
        Results after all costs, in order of exit.
    start : float
        Money before the first trade; above 0.
    seed : int
        The same seed says the same twice.

    Returns
    -------
    Chance

    Examples
    --------
    >>> found = chance(np.array([10.0, -5.0, 3.0, 4.0]), 100.0)
    >>> round(found.t_test.value, 4), found.redrawn.draws
    (0.2011, 1000)
    >>> chance(np.array([1.0]), 100.0).fall(50).reason
    'needs 2 trades'
    """
    redrawn = None
    if net.size > 1:
        draws = max(_FEWEST, min(_MOST, _STEPS // int(net.size)))
        redrawn = monte_carlo(net, start, "resample", draws, np.random.default_rng(seed))
    drawn = Bootstrap(seed, max(_FEWEST, min(_MOST, _STEPS // max(1, int(net.size)))))
    return Chance(t_test(net), bootstrap_p_value(net, drawn), redrawn)
