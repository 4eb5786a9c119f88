"""Sweeps, walk-forwards and analyses as jobs: whole, resumable, honest."""

import pytest
from sqlalchemy import func

from sonde.markets.core.backtesting import walk_forward
from sonde.markets.services.backtests import asking, results, sweeps
from sonde.markets.services.backtests.asking import Wish
from sonde.markets.services.backtests.results import prefix_of
from sonde.platform.core.errors import Invalid, Unavailable
from sonde.platform.persistence.database import session
from sonde.platform.persistence.jobs import JobRow
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.markets.backtest_data import answered, store

pytestmark = pytest.mark.integration
GRID = {"axes": {"fast": [3, 5, 30], "slow": [20, 30]}}


@pytest.fixture(scope="module", autouse=True)
def series(ports, actor):
    return store(ports, actor)


def test_a_sweep_tells_cells_map_and_doubt(ports, actor):
    done = answered(ports, actor, "sweep", study=GRID)
    found = done.results
    assert (found["n_cells"], found["n_refused"]) == (4, 2)
    assert found["refused"][0]["reason"]
    sharpes = [cell["figures"]["sharpe"]["value"] for cell in found["cells"]]
    assert sharpes == sorted(sharpes, reverse=True)
    assert found["best"] == found["cells"][0]
    assert done.summary["settings"] == found["best"]["settings"]
    (chart,) = found["maps"]
    assert (chart["x"], chart["y"], chart["x_values"]) == ("fast", "slow", [3, 5, 30])
    assert chart["values"][0][2] is None
    assert 0 <= found["doubt"]["deflated"]["probability"] <= 1
    assert found["doubt"]["deflated"]["trials"] == 4


def test_a_cell_is_the_backtest_of_its_settings(ports, actor):
    done = answered(ports, actor, "sweep", study={"axes": {"fast": [5]}}, settings={"slow": 20})
    alone = answered(ports, actor)
    (cell,) = done.results["cells"]
    assert cell["settings"] == alone.asked["settings"]
    assert cell["figures"]["net_profit"]["value"] == pytest.approx(
        float(alone.results["net_profit"]), abs=1e-6
    )
    assert cell["figures"]["sharpe"]["value"] == pytest.approx(alone.summary["sharpe"])


def test_a_sweep_goes_on_where_it_was_interrupted(ports, actor, monkeypatch):
    monkeypatch.setattr(sweeps, "_CHUNK", 1)
    with unit_of_work(ports):
        asked = asking.ask(actor, "sweep", Wish("BTCUSDT", "sma-cross", study=GRID))
    core, calls = sweeps.sweep, []

    def interrupted(*args, **named):
        calls.append(args[2].accepted)
        if len(calls) == 3:
            raise Unavailable("The store of files does not answer.")
        return core(*args, **named)

    monkeypatch.setattr(sweeps, "sweep", interrupted)
    assert run_job(ports, asked.job_id, "first worker") == "released"
    with unit_of_work(ports):
        session().get(JobRow, asked.job_id).not_before = func.now()
    prefix = prefix_of(actor.workspace_id, asked.backtest_id)
    assert len(list(ports.files.keys(prefix))) == 2
    assert run_job(ports, asked.job_id, "second worker") == "succeeded"
    assert len(calls) == 5  # two done, one interrupted, that one again, and the last
    with unit_of_work(ports):
        found = results.get(actor, asked.backtest_id)
    monkeypatch.setattr(sweeps, "_CHUNK", 100)
    whole = answered(ports, actor, "sweep", study=GRID)
    assert found.results == whole.results
    assert len(list(ports.files.keys(prefix))) == 1


