"""Accounts, risk settings and locks belong to somebody, and every change can be looked at again."""

import threading
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from sonde.markets.core.risk.facts import Measured, PastTrade
from sonde.markets.core.risk.kill_switch import Stage
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side
from sonde.markets.persistence import accounts as account_rows
from sonde.markets.persistence import journal
from sonde.markets.persistence import locks as lock_rows
from sonde.markets.services import accounts, kill_switch, locks, risk_settings
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.persistence.audit import AuditRow
from sonde.platform.persistence.database import session
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


def test_the_first_account_is_there_when_it_is_asked_for(unit, actor):
    account = accounts.first(actor)
    assert (account.name, account.start, account.currency.code) == (
        "Paper",
        Decimal(10_000),
        "USDT",
    )
    assert accounts.first(actor) == account
    second = accounts.open_account(actor, " Second ", start=Decimal(500))
    assert [one.name for one in accounts.mine(actor)] == ["Paper", "Second"]
    with pytest.raises(Conflict, match="Second"):
        accounts.open_account(actor, "Second")
    with pytest.raises(Conflict, match="Paper"):
        accounts.rename(actor, second.id, "Paper")
    accounts.archive(actor, second.id)
    with pytest.raises(NotFound):
        accounts.get(actor, second.id)
    assert accounts.open_account(actor, "Second").id != second.id


def test_two_first_requests_at_once_open_one_account(ports, people):
    newcomer = people("Nia")
    found = []

    def ask():
        with unit_of_work(ports):
            found.append(accounts.first(newcomer).id)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_accounts_are_their_owners(unit, actor, other_actor, viewer):
    account = accounts.first(actor)
    for look in (accounts.get, risk_settings.current, risk_settings.history, kill_switch.state):
        with pytest.raises(NotFound):
            look(other_actor, account.id)
    with pytest.raises(NotFound):
        risk_settings.change(other_actor, account.id, {"max_drawdown": 5})
    with pytest.raises(Forbidden):
        accounts.first(viewer)


def test_somebody_else_in_the_workspace_may_look_but_not_trade(unit, actor, people):
    account = accounts.first(actor)
    colleague = people("Ida", workspace_id=actor.workspace_id)
    assert accounts.get(colleague, account.id) == account
    for change in (
        lambda: risk_settings.change(colleague, account.id, {"max_drawdown": 5}),
        lambda: kill_switch.press(colleague, account.id, Stage.STOP_ENTRIES, "", 1),
        lambda: accounts.archive(colleague, account.id),
    ):
        with pytest.raises(Forbidden, match="owner"):
            change()


def test_risk_settings_are_versions(unit, actor):
    account = accounts.first(actor)
    first = risk_settings.current(actor, account.id)
    assert (first.version, first.settings) == (1, RiskSettings())
    second = risk_settings.change(actor, account.id, {"max_drawdown": "750.5"}, 1)
    assert (second.version, second.settings.max_drawdown) == (2, Decimal("750.5"))
    assert risk_settings.change(actor, account.id, {"max_drawdown": "750.5"}).version == 2
    with pytest.raises(Conflict, match="meantime"):
        risk_settings.change(actor, account.id, {"max_drawdown": 1}, 1)
    with pytest.raises(Invalid, match=r"between 0.01 and 99 %"):
        risk_settings.change(actor, account.id, {"stop_loss_percent": 100})
    assert [one.version for one in risk_settings.history(actor, account.id)] == [2, 1]
    told = session().query(AuditRow).filter_by(action="market_risk_settings.change").one()
    assert told.details == {"max_drawdown": ["1000", "750.5"]}


def test_locks_are_listed_and_removed_pauses_too(unit, actor):
    account = accounts.first(actor)
    wanted = locks.NewLock("binance:BTCUSDT", Side.SHORT, 5_000, "no shorts")
    lock = locks.add(actor, account.id, wanted, 1_000)
    assert list(lock_rows.of_account(account.id)) == [lock]
    with pytest.raises(Invalid, match="begins"):
        locks.add(actor, account.id, locks.NewLock("", None, 5, "late"), 5)
    exits = (PastTrade("binance:ETHUSDT", Side.LONG, 900, Decimal(-1), stopped=True),)
    settings = RiskSettings(cooldown_minutes=Decimal(5))

    def listed():
        measured = Measured(
            2_000,
            *[Decimal(100)] * 4,
            recent=exits,
            locks=tuple(lock_rows.of_account(account.id)),
            forgiven=lock_rows.ended_pauses(account.id),
        )
        return [one.id for one in locks.listed(measured, settings)]

    assert listed() == [lock.id, "cooldown/binance:ETHUSDT"]
    locks.remove(actor, account.id, "cooldown/binance:ETHUSDT", 2_000)
    locks.remove(actor, account.id, "cooldown/binance:ETHUSDT", 2_000)
    assert listed() == [lock.id]
    locks.remove(actor, account.id, lock.id, 2_000)
    assert listed() == []
    with pytest.raises(NotFound):
        locks.remove(actor, account.id, lock.id, 2_000)


def test_the_kill_switch_is_kept(unit, actor):
    account = accounts.first(actor)
    kill_switch.press(actor, account.id, Stage.STOP_ENTRIES, "news", 5)
    assert kill_switch.state(actor, account.id).reason == "news"
    with pytest.raises(Conflict):
        kill_switch.press(actor, account.id, Stage.STOP_ENTRIES, "news", 6)
    assert not kill_switch.release(actor, account.id).stops_entries


def test_two_writers_of_a_journal_are_fenced(ports, actor):
    with unit_of_work(ports):
        account_id = accounts.open_account(actor, "Fenced").id
    with unit_of_work(ports):
        row = account_rows.lock(account_id)
        journal.append(row, [(1, "note", {"n": 1}), (2, "note", {"n": 2})])
    with unit_of_work(ports):
        stale = account_rows.lock(account_id)
        session().expunge(stale)
        stale.seq = 1
        with pytest.raises(Conflict, match="meantime"):
            journal.append(stale, [(3, "note", {})])
    with unit_of_work(ports):
        entries = journal.of_epoch(account_id, 0)
        assert [(one.seq, one.kind) for one in entries] == [
            (1, "posting"),
            (2, "note"),
            (3, "note"),
        ]
        assert account_rows.lock(account_id).seq == 3


@pytest.mark.parametrize(
    "change", ["update markets_journal set kind = 'x'", "delete from markets_journal"]
)
def test_the_journal_is_append_only(ports, actor, change):
    with unit_of_work(ports):
        row = account_rows.lock(accounts.open_account(actor, change[:6]).id)
        journal.append(row, [(1, "note", {})])
    with (
        pytest.raises((ProgrammingError, SQLAlchemyError), match="never changed"),
        unit_of_work(ports),
    ):
        session().execute(text(change))
