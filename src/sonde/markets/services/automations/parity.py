"""What a strategy did on paper, set beside the backtest of the same bars, trade by trade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from sonde.markets.core.automating import AutomationTerms
from sonde.markets.core.backtesting.parity import (
    Conditions,
    Parity,
    TradeDifference,
    conditions_of,
    parity,
)
from sonde.markets.core.backtesting.results import EXIT_REASONS, Trades
from sonde.markets.core.backtesting.settings import BacktestSettings, Sizing, SizingKind
from sonde.markets.core.candles import Candles
from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.money import Currency
from sonde.markets.core.prices.series import Series
from sonde.markets.core.ticket import AmountKind
from sonde.markets.core.trades import Trade, TradeState
from sonde.markets.persistence import automations as rows
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import accounts, funding, price_store, replays
from sonde.markets.services.automations import asking
from sonde.markets.services.automations.windows import Window, window
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict

_END_OF_DATA: Final = EXIT_REASONS.index("end of data")
_HELD_BACK: Final = ("blocked", "refused", "late", "nothing")


@dataclass(frozen=True)
class ParityReport:
    """Paper beside backtest, since the strategy was started last.

    Parameters
    ----------
    from_ms, to_ms : int
        Decisions of bars that closed in between, in the time of the prices.
    n_paper, n_backtest : int
        Trades that were closed by then.
    net_paper, net_backtest : Decimal
        What they made, in the account's currency.
    found : Parity
        Differences, each with what makes it.
    """

    from_ms: int
    to_ms: int
    n_paper: int
    n_backtest: int
    net_paper: Decimal
    net_backtest: Decimal
    found: Parity


def compare(actor: Actor, automation_id: str) -> ParityReport:
    """Run the backtest of what a strategy has traded on, and set both beside each other.

    Raises NotFound, and Conflict before the first decision.
    """
    row = asking.row_of(actor, automation_id)
    if not row.started_ms or row.decided_ms <= row.started_ms:
        raise Conflict("This strategy has not decided on any bar yet.")
    money = accounts.row_to_see(actor, row.account_id).money
    series, finest = _series(actor, row)
    seen = window(actor, row, series, row.decided_ms)
    traded = AutomationTerms.of(row.terms).traded(series.instrument)
    detail = _detail(actor, finest, series, seen.candles)
    seen = replace(seen, candles=replace(seen.candles, instrument=traded))
    if detail is not None:
        detail = replace(detail, instrument=traded)
    paid = funding.of_candles(actor.workspace_id, seen.candles, traded)
    settings = replace(_settings(row, money), funding=paid)
    backtest = _backtest(row, seen, settings, detail)
    paper = _paper(row, series.instrument, money)
    told = conditions_of(seen.candles, settings, detail)
    found = _explained(row, parity(paper, backtest, (told, told)), backtest, told)
    return ParityReport(
        from_ms=row.started_ms,
        to_ms=row.decided_ms,
        n_paper=len(paper),
        n_backtest=len(backtest),
        net_paper=money.amount_of(int(paper.net_units.sum())),
        net_backtest=money.amount_of(int(backtest.net_units.sum())),
        found=found,
    )


def _series(actor: Actor, row: rows.AutomationRow) -> tuple[Series, Series]:
    """Return the series that was decided on, and the finest that was traded on."""
    series = price_store.find(actor, row.symbol, row.timeframe)
    if not row.replay_id:
        return series, series
    held = [price_store.get(actor, one) for one in replays.get(actor, row.replay_id).series_ids]
    alike = [one for one in held if one.instrument.key == row.symbol]
    return series, min(alike, key=lambda one: one.timeframe.ms)


def _detail(actor: Actor, finest: Series, series: Series, candles: Candles) -> Candles | None:
    if finest.timeframe.ms >= series.timeframe.ms:
        return None
    end_ms = int(candles.close_time_ms[-1])
    return price_store.load(actor, finest.id, int(candles.open_time_ms[0]), end_ms)


def _settings(row: rows.AutomationRow, money: Currency) -> BacktestSettings:
    terms = AutomationTerms.of(row.terms)
    kinds: Mapping[AmountKind, tuple[SizingKind, Decimal]] = {
        AmountKind.CURRENCY: ("quote", terms.amount),
        AmountKind.COINS: ("quantity", terms.amount),
        AmountKind.PERCENT: ("equity", terms.amount / 100),
    }
    return BacktestSettings(
        start=money.amount_of(int(row.terms["start_units"])),
        sizing=Sizing(*kinds[terms.amount_kind]),
        leverage=terms.leverage,
        latency_ms=terms.latency_ms,
        currency=money,
    )


def _backtest(
    row: rows.AutomationRow, seen: Window, settings: BacktestSettings, detail: Candles | None
) -> Trades:
    """Return the trades of a backtest that ended before the last bar did."""
    from sonde.markets.core.backtesting.running import run

    first = int(np.searchsorted(seen.candles.close_time_ms, row.started_ms, "right"))
    done = run(seen.candles, seen.decisions.silent_before(first), settings, detail)
    return done.trades.rows(done.trades.exit_reason != _END_OF_DATA)


def _paper(row: rows.AutomationRow, one: Instrument, money: Currency) -> Trades:
    """Return what the strategy has traded since it was started, as the columns of a backtest."""
    kept = [each.view() for each in trade_rows.of_epochs(row.account_id, int(row.terms["epoch"]))]
    closed = [
        each
        for each in kept
        if each.tag == row.strategy
        and each.symbol == row.symbol
        and each.state is TradeState.CLOSED
        and each.asked_ms > row.started_ms
        and (each.closed_ms or 0) < row.decided_ms
    ]
    return _columns(closed, one, unit_value(one, money))


def _columns(closed: Sequence[Trade], one: Instrument, each_unit: int) -> Trades:
    def ints(values: Sequence[int]) -> np.typing.NDArray[np.int64]:
        return np.array(values, np.int64)

    n = len(closed)
    reasons = {name: code for code, name in enumerate(EXIT_REASONS)}
    return Trades(
        entry_time_ms=ints([trade.opened_ms or 0 for trade in closed]),
        exit_time_ms=ints([trade.closed_ms or 0 for trade in closed]),
        side=np.array([trade.side.sign for trade in closed], np.int8),
        quantity_steps=ints([trade.filled_steps for trade in closed]),
        entry_price=np.array([float(trade.entry_price(one) or 0) for trade in closed]),
        exit_price=np.array([float(trade.exit_price(one) or 0) for trade in closed]),
        gross_units=ints([trade.gross_units(each_unit) for trade in closed]),
        fees_units=ints([trade.fees_units for trade in closed]),
        slippage_units=ints([trade.slippage_units for trade in closed]),
        funding_units=ints([trade.funding_units for trade in closed]),
        net_units=ints([trade.net_units(each_unit) for trade in closed]),
        exit_reason=np.array([reasons.get(trade.exit_reason, 0) for trade in closed], np.int8),
        bars_held=np.zeros(n, np.int64),
        mae=np.zeros(n),
        mfe=np.zeros(n),
        ambiguous=np.zeros(n, np.bool_),
        symbol=np.full(n, one.symbol),
    )


def _explained(
    row: rows.AutomationRow, found: Parity, backtest: Trades, told: Conditions
) -> Parity:
    """Add what the settings of both cannot know: the gate, and prices of the moment."""
    held = {one.bar_ms: one.words for one in rows.of_run(row) if one.outcome in _HELD_BACK}

    def explained(one: TradeDifference) -> TradeDifference:
        if one.is_explained:
            return one
        if one.kind == "missing" and one.backtest_row is not None:
            entry_ms = int(backtest.entry_time_ms[one.backtest_row])
            words = held.get(entry_ms - told.timeframe_ms - entry_ms % told.timeframe_ms)
            return one if words is None else replace(one, explanation=f"held back: {words}")
        if not row.replay_id:
            words = "live prices: paper fills at the price of the moment, a backtest at the open"
            return replace(one, explanation=words)
        return one

    return replace(found, differences=tuple(explained(one) for one in found.differences))
