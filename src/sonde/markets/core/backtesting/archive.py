"""A run as named arrays, to be kept in one file, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.report import Report
from sonde.markets.core.backtesting.results import Columns, Run, Together, Trades
from sonde.platform.core.errors import Unreadable

Arrays = Mapping[str, NDArray[Any]]


def arrays_of(run: Run | Together, report: Report) -> dict[str, NDArray[Any]]:
    """Return everything of a run that has a row for each bar, day, fill or trade.

    Parameters
    ----------
    run : Run or Together
        The position of several is how many are held.
    report : Report
        Of the same run.

    Returns
    -------
    dict of str to ndarray
        ``bar_*``, ``day_*``, ``fill_*`` and ``trade_*``.
    """
    held = run.position_steps if isinstance(run, Run) else run.open_positions
    more = {} if isinstance(run, Run) else {"fill_instrument": run.fill_instrument}
    return {
        "bar_open_time_ms": run.open_time_ms,
        "bar_equity_units": run.equity_units,
        "bar_position_steps": held,
        "bar_cash_units": run.cash_units,
        "bar_holding": report.holding,
        "day_ms": report.daily.day_ms,
        "day_equity": report.daily.equity,
        **columns_as_arrays("fill_", run.fills),
        **columns_as_arrays("trade_", run.trades),
        **more,
    }


def columns_as_arrays(prefix: str, columns: Columns) -> dict[str, NDArray[Any]]:
    """Return the columns by name, each after `prefix`."""
    return {f"{prefix}{each.name}": getattr(columns, each.name) for each in fields(columns)}  # type: ignore[arg-type]


def trades_from(arrays: Arrays, prefix: str = "trade_") -> Trades:
    """Return the trades that `arrays` hold.

    Raises
    ------
    Unreadable
        If a column is missing.
    """
    try:
        return Trades(**{each.name: arrays[f"{prefix}{each.name}"] for each in fields(Trades)})
    except KeyError as error:
        raise Unreadable(f"The stored trades lack {error.args[0]}; run it again.") from None
