"""Recursive analysis: does what a strategy says depend on where its history begins?"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.recursive import recursive
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.services.backtests.study import Answer, Material, OneSetting, Watch
from sonde.platform.core.errors import Invalid

_MOST_STARTS = 50
_SHARES = (0.1, 0.25, 0.5)


class RecursiveStudy(OneSetting):
    """Histories that begin later are set beside the whole one."""

    name = "recursive"
    title = STUDY_TITLES[name]

    def accept(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Check the bars at which to begin; raises Invalid."""
        starts = [int(each) for each in given.get("starts") or ()]
        if len(starts) > _MOST_STARTS or not all(start >= 1 for start in starts):
            raise Invalid(f"Give at most {_MOST_STARTS} bars from 1 on.", field="starts")
        return {"starts": starts}

    def compute(self, material: Material, params: Mapping[str, Any], watch: Watch) -> Answer:
        """Begin later and compare; without starts at a tenth, a quarter and half of the bars."""
        n = material.candles.n
        starts = params["starts"] or sorted({max(1, int(n * share)) for share in _SHARES})
        watch.told(0.1, f"Beginning {len(starts)} times")
        found = recursive(material.strategy, material.candles, material.chosen, starts)
        summary = {
            "is_enough": found.is_enough,
            "warm_up": found.warm_up,
            "longest_memory": found.memories[0].bars if found.memories else 0,
        }
        arrays = {"starts": np.array(found.starts, np.int64)}
        return Answer(summary, {**document(found), "is_enough": found.is_enough}, arrays)
