"""Tells the owner of an account what happens in it: trades, pauses, a halt, what a strategy did."""

from decimal import Decimal

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.risk.facts import Measured
from sonde.markets.core.risk.findings import shown
from sonde.markets.core.risk.pauses import pause_locks
from sonde.markets.core.risk.settings import RiskSettings, read_settings
from sonde.markets.core.trade_news import news_of
from sonde.markets.core.trades import Trade, TradeState
from sonde.markets.persistence import automations
from sonde.markets.persistence import locks as lock_rows
from sonde.markets.persistence import risk_settings as settings_rows
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.persistence.accounts import AccountRow
from sonde.platform.services import events

_RECENT = 200
_NOTHING = Decimal(0)


def tell(row: AccountRow, kind: str, title: str, body: str = "") -> None:
    """Tell the owner of an account that something happened in it."""
    events.emit_to(
        row.owner_id,
        row.workspace_id,
        kind=f"markets.{kind}",
        title=title,
        body=f"{body} Account: {row.name}.".strip(),
    )


def tell_trade(row: AccountRow, before: Trade | None, after: Trade, one: Instrument) -> None:
    """Tell what became of a trade, and the pause that its end begins.

    What a strategy does in a replay stands in its log: hundreds of lines are no news.
    """
    news = news_of(before, after, one, row.money)
    if news is None or _is_replayed(row.id):
        return
    tell(row, news.kind, news.title, news.body)
    if after.state is TradeState.CLOSED:
        _tell_pauses(row, after)


def tell_halt(row: AccountRow, before_units: int, after_units: int) -> None:
    """Tell that the drawdown has just come to its limit: entries are halted."""
    if after_units >= before_units:
        return
    limit = _halt_units(row)
    fallen = row.peak_units - after_units
    if limit is not None and row.peak_units - before_units < limit <= fallen:
        lost = shown(row.money.amount_of(fallen), row.currency)
        words = "No position is opened until the limit is raised or the account is reset."
        tell(row, "drawdown_halt", f"Trading is halted: {lost} below the peak", words)


def _is_replayed(account_id: str) -> bool:
    found = automations.of_account(account_id)
    return found is not None and found.replay_id != "" and found.state == automations.RUNNING


def _tell_pauses(row: AccountRow, trade: Trade) -> None:
    closed_ms = trade.closed_ms or 0
    facts = Measured(
        closed_ms,
        equity=_NOTHING,
        free=_NOTHING,
        equity_peak=_NOTHING,
        day_start_equity=_NOTHING,
        recent=tuple(one.past() for one in trade_rows.ended_since(row.id, 0, _RECENT)),
        forgiven=lock_rows.ended_pauses(row.id),
    )
    for lock in pause_locks(facts, _settings(row.id)):
        if lock.made_at_ms == closed_ms:
            what = lock.symbol or "every symbol"
            tell(row, "lock", f"Entries of {what} rest", f"{lock.reason}.")


def _halt_units(row: AccountRow) -> int | None:
    """Return the fall from the peak at which trading is halted; None without a limit."""
    settings = _settings(row.id)
    limits: list[int] = []
    if settings.max_drawdown is not None:
        limits.append(row.money.units_of(settings.max_drawdown))
    if settings.max_drawdown_percent is not None:
        limits.append(int(row.peak_units * settings.max_drawdown_percent / 100))
    return min(limits, default=None)


def _settings(account_id: str) -> RiskSettings:
    row = settings_rows.newest(account_id)
    return RiskSettings() if row is None else read_settings(row.document)
