"""The large columns of a backtest: its trades page by page, its equity for a chart."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.archive import trades_from
from sonde.markets.core.backtesting.lines import EquityLine, ForwardLine, TradeMarks
from sonde.markets.core.backtesting.results import EXIT_REASONS, Trades
from sonde.markets.core.backtesting.thinning import kept_positions
from sonde.markets.core.money import Currency
from sonde.markets.persistence import backtest_files
from sonde.markets.persistence import backtests as rows
from sonde.markets.services.backtests.results import find
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.core.paging import Slice
from sonde.platform.services.work import ports

_AMOUNTS = ("gross", "fees", "slippage", "funding", "net")


def trades(
    actor: Actor, backtest_id: str, *, cursor: str = "", limit: int = 50
) -> Slice[Mapping[str, Any]]:
    """Return a backtest's trades in the order of their exits; raises NotFound, Conflict."""
    row, arrays = arrays_of(actor, backtest_id)
    require_bars(row)
    first = _place(cursor)
    found = trades_from(arrays)
    chosen = found.rows(slice(first, first + limit + 1))
    items = _told(chosen, first, row.source or {})
    return Slice.cut(items, limit, key=lambda one: str(one["number"]))


def equity(actor: Actor, backtest_id: str, *, points: int = 1000) -> EquityLine:
    """Return a backtest's equity in at most so many points; raises NotFound, Conflict."""
    row, arrays = arrays_of(actor, backtest_id)
    require_bars(row)
    source = row.source or {}
    units = arrays["bar_equity_units"]
    kept = kept_positions(units, points)
    closes = _closes(arrays["bar_open_time_ms"], source)
    currency = Currency(source["currency"], source["decimals"])
    step = float(Decimal(source["step"]))
    return EquityLine(
        n_bars=int(units.size),
        currency=currency.code,
        close_time_ms=tuple(closes[kept].tolist()),
        equity=tuple((units[kept] / 10.0**currency.decimals).tolist()),
        holding=tuple(arrays["bar_holding"][kept].tolist()),
        position=tuple((arrays["bar_position_steps"][kept] * step).tolist()),
        lowest=str(currency.amount_of(int(units.min()))),
        highest=str(currency.amount_of(int(units.max()))),
    )


def forward_equity(actor: Actor, backtest_id: str, *, points: int = 1000) -> ForwardLine:
    """Return the equity of a walk-forward's joined tests; raises NotFound, Conflict."""
    row, arrays = arrays_of(actor, backtest_id)
    if row.kind != "walk-forward":
        raise Conflict(f"{row.title} is no walk-forward.")
    equity_line = arrays["test_equity"]
    kept = kept_positions((equity_line * 1e6).astype(np.int64), points)
    times = arrays["test_close_time_ms"][kept]
    return ForwardLine(tuple(times.tolist()), tuple(equity_line[kept].tolist()))


def trade_marks(
    actor: Actor, backtest_id: str, span: tuple[int, int], most: int = 250, symbol: str = ""
) -> TradeMarks:
    """Return the trades, of one symbol or all, that were open in ``[first, end)``.

    Raises NotFound, Conflict.
    """
    row, arrays = arrays_of(actor, backtest_id)
    require_bars(row)
    found = trades_from(arrays)
    inside = (found.exit_time_ms >= span[0]) & (found.entry_time_ms < span[1])
    seen = np.flatnonzero(inside & (found.symbol == symbol) if symbol else inside)
    largest = seen[np.argsort(-np.abs(found.net_units[seen]), kind="stable")[:most]]
    shown = found.rows(np.sort(largest))
    return TradeMarks(int(seen.size), shown, shown.net_units / 10.0 ** _decimals(row))


def _decimals(row: rows.BacktestRow) -> int:
    return int((row.source or {})["decimals"])


def arrays_of(actor: Actor, backtest_id: str) -> tuple[rows.BacktestRow, dict[str, NDArray[Any]]]:
    """Return a row with its columns; raises NotFound, and Conflict while there are none."""
    found = find(actor, backtest_id)
    row = found[0]
    if row.result is None:
        state = rows.state_of(found).value
        raise Conflict(f"This backtest has no result yet ({state}).", id=backtest_id)
    return row, backtest_files.read(ports().files.local_path(row.file_key))


def require_bars(row: rows.BacktestRow) -> None:
    """Refuse what is no single backtest; raises Conflict."""
    if row.kind != "backtest":
        raise Conflict(f"{row.title} is no single backtest; its result holds its columns.")


def _closes(open_time_ms: NDArray[np.int64], source: Mapping[str, Any]) -> NDArray[np.int64]:
    from sonde.markets.core.timeframes import Timeframe

    closes: NDArray[np.int64] = open_time_ms + Timeframe(source["timeframe"]).ms
    return closes


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("This cursor leads nowhere.", field="cursor")
    return int(cursor)


def _told(found: Trades, first: int, source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return trades with exact amounts as text, numbered from 1."""
    currency = Currency(source["currency"], source["decimals"])
    steps = {one["symbol"]: one["step"] for one in source.get("symbols", ())}
    return [
        {
            "number": first + i + 1,
            "symbol": str(found.symbol[i]),
            "side": "long" if found.side[i] > 0 else "short",
            "entry_time_ms": int(found.entry_time_ms[i]),
            "exit_time_ms": int(found.exit_time_ms[i]),
            "quantity": str(
                int(found.quantity_steps[i])
                * Decimal(steps.get(str(found.symbol[i]), source["step"]))
            ),
            "entry_price": float(found.entry_price[i]),
            "exit_price": float(found.exit_price[i]),
            **{
                name: str(currency.amount_of(int(getattr(found, f"{name}_units")[i])))
                for name in _AMOUNTS
            },
            "exit_reason": EXIT_REASONS[int(found.exit_reason[i])],
            "bars_held": int(found.bars_held[i]),
            "mae": float(found.mae[i]),
            "mfe": float(found.mfe[i]),
            "ambiguous": bool(found.ambiguous[i]),
        }
        for i in range(len(found))
    ]
