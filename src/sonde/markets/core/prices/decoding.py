"""What the jailed child answers: the six columns, checked, and how they were understood."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.prices.checking import (
    check_grid,
    check_rows,
    closed_only,
    in_order,
    timeframe_of,
)
from sonde.markets.core.prices.choices import ReadChoices
from sonde.markets.core.prices.tables import RawTable, understood
from sonde.platform.core.errors import Invalid, TooLarge

MAX_ROWS = 5_000_000
_ROW_BYTES = 48
Answer = tuple[dict[str, Any], list[NDArray[Any]]]


def check_size(n_rows: int, limit_bytes: int = MAX_ROWS * _ROW_BYTES) -> None:
    """Refuse more rows than are read at once; raises TooLarge."""
    most = min(MAX_ROWS, limit_bytes // _ROW_BYTES)
    if n_rows > most:
        raise TooLarge(f"This file has {n_rows:,} rows; at most {most:,} are read at once.")


def decoded(table: RawTable, choices: ReadChoices, limit_bytes: int) -> Answer:
    """Return the facts and the six arrays of a table of candles.

    Raises
    ------
    Invalid
        Names the row and the column of the first fault.
    TooLarge
    """
    n = table.n
    check_size(n, limit_bytes)
    found = understood(table, choices)
    columns, newest_first = in_order(found.columns)

    def number(row: int) -> int:
        return table.first_row + (n - 1 - row if newest_first else row)

    check_rows(columns, number)
    timeframe = timeframe_of(columns, choices.timeframe)
    check_grid(columns, timeframe, number)
    columns, left_out = closed_only(columns, timeframe, choices.as_of_ms)
    if columns.n == 0:
        raise Invalid("No bar of this file had closed when it was made; there is nothing to keep.")
    notes = list(found.notes)
    if newest_first:
        notes.append("The file has the newest row first.")
    if left_out:
        bars = "The last bar was" if left_out == 1 else f"The last {left_out} bars were"
        notes.append(f"{bars} still open and left out.")
    arrays = [columns.open_time_ms.astype("<i8")]
    arrays += [getattr(columns, name).astype("<f8") for name in COLUMNS]
    facts = {"layout": found.layout, "timeframe": timeframe.name, "notes": notes}
    return facts, [np.ascontiguousarray(each) for each in arrays]
