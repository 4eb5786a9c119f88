"""Runs beside each other."""

import numpy as np
import pytest

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.comparison import ROWS, compare
from sonde.markets.core.backtesting.metrics.report import measure
from sonde.platform.core.errors import Invalid
from tests.unit.markets.core.backtesting.made import run_of, trades_of
from tests.unit.markets.core.backtesting.planted import random_walk

_WALK = random_walk(24 * 60)
_FLAT = np.full(_WALK.n, 10_000.0)
_RISING = 10_000.0 * 1.0004 ** np.arange(1, _WALK.n + 1)


def _report(equity, candles=_WALK, results=(1.0, -1.0)):
    return measure(run_of(candles, equity, trades_of(results)), candles, 0.001)


def test_the_best_of_each_row_is_marked() -> None:
    found = compare({"flat": _report(_FLAT), "rising": _report(_RISING)}, Bootstrap(1, 200))
    rows = {row.name: row for row in found.rows}
    assert tuple(rows) == tuple(ROWS)
    assert rows["total_return"].best == (1,)
    assert rows["max_drawdown"].best == (0, 1)
    assert rows["trades"].best == ()
    assert rows["sharpe"].figures[0].value is None
    assert rows["sharpe"].best == (1,)


def test_what_one_makes_beyond_the_other_has_an_interval() -> None:
    found = compare({"flat": _report(_FLAT), "rising": _report(_RISING)}, Bootstrap(1, 200))
    assert found.against_first[0].value == 0.0
    beyond = found.against_first[1]
    assert beyond.value == pytest.approx(1.0004**24 - 1, rel=0.01)
    assert beyond.low > 0


def test_runs_without_common_days_say_so() -> None:
    early, late = _WALK.until(400), _WALK.between(int(_WALK.open_time_ms[800]), 2**60)
    found = compare(
        {"a": _report(_FLAT[: early.n], early), "b": _report(_FLAT[: late.n], late)}, Bootstrap(1)
    )
    assert found.common_from_ms is None
    assert found.against_first[1].reason == "needs 30 common days, there are 0"


def test_one_run_is_no_comparison() -> None:
    with pytest.raises(Invalid, match="at least two"):
        compare({"a": _report(_FLAT)}, Bootstrap(1))
