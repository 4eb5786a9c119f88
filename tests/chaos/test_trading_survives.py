"""An account outlives its killed traders: the ledger balances, no order is lost or doubled."""

import json
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from sonde.markets.services import (
    account_money,
    accounts,
    desks,
    risk_settings,
    trade_history,
    trade_prices,
    trading,
)
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.trading_data import BTC, START_MS, quote

pytestmark = pytest.mark.timeout(3600)
ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("trading_worker.py")
WIDE = {
    "max_open_trades": None,
    "max_position_percent": None,
    "max_symbol_exposure_percent": None,
    "max_total_exposure_percent": None,
    "max_daily_loss_percent": None,
    "max_drawdown": None,
    "stop_guard_stops": None,
}


@pytest.fixture
def account_id(ports, owner):
    """An account without limits, so that most commands are carried out."""
    with unit_of_work(ports):
        made = accounts.open_account(owner, "Chaos", start=Decimal(100_000)).id
        risk_settings.change(owner, made, WIDE)
    return made


@pytest.fixture
def told(app_database_url, valkey, tmp_path, account_id, owner, soak):
    """What the trader was told to do, after it has done it."""
    asked = {
        "database_url": app_database_url,
        "broker_url": valkey.url(0),
        "account_id": account_id,
        "user_id": owner.user_id,
        "acknowledged": str(tmp_path / "acknowledged"),
        "commands": 1000 if soak else 40,
        "kills": 50 if soak else 3,
        "seed": 5,
    }
    subprocess.run(
        [sys.executable, str(WORKER), json.dumps(asked)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
        check=True,
    )
    return asked


def test_acceptance_kill_9_the_ledger_balances_and_no_order_is_lost_or_doubled(
    told, ports, owner, account_id
):
    answers = {}
    for line in Path(told["acknowledged"]).read_text().splitlines():
        number, answer = line.split()
        answers.setdefault(int(number), set()).add(answer)
    assert set(answers) == set(range(told["commands"]))
    with unit_of_work(ports):
        entries = trade_history.ledger(owner, account_id, limit=10_000)
        trades = trade_history.newest(owner, account_id, limit=10_000)
        trading.end_everything(owner, account_id, "end", START_MS)
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))
    tags = Counter(one.tag for one in trades)
    assert set(tags.values()) == {1}, "a command opened two trades"
    assert len(tags) > told["commands"] / 10
    for tag in tags:
        assert "done" in answers[int(tag[1:])], "a trade that nobody was told of"
    with unit_of_work(ports):
        trade_prices.take_quote(account_id, BTC.key, quote(50_000, told["commands"] * 2 + 10))
    _check_books(ports, owner, account_id)


def _check_books(ports, owner, account_id):
    """Restored from its journal, the account has exactly what its trades made."""
    with unit_of_work(ports):
        money = account_money.balance(owner, account_id)
        opened = desks.seen(owner, account_id)
        trades = trade_history.newest(owner, account_id, limit=10_000)
    assert opened.engine is not None
    assert all(one.state.is_final for one in trades)
    assert money.balance.held == money.balance.margin == money.balance.unrealised == 0
    made = sum(one.net_units(10) for one in trades)
    assert money.balance.cash == money.start_units + made
