"""The cells of a search as named arrays, to be kept in one file, and back."""

from collections.abc import Sequence
from dataclasses import astuple, fields

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.archive import Arrays, columns_as_arrays, trades_from
from sonde.markets.core.backtesting.results import Totals, Trades
from sonde.markets.core.backtesting.sweep import Cell
from sonde.markets.core.parameters import Settings
from sonde.platform.core.errors import Unreadable


def arrays_of_cells(cells: Sequence[Cell]) -> dict[str, NDArray[np.generic]]:
    """Return totals, daily equity and trades of cells of one search.

    Parameters
    ----------
    cells : sequence of Cell
        At least one; all over the same candles with the same money.

    Returns
    -------
    dict of str to ndarray
        ``cell_totals`` int64 (cell, 5) in the order of `Totals`, ``cell_daily_equity`` (cell,
        day), ``cell_facts`` float64 (cell, 3): deepest fall, ambiguous bars, closed at the end;
        ``cell_account`` float64 (2,): start and decimals; ``cell_trades`` int64 (cell,): how many
        trades each has; ``trade_*``: those of all cells, one after the other.
    """
    together = Trades(
        **{
            each.name: np.concatenate([getattr(cell.trades, each.name) for cell in cells])
            for each in fields(Trades)
        }
    )
    facts = [
        (cell.max_drawdown, float(cell.ambiguous_bars), float(cell.closed_at_end)) for cell in cells
    ]
    return {
        "cell_totals": np.array([astuple(cell.totals) for cell in cells], np.int64),
        "cell_daily_equity": np.array([cell.daily_equity for cell in cells], np.float64),
        "cell_facts": np.array(facts, np.float64),
        "cell_account": np.array([cells[0].start, cells[0].decimals], np.float64),
        "cell_trades": np.array([len(cell.trades) for cell in cells], np.int64),
        **columns_as_arrays("trade_", together),
    }


def cells_from(arrays: Arrays, settings: Sequence[Settings]) -> tuple[Cell, ...]:
    """Return the cells that `arrays` hold.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        As `arrays_of_cells` returns them.
    settings : sequence of Settings
        Of each cell.

    Raises
    ------
    Unreadable
        If there is not one row for each of the settings.
    """
    if "cell_trades" not in arrays or len(arrays["cell_trades"]) != len(settings):
        raise Unreadable("The stored cells are not those of this search; run it again.")
    ends = np.cumsum(arrays["cell_trades"])
    trades = trades_from(arrays)
    start, decimals = arrays["cell_account"].tolist()
    return tuple(
        Cell(
            given,
            Totals(*arrays["cell_totals"][number].tolist()),
            trades.rows(
                slice(int(ends[number] - arrays["cell_trades"][number]), int(ends[number]))
            ),
            arrays["cell_daily_equity"][number],
            start,
            int(decimals),
            float(arrays["cell_facts"][number, 0]),
            int(arrays["cell_facts"][number, 1]),
            int(arrays["cell_facts"][number, 2]),
        )
        for number, given in enumerate(settings)
    )
