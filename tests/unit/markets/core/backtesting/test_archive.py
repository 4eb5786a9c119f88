"""What is kept of runs and cells comes back as it was; thinning keeps extremes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sonde.markets.core.backtesting.archive import columns_as_arrays, trades_from
from sonde.markets.core.backtesting.cell_columns import arrays_of_cells, cells_from
from sonde.markets.core.backtesting.results import Totals
from sonde.markets.core.backtesting.sweep import MEASURES, Cell
from sonde.markets.core.backtesting.thinning import kept_positions
from sonde.platform.core.errors import Unreadable
from tests.unit.markets.core.backtesting.made import UNIT, trades_of


def cell(results):
    trades = trades_of(results)
    net = int(trades.net_units.sum())
    daily = 1000.0 + np.linspace(0.0, net / UNIT, 40)
    totals = Totals(net + UNIT, UNIT, 3, 0, net)
    return Cell({"fast": len(results)}, totals, trades, daily, 1000.0, 8, 0.25, 2, 1)


def test_trades_come_back():
    before = trades_of([1.0, -2.0, 3.5])
    after = trades_from(columns_as_arrays("trade_", before))
    assert all(
        np.array_equal(getattr(before, name), getattr(after, name))
        for name in before.__dataclass_fields__
    )
    with pytest.raises(Unreadable, match="mae"):
        trades_from(
            {
                name: column
                for name, column in columns_as_arrays("trade_", before).items()
                if name != "trade_mae"
            }
        )


def test_cells_come_back_with_their_figures():
    before = (cell([1.0, -2.0]), cell([]), cell([5.0]))
    settings = [each.settings for each in before]
    after = cells_from(arrays_of_cells(before), settings)
    for one, other in zip(before, after, strict=True):
        assert one.totals == other.totals
        assert {name: read(one) for name, read in MEASURES.items()} == {
            name: read(other) for name, read in MEASURES.items()
        }
    with pytest.raises(Unreadable, match="not those of this search"):
        cells_from(arrays_of_cells(before), settings[:2])


@given(arrays(np.int64, st.integers(1, 400), elements=st.integers(-1000, 1000)), st.integers(4, 60))
def test_thinned_values_keep_first_last_and_extremes(values, points):
    kept = kept_positions(values, points)
    assert kept.size <= max(points, 4)
    assert (kept[0], kept[-1]) == (0, values.size - 1)
    assert np.all(np.diff(kept) > 0)
    assert (values[kept].max(), values[kept].min()) == (values.max(), values.min())
