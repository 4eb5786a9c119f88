"""Automatic trading as people see it: a strategy in an account, started, stopped, looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sonde.markets.core.automating import AutomationTerms
from sonde.markets.core.prices.series import Series
from sonde.markets.core.strategies.protocol import settings_for
from sonde.markets.persistence import automations as rows
from sonde.markets.services import accounts, desks, price_store, replays, strategies
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services import audit

_NAMES = 20


@dataclass(frozen=True)
class NewAutomation:
    """A strategy that somebody wants to run.

    Parameters
    ----------
    symbol, strategy : str
        ``BTCUSDT`` or ``binance:BTCUSDT``; the name of a strategy.
    settings : mapping
        Of the strategy; what is missing takes its default.
    timeframe : str
        Of the bars that it decides on.
    account_id : str
        Empty opens an account for it.
    replay_id : str
        The replay that it trades in; empty for live prices.
    terms : AutomationTerms
    """

    symbol: str
    strategy: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    timeframe: str = ""
    account_id: str = ""
    replay_id: str = ""
    terms: AutomationTerms = field(default_factory=AutomationTerms)


@dataclass(frozen=True)
class Automation:
    """One strategy in one account, as its owner sees it.

    Parameters
    ----------
    automation_id, title, account_id, strategy, symbol, timeframe, replay_id : str
        The symbol is the instrument's key; an empty replay means live prices.
    is_running : bool
    reason : str
        Why it was stopped, where it did not stop because somebody asked.
    settings : mapping
    terms : AutomationTerms
    started_ms, decided_ms : int
        In the time of its prices: when it was started last, the close of the newest bar that it
        has decided on; 0 for never.
    """

    automation_id: str
    title: str
    account_id: str
    strategy: str
    symbol: str
    timeframe: str
    replay_id: str
    is_running: bool
    reason: str
    settings: Mapping[str, Any]
    terms: AutomationTerms
    started_ms: int
    decided_ms: int


def create(actor: Actor, wanted: NewAutomation) -> Automation:
    """Put a strategy into an account; it does nothing until it is started.

    Raises Forbidden for viewers and other people's accounts, NotFound for an unknown strategy,
    series, replay or account, Invalid for bad settings, Conflict for an account that has one.
    """
    actor.require(Role.ANALYST)
    strategy = strategies.named(wanted.strategy)
    settings = settings_for(strategy, wanted.settings)
    series = price_store.find(actor, wanted.symbol, wanted.timeframe)
    if wanted.replay_id and series.id not in replays.get(actor, wanted.replay_id).series_ids:
        raise Invalid(f"This replay does not hold {series.key}.", field="replay_id")
    wanted.terms.traded(series.instrument)
    title = f"{strategy.title} {series.key}"
    account = _account(actor, wanted.account_id, series, title)
    automation_id = new_id()
    is_new = rows.add(
        id=automation_id,
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        account_id=account.id,
        title=title,
        strategy=strategy.name,
        symbol=series.instrument.key,
        timeframe=series.timeframe.name,
        replay_id=wanted.replay_id,
        state=rows.STOPPED,
        reason="",
        settings=dict(settings),
        terms=wanted.terms.document(),
    )
    if not is_new:
        raise Conflict("This account has a strategy already; each needs an account of its own.")
    audit.record(actor.user_id, "market_automation.create", automation_id, account=account.id)
    return get(actor, automation_id)


def get(actor: Actor, automation_id: str) -> Automation:
    """Return one of the actor's strategies; raises NotFound."""
    return view(row_of(actor, automation_id))


def mine(actor: Actor) -> Sequence[Automation]:
    """Return the actor's strategies, the oldest first."""
    return [view(row) for row in rows.owned(actor.user_id)]


def start(actor: Actor, automation_id: str) -> Automation:
    """Let a strategy decide on every bar that closes from now on.

    Raises NotFound, Forbidden for viewers, Conflict if it runs, or if its account has seen prices
    of a later time than its replay shows.
    """
    row = _locked(actor, automation_id)
    if row.state == rows.RUNNING:
        raise Conflict("This strategy runs already.")
    now_ms = price_store.now_ms()
    if row.replay_id:
        now_ms = replays.get(actor, row.replay_id).position_ms
    opened = desks.seen(actor, row.account_id)
    if opened.entries and opened.entries[-1].time_ms > now_ms:
        raise Conflict(
            "This account has seen prices of a later time than its replay shows: reset the account."
        )
    row.state, row.reason, row.run = rows.RUNNING, "", row.run + 1
    row.started_ms = row.decided_ms = now_ms
    row.terms = {
        **row.terms,
        "start_units": opened.balance.equity,
        "epoch": opened.row.epoch,
    }
    audit.record(actor.user_id, "market_automation.start", automation_id)
    return view(row)


def stop(actor: Actor, automation_id: str) -> Automation:
    """Let a strategy decide no more; what it has opened stays open, with its stops and targets.

    Raises NotFound, Forbidden for viewers, Conflict if it does not run.
    """
    row = _locked(actor, automation_id)
    if row.state != rows.RUNNING:
        raise Conflict("This strategy does not run.")
    row.state, row.reason = rows.STOPPED, ""
    audit.record(actor.user_id, "market_automation.stop", automation_id)
    return view(row)


def remove(actor: Actor, automation_id: str) -> None:
    """Forget a strategy and its log; its account stays. Raises NotFound, Conflict if it runs."""
    row = _locked(actor, automation_id)
    if row.state == rows.RUNNING:
        raise Conflict("Stop this strategy first.")
    rows.remove(row.id)
    audit.record(actor.user_id, "market_automation.remove", automation_id)


def row_of(actor: Actor, automation_id: str) -> rows.AutomationRow:
    """Return the row of one of the actor's strategies; raises NotFound."""
    row = rows.find(automation_id, actor.user_id)
    if row is None:
        raise NotFound("There is no such strategy, or it is not yours.", id=automation_id)
    return row


def view(row: rows.AutomationRow) -> Automation:
    """Return a row as a value."""
    return Automation(
        automation_id=row.id,
        title=row.title,
        account_id=row.account_id,
        strategy=row.strategy,
        symbol=row.symbol,
        timeframe=row.timeframe,
        replay_id=row.replay_id,
        is_running=row.state == rows.RUNNING,
        reason=row.reason,
        settings=row.settings,
        terms=AutomationTerms.of(row.terms),
        started_ms=row.started_ms,
        decided_ms=row.decided_ms,
    )


def _locked(actor: Actor, automation_id: str) -> rows.AutomationRow:
    actor.require(Role.ANALYST)
    row_of(actor, automation_id)
    row = rows.lock(automation_id)
    if row is None:
        raise NotFound("There is no such strategy any more.", id=automation_id)
    return row


def _account(actor: Actor, account_id: str, series: Series, title: str) -> accounts.Account:
    """Return the account that is meant, or a new one that is named after the strategy."""
    if account_id:
        row = accounts.row_to_change(actor, account_id)
        if row.owner_id != actor.user_id:
            raise Forbidden("A strategy runs in an account of your own.")
        return accounts.get(actor, account_id)
    taken = {one.name for one in accounts.mine(actor)}
    names = [title[:70], *(f"{title[:70]} {number}" for number in range(2, _NAMES))]
    name = next((one for one in names if one not in taken), title[:50] + new_id()[-8:])
    return accounts.open_account(actor, name, series.instrument.quote)
