"""A strategy outlives its killed runners: no signal is lost or doubled, no trade either."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sonde.markets.services import replays, trade_history
from sonde.markets.services.automations import asking, parity, signal_log
from sonde.markets.services.automations.asking import NewAutomation
from sonde.platform.persistence.files import open_files
from sonde.platform.services.work import unit_of_work
from tests.conftest import wait_until
from tests.integration.markets.automation_data import AT_ONCE, Desk
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, store

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("strategy_worker.py")
OFTEN = {"fast": 3, "slow": 9, "sides": "long"}
BARS = 700


@pytest.fixture
def twin(ports, people):
    """The same strategy over the same bars, taken along at once by nobody who dies."""
    desk = Desk(ports, people("Una"), n_bars=BARS)
    made = desk.started(settings=OFTEN)
    desk.hours(BARS)
    desk.round()
    return told_of(desk, made)


def told_of(ask, made):
    """Return what a strategy decided and traded, without its ids."""
    signals = ask(signal_log.signals, made.automation_id, limit=500)
    trades = ask(trade_history.newest, made.account_id, limit=500)
    return (
        [(one.bar_ms, one.wish, one.outcome, one.words) for one in signals],
        [(one.opened_ms, one.closed_ms, one.entry_weight, one.exit_weight) for one in trades],
    )


def test_kill_9_of_the_runner_loses_and_doubles_no_signal(
    ports, people, twin, app_database_url, valkey, tmp_path, soak
):
    kills = 40 if soak else 6
    tess, folder = people("Tess"), tmp_path / "files"
    ports = replace(ports, files=open_files(folder.as_uri(), folder))
    series = store(ports, tess, BARS)

    def ask(service, *given, **named):
        with unit_of_work(ports):
            return service(tess, *given, **named)

    seconds = kills * 0.75
    replay = ask(replays.create, [series.id], speed=600 * 3600 / seconds)
    ask(replays.seek, replay.id, BEGIN_MS + 100 * HOUR_MS)
    wanted = NewAutomation("BTCUSDT", "sma-cross", OFTEN, replay_id=replay.id, terms=AT_ONCE)
    made = ask(asking.create, wanted)
    ask(asking.start, made.automation_id)
    ask(replays.play, replay.id)
    asked = {
        "database_url": app_database_url,
        "broker_url": valkey.url(0),
        "folder": str(folder),
        "kills": kills,
        "seed": 3,
        "until": str(tmp_path / "enough"),
    }
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    with subprocess.Popen(
        [sys.executable, str(WORKER), json.dumps(asked)], env={**os.environ, "PYTHONPATH": path}
    ) as worker:
        end_ms = BEGIN_MS + BARS * HOUR_MS
        try:
            wait_until(lambda: ask(asking.get, made.automation_id).decided_ms == end_ms, 40)
        finally:
            Path(asked["until"]).touch()
        assert worker.wait(30) == 0
    assert len(twin[0]) > 20
    assert told_of(ask, made) == twin
    report = ask(parity.compare, made.automation_id)
    assert report.found.differences == ()
