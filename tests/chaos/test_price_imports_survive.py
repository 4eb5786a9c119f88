"""An import of candles outlives its killed workers: stored whole, each bar once."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sonde.markets.persistence import series as series_rows
from sonde.markets.services import price_imports, price_store, price_sweeps
from sonde.markets.services.price_imports import PriceWish
from sonde.platform.core.jobs import JobState
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from tests.chaos.prices_worker import make_price_ports
from tests.conftest import wait_until

pytestmark = pytest.mark.timeout(300)
WORKER = Path(__file__).with_name("prices_worker.py")
HOUR = 3_600_000
YEARS = 8
WISH = PriceWish("BTCUSDT", "binance", "1h")


def made(n_years):
    """Return the times and closes of some bars of each year, and the file that tells of them."""
    starts = [np.datetime64(f"{2015 + k}-01-01").astype("datetime64[ms]") for k in range(n_years)]
    times = np.concatenate([int(one.astype(int)) + HOUR * np.arange(100) for one in starts])
    closes = 100 + np.arange(times.size) % 50
    rows = [
        f"{time},{close},{close},{close},{close},1.5"
        for time, close in zip(times, closes, strict=True)
    ]
    text = "\n".join(["timestamp,open,high,low,close,volume", *rows]) + "\n"
    return times, closes, text.encode()


@pytest.fixture
def outside(team, tmp_path):
    """The ports of the workers, whose disk is slow; this side's is not."""
    team.servers |= {"folder": str(tmp_path / "files"), "wait_s": 0.15}
    ports = make_price_ports(**{**team.servers, "wait_s": 0.0})
    yield ports
    ports.database.engine.dispose()


def test_acceptance_kill_9_in_an_import_stores_every_bar_once(team, owner, outside, soak):
    worker = team.hire(script=WORKER)
    team.hire("beat", script=WORKER)
    times, closes, content = made(YEARS)
    with unit_of_work(outside):
        asked = price_imports.stage_upload(owner, WISH, "btc.csv", content)

    def job():
        with unit_of_work(outside):
            return jobs.get(owner, asked.job_id)

    def n_files():
        return len(list(outside.files.keys(price_store.PREFIX)))

    def has_stored(wanted):
        return job().fraction > 0 and n_files() >= wanted

    for files in (0, 1, 3, YEARS - 1) if soak else (2,):
        wanted = n_files() + files
        wait_until(partial(has_stored, wanted), 30, every=0.005)
        assert not job().state.is_final
        worker.child().kill()
        with unit_of_work(outside):
            assert price_store.list_series(owner) == (), "nothing half is to be seen"
    left = n_files()
    assert left > 0, "it was killed while it stored"
    wait_until(lambda: job().state.is_final, 60)
    assert job().state is JobState.SUCCEEDED, team.words()
    with unit_of_work(outside):
        done = price_imports.get(owner, asked.id)
        (series,) = price_store.list_series(owner)
        stored = price_store.load(owner, series.id)
        parts = {part.file_key for part in series_rows.parts_of(series.id)}
    assert (done.state, done.n_new, done.n_same) == ("stored", times.size, 0)
    assert stored.open_time_ms.tolist() == times.tolist()
    assert stored.close.tolist() == closes.tolist()
    assert (len(parts), n_files()) == (YEARS, YEARS + left)
    later = replace(outside, clock=lambda: outside.clock() + timedelta(days=2))
    with unit_of_work(later):
        assert price_sweeps.sweep() == left
    assert set(outside.files.keys(price_store.PREFIX)) == parts
    with unit_of_work(outside):
        again = price_store.append_candles(owner, stored)
    assert (again.n_new, again.n_same, again.series.n_bars) == (0, times.size, times.size)
