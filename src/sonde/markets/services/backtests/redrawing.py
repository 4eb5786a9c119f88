"""The trades of a finished backtest in other orders and drawn again, while a person waits."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sonde.markets.core.backtesting.archive import trades_from
from sonde.markets.core.backtesting.monte_carlo import monte_carlo
from sonde.markets.services.backtests.columns import arrays_of, require_bars
from sonde.markets.services.backtests.monte_carlos import METHODS, drawn_document
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

_DRAWS = 1000
_MOST_STEPS = 3_000_000
_FEWEST_DRAWS = 100


def redrawn(actor: Actor, backtest_id: str) -> Mapping[str, Any]:
    """Return what a thousand other orders and draws of a backtest's trades would have done.

    Long lists are drawn fewer times. Raises NotFound, Conflict while there is no result, Invalid
    for fewer than two trades or so many that a job has to do it.
    """
    row, arrays = arrays_of(actor, backtest_id)
    require_bars(row)
    net = trades_from(arrays).net_units / 10.0 ** (row.source or {})["decimals"]
    draws = min(_DRAWS, _MOST_STEPS // max(1, net.size))
    if draws < _FEWEST_DRAWS:
        raise Invalid(f"{net.size:,} trades are too many to draw here; ask for Monte Carlo.")
    start = float((row.result or {})["start"])
    return {
        method: drawn_document(
            monte_carlo(net, start, method, draws, np.random.default_rng((1, place)))
        )
        for place, method in enumerate(METHODS)
    }