def test_a_walk_forward_goes_on_behind_its_finished_windows(ports, actor, monkeypatch):
    study = {**GRID, "train": 400, "test": 200, "purge": 5, "measure": "net_profit"}
    with unit_of_work(ports):
        asked = asking.ask(actor, "walk-forward", Wish("BTCUSDT", "sma-cross", study=study))
    core, trained = walk_forward.sweep, []

    def interrupted(*args, **named):
        trained.append(int(args[0].open_time_ms[0]))
        if len(trained) == 4:
            raise Unavailable("The store of files does not answer.")
        return core(*args, **named)

    monkeypatch.setattr(walk_forward, "sweep", interrupted)
    assert run_job(ports, asked.job_id, "first worker") == "released"
    with unit_of_work(ports):
        session().get(JobRow, asked.job_id).not_before = func.now()
    assert run_job(ports, asked.job_id, "second worker") == "succeeded"
    assert len(trained) == 7  # three finished, the fourth twice, then the last two
    assert sorted(set(trained)) == sorted(trained[:3] + trained[4:])
    with unit_of_work(ports):
        found = results.get(actor, asked.backtest_id)
    assert found.results == answered(ports, actor, "walk-forward", study=study).results
    assert len(list(ports.files.keys(prefix_of(actor.workspace_id, asked.backtest_id)))) == 1


def test_parts_of_other_candles_are_not_gone_on_from(ports, actor, monkeypatch):
    store(ports, actor, 800, symbol="ETHUSDT")
    monkeypatch.setattr(sweeps, "_CHUNK", 2)
    with unit_of_work(ports):
        asked = asking.ask(actor, "sweep", Wish("ETHUSDT", "sma-cross", study=GRID))
    core, calls = sweeps.sweep, []

    def interrupted(*args, **named):
        calls.append(args[0].n)
        if len(calls) == 2:
            raise Unavailable("The store of files does not answer.")
        return core(*args, **named)

    monkeypatch.setattr(sweeps, "sweep", interrupted)
    assert run_job(ports, asked.job_id, "first worker") == "released"
    store(ports, actor, 1200, symbol="ETHUSDT")
    with unit_of_work(ports):
        session().get(JobRow, asked.job_id).not_before = func.now()
    assert run_job(ports, asked.job_id, "second worker") == "succeeded"
    assert calls == [800, 800, 1200, 1200]
    with unit_of_work(ports):
        assert results.get(actor, asked.backtest_id).source["bars"] == 1200


def test_draws_are_repeatable(ports, actor):
    study = {"bounds": {"fast": [3, 10]}, "draws": 6, "seed": 4}
    one, two = (answered(ports, actor, "sweep", study=study) for _ in range(2))
    assert one.results == two.results


def test_a_walk_forward_proves_its_separation(ports, actor):
    study = {**GRID, "train": 400, "test": 200, "purge": 5, "measure": "net_profit"}
    done = answered(ports, actor, "walk-forward", study=study)
    found = done.results
    assert found["separation"]["holds"] is True
    assert len(found["windows"]) == done.summary["windows"] == 6
    trades = sum(window["tested_trades"] for window in found["windows"])
    assert found["metrics"]["trading"]["n"] == trades == done.summary["trades"]


def test_no_shipped_strategy_looks_ahead(ports, actor):
    done = answered(ports, actor, "look-ahead", study={"cuts": 20})
    assert done.summary == {"looks_ahead": False, "repeatable": True, "columns": []}
    assert done.results["n_cuts"] > 5


def test_the_memory_of_an_average_is_told(ports, actor):
    done = answered(ports, actor, "recursive", strategy="ema-cross", study={})
    assert done.results["starts"] == [150, 375, 750]
    assert done.summary["longest_memory"] > 0


def test_monte_carlo_keeps_the_sum_when_it_shuffles(ports, actor):
    done = answered(ports, actor, "monte-carlo", study={"draws": 200})
    found = done.results
    final = float(found["final_equity"])
    assert found["shuffle"]["final"] == pytest.approx([final] * 6)
    assert found["resample"]["max_drawdown"] == sorted(found["resample"]["max_drawdown"])
    assert len(found["shuffle"]["bands"][0]) == len(found["shuffle"]["band_trades"])


def test_too_few_bars_fail_with_a_sentence(ports, actor):
    study = {**GRID, "train": 5000, "test": 200}
    with unit_of_work(ports):
        asked = asking.ask(actor, "walk-forward", Wish("BTCUSDT", "sma-cross", study=study))
    assert run_job(ports, asked.job_id, "test worker") == "failed"
    with unit_of_work(ports):
        found = results.get(actor, asked.backtest_id)
        assert found.state == "failed"
        assert "leave nothing of 1500 bars to test" in found.error
        with pytest.raises(Invalid, match="axes"):
            asking.ask(actor, "sweep", Wish("BTCUSDT", "sma-cross"))
