"""Look-ahead analysis: does the strategy know what it cannot know?"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.lookahead import CUTS, look_ahead
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.services.backtests.study import Answer, Material, OneSetting, Watch
from sonde.platform.core.errors import Invalid

_MOST_CUTS = 2000


class LookAheadStudy(OneSetting):
    """The candles are cut, and the decisions compared."""

    name = "look-ahead"
    title = STUDY_TITLES[name]

    def accept(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Check how often to cut; raises Invalid."""
        cuts, seed = int(given.get("cuts") or CUTS), int(given.get("seed") or 0)
        if not 3 <= cuts <= _MOST_CUTS:
            raise Invalid(f"cuts={cuts}: give 3 to {_MOST_CUTS}.", field="cuts")
        return {"cuts": cuts, "seed": seed}

    def compute(self, material: Material, params: Mapping[str, Any], watch: Watch) -> Answer:
        """Cut and compare."""
        watch.told(0.05, f"Cutting {material.candles.n:,} bars {params['cuts']} times")
        found = look_ahead(
            material.strategy,
            material.candles,
            material.chosen,
            np.random.default_rng(params["seed"]),
            params["cuts"],
        )
        told = {**document(found), "looks_ahead": found.looks_ahead}
        cuts = np.array(told.pop("cuts"), np.int64)
        summary = {
            "looks_ahead": found.looks_ahead,
            "repeatable": found.repeatable,
            "columns": [each.column for each in found.differences],
        }
        return Answer(summary, {**told, "n_cuts": int(cuts.size)}, {"cuts": cuts})
