"""Monte Carlo: what other orders and other draws of the same trades would have done."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.monte_carlo import MonteCarlo, monte_carlo
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.core.backtesting.thinning import kept_positions
from sonde.markets.services.backtests.single import headline, run_and_measure, totals_of
from sonde.markets.services.backtests.study import Answer, Material, OneSetting, Watch
from sonde.platform.core.errors import Invalid

_MOST_DRAWS = 100_000
_BAND_POINTS = 500
METHODS: tuple[Literal["shuffle", "resample"], ...] = ("shuffle", "resample")


class MonteCarloStudy(OneSetting):
    """The backtest is run, and its trades are shuffled and drawn again."""

    name = "monte-carlo"
    title = STUDY_TITLES[name]
    takes_several = True

    def accept(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Check how often to draw; raises Invalid."""
        draws, seed = int(given.get("draws") or 1000), int(given.get("seed") or 0)
        if not 10 <= draws <= _MOST_DRAWS:
            raise Invalid(f"draws={draws}: give 10 to {_MOST_DRAWS}.", field="draws")
        return {"draws": draws, "seed": seed}

    def compute(self, material: Material, params: Mapping[str, Any], watch: Watch) -> Answer:
        """Run, then draw."""
        done, report = run_and_measure(material, watch)
        net = done.trades.net_units / 10.0**done.currency.decimals
        result: dict[str, Any] = totals_of(done)
        arrays = {}
        for place, method in enumerate(METHODS):
            watch.told(0.75 + 0.1 * place, f"Drawing {params['draws']:,} times")
            generator = np.random.default_rng((params["seed"], place))
            found = monte_carlo(net, float(done.start), method, params["draws"], generator)
            arrays[f"bands_{method}"] = found.bands
            result[method] = drawn_document(found)
        deepest = result["resample"]["max_drawdown"]
        return Answer({**headline(done, report), "max_drawdown_p95": deepest[4]}, result, arrays)


def drawn_document(found: MonteCarlo) -> dict[str, Any]:
    """Return redrawn trades as plain values; their bands thinned for a chart."""
    told: dict[str, Any] = document(found)
    kept = kept_positions((found.bands[0] * 1e6).astype(np.int64), _BAND_POINTS)
    told["bands"] = document(found.bands[:, kept])
    told["band_trades"] = (kept + 1).tolist()
    return told
