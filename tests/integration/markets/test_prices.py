"""Prices on the real database: imported, appended, merged, resampled, deleted, seen by whom."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.persistence import series as series_rows
from sonde.markets.services import instruments, price_imports, price_store, price_sweeps, prices
from sonde.markets.services.price_imports import PriceWish
from sonde.markets.tasks import prices as task
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import unit_of_work
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, ROWS, columns, text

pytestmark = pytest.mark.integration
MINUTE = 60_000


class Run:
    """A job's run without a lease, which has tests of its own."""

    def __init__(self, outside, actor):
        self.outside, self.actor, self.phases = outside, actor, []

    def progress(self, phase, fraction, message=""):
        self.phases.append(phase)

    def work(self):
        return unit_of_work(self.outside)


def candles(bars, symbol="BTCUSDT", timeframe="1h", name="a.csv", venue="binance"):
    source = Provenance(venue, "file", name, "ab" * 32, 0)
    instrument = inferred_instrument(symbol, bars, venue=venue)
    return bars.candles(instrument, Timeframe(timeframe), source)


def append(ports, actor, *args, overwrite=False, **named):
    with unit_of_work(ports):
        return price_store.append_candles(
            actor, candles(*args, **named), overwrite=overwrite, is_inferred=True
        )


@pytest.fixture
def ada(actor):
    """Ada in a workspace of this test alone."""
    workspace = new_id()
    return replace(actor, workspace_id=workspace, workspace_ids=frozenset({workspace}))


def hours(first, last, close=10.0):
    return columns(BEGIN + HOUR * np.arange(first, last), np.full(last - first, close))


def test_an_upload_becomes_a_series_by_a_job_done_once(ports, ada):
    wish = PriceWish("BTCUSDT", "binance")
    with unit_of_work(ports):
        staged = price_imports.stage_upload(ada, wish, "..\\btc.csv", text().encode())
    assert (staged.state, staged.file_name) == ("waiting", "btc.csv")
    run = Run(ports, ada)
    assert task.run(run, {"import_id": staged.id}).result == {"new": 3, "same": 0, "changed": 0}
    again = task.run(Run(ports, ada), {"import_id": staged.id})
    assert again.result == {"new": 3, "same": 0, "changed": 0}
    with unit_of_work(ports):
        done = price_imports.get(ada, staged.id)
        series = prices.find(ada, "binance:BTCUSDT", "1h")
        found = prices.candles(ada, series.id)
        assert [each.id for each in price_imports.recent(ada)] == [staged.id]
        assert prices.statistics(ada, series.id).n_bars == 3
        assert prices.gaps(ada, series.id).n_gaps == 0
        assert prices.find_outliers(ada, series.id) == ()
    assert (done.state, done.series_id) == ("stored", series.id)
    assert found.open_time_ms.tolist() == [row[0] for row in ROWS]
    assert found.ticks().close.tolist() == [1100, 1225, 1175]
    assert series.instrument.tick == Decimal("0.01")
    source = found.source
    assert (source.feed, source.name, source.sha256) == ("file", "btc.csv", done.sha256)
    assert source.age_ms(source.loaded_at_ms + 7) == 7
    assert not ports.files.exists(f"price-uploads/{staged.id}")


def test_a_file_that_is_refused_leaves_its_reason_and_nothing_else(ports, ada):
    bad = text([*ROWS[:2], (BEGIN + 2 * HOUR, 1, 0.5, 1, 1, 1)]).encode()
    with unit_of_work(ports):
        staged = price_imports.stage_upload(ada, PriceWish("BAD"), "bad.csv", bad)
    with pytest.raises(Invalid, match="Row 4, column high"):
        task.run(Run(ports, ada), {"import_id": staged.id})
    with unit_of_work(ports):
        failed = price_imports.get(ada, staged.id)
        assert failed.state == "failed"
        assert "Row 4, column high: 0.5 is below" in failed.notes[0]
        assert prices.list_series(ada) == ()
        with pytest.raises(Conflict, match="was let go"):
            price_imports.plan(ada, staged.id)
    assert not ports.files.exists(f"price-uploads/{staged.id}")


def test_defect_17_overlapping_imports_hold_one_bar_for_each_time(ports, ada):
    first = append(ports, ada, hours(0, 5))
    second = append(ports, ada, hours(3, 9), name="b.csv")
    assert (first.n_new, second.n_new, second.n_same) == (5, 4, 2)
    with pytest.raises(Conflict, match="2 bars differ from what is stored"):
        append(ports, ada, hours(0, 2, close=11.0))
    changed = append(ports, ada, hours(0, 2, close=11.0), overwrite=True)
    with unit_of_work(ports):
        found = price_store.load(ada, changed.series.id)
    assert (changed.n_changed, changed.series.n_bars) == (2, 9)
    assert found.close.tolist() == [11.0, 11.0, *[10.0] * 7]
    assert found.source.name == "b.csv; a.csv"
    assert found.source.sha256 == changed.series.sha256 != first.series.sha256


def test_defect_17_a_bar_that_is_still_open_is_not_stored(ports, ada):
    now_ms = round(datetime.now(UTC).timestamp() * 1000)
    opened = Timeframe("1h").floor(now_ms)
    stored = append(ports, ada, columns([opened - HOUR, opened]))
    assert (stored.n_new, stored.n_open, stored.series.last_ms) == (1, 1, opened - HOUR)


def test_defect_27_bars_come_in_order_of_utc_however_they_were_stored(ports, ada):
    later = append(ports, ada, hours(10, 12))
    append(ports, ada, hours(0, 4))
    with unit_of_work(ports):
        found = price_store.load(ada, later.series.id, BEGIN + 2 * HOUR, BEGIN + 11 * HOUR)
        last = price_store.last_time_ms(ada, "binance:BTCUSDT", Timeframe("1h"))
        assert price_store.last_time_ms(ada, "binance:ETHUSDT", Timeframe("1h")) is None
    assert ((found.open_time_ms - BEGIN) // HOUR).tolist() == [2, 3, 10]
    assert last == BEGIN + 11 * HOUR


def test_defect_28_names_from_outside_are_values_and_never_sql(ports, ada):
    nasty = "x'); drop table markets_series; --"
    with unit_of_work(ports):
        with pytest.raises(Invalid, match="is no symbol such as BTCUSDT"):
            price_imports.check_wish(ada, PriceWish(nasty))
        with pytest.raises(NotFound):
            prices.find(ada, nasty)
        with pytest.raises(NotFound):
            prices.candles(ada, nasty)
    stored = append(ports, ada, hours(0, 2), symbol="A/B:C'--")
    with unit_of_work(ports):
        assert prices.find(ada, "A/B:C'--").id == stored.series.id
        (part,) = series_rows.parts_of(stored.series.id)
    assert "'" not in part.file_key


def test_only_the_period_that_changed_is_written_again(ports, ada):
    days = 24 * 60
    bars = columns(BEGIN + MINUTE * np.arange(0, 62 * days, 60), volume=1.5)
    stored = append(ports, ada, bars, timeframe="1m")
    with unit_of_work(ports):
        before = {part.period: part for part in series_rows.parts_of(stored.series.id)}
    append(ports, ada, columns([BEGIN + 62 * days * MINUTE]), timeframe="1m")
    with unit_of_work(ports):
        after = {part.period: part for part in series_rows.parts_of(stored.series.id)}
    assert list(before) == ["2021-06", "2021-07", "2021-08"]
    same = [period for period in after if before[period].file_key == after[period].file_key]
    assert same == ["2021-06", "2021-07"]
    assert not ports.files.exists(before["2021-08"].file_key)
    assert after["2021-08"].file_key.startswith(f"prices/{ada.workspace_id}/binance/BTCUSDT/1m/")


def test_what_is_rolled_back_is_not_there(ports, ada):
    stored = append(ports, ada, hours(0, 3))

    def fail():
        with unit_of_work(ports):
            price_store.append_candles(ada, candles(hours(3, 9)), is_inferred=True)
            price_store.append_candles(ada, candles(hours(2, 4, close=11.0)), is_inferred=True)

    with pytest.raises(Conflict):
        fail()
    with unit_of_work(ports):
        assert price_store.load(ada, stored.series.id).n == 3


def test_two_who_append_at_once_lose_no_bar(ports, ada):
    append(ports, ada, hours(0, 1))
    with ThreadPoolExecutor(4) as pool:
        for each in [
            pool.submit(append, ports, ada, hours(first, first + 3)) for first in range(1, 40, 3)
        ]:
            each.result()
    with unit_of_work(ports):
        series = prices.find(ada, "BTCUSDT")
        found = price_store.load(ada, series.id)
        keys = {part.file_key for part in series_rows.parts_of(series.id)}
    assert ((found.open_time_ms - BEGIN) // HOUR).tolist() == list(range(40))
    assert set(ports.files.keys(f"prices/{ada.workspace_id}/")) == keys


def test_uploads_may_be_streams_and_have_a_limit(ports, ada):
    class Huge(io.BytesIO):
        def seek(self, place, whence=0):
            return 1 << 40 if whence == 2 else super().seek(place, whence)

    with unit_of_work(ports):
        staged = price_imports.stage_upload(
            ada, PriceWish("ABC"), "abc.csv", io.BytesIO(text().encode())
        )
        with pytest.raises(TooLarge, match="At most 537 MB are imported at once"):
            price_imports.stage_upload(ada, PriceWish("ABC"), "abc.csv", Huge())
    assert task.run(Run(ports, ada), {"import_id": staged.id}).result["new"] == 3


def test_resampling_stores_whole_bars_and_may_be_done_again(ports, ada):
    minutes = columns(BEGIN + MINUTE * np.arange(30, 200), volume=0.1)
    fine = append(ports, ada, minutes, timeframe="1m").series
    with unit_of_work(ports):
        made = prices.resample(ada, fine.id, "1h")
        again = prices.resample(ada, fine.id, "1h")
        found = prices.candles(ada, made.series.id)
        with pytest.raises(Invalid, match="no whole bar of 1d"):
            prices.resample(ada, fine.id, "1d")
        with pytest.raises(NotFound, match=r"fits several series: binance:BTCUSDT 1m, .* 1h"):
            prices.find(ada, "BTCUSDT")
    assert ((made.n_new, again.n_new, again.n_same)) == (2, 0, 2)
    assert found.volume.tolist() == [6.0, 6.0]
    assert found.source.name == "a.csv, resampled from 1m"


def test_people_see_and_change_their_own(ports, ada, other_actor, viewer):
    stored = append(ports, ada, hours(0, 3)).series
    with unit_of_work(ports):
        for look in (prices.candles, prices.gaps, prices.statistics, prices.delete):
            with pytest.raises(NotFound):
                look(other_actor, stored.id)
        guest = replace(viewer, workspace_id=ada.workspace_id, workspace_ids=ada.workspace_ids)
        assert prices.candles(guest, stored.id).n == 3
        colleague = replace(other_actor, workspace_ids=ada.workspace_ids)
        for act in (
            lambda: prices.delete(guest, stored.id),
            lambda: prices.delete(colleague, stored.id),
            lambda: prices.resample(guest, stored.id, "1d"),
            lambda: price_store.append_candles(guest, candles(hours(0, 1))),
            lambda: price_imports.stage_upload(guest, PriceWish("X"), "x.csv", b""),
        ):
            with pytest.raises(Forbidden):
                act()
        assert prices.list_series(other_actor) == ()
        with pytest.raises(NotFound):
            price_imports.get(other_actor, new_id())


def test_a_deleted_series_leaves_no_file(ports, ada):
    stored = append(ports, ada, hours(0, 3)).series
    with unit_of_work(ports):
        keys = [part.file_key for part in series_rows.parts_of(stored.id)]
        prices.delete(ada, stored.id)
    assert not any(ports.files.exists(key) for key in keys)
    with unit_of_work(ports), pytest.raises(NotFound):
        prices.find(ada, "BTCUSDT")


def test_a_grid_read_from_decimals_gives_way_to_a_stated_one(ports, ada):
    append(ports, ada, hours(0, 3, close=10.5))
    append(ports, ada, hours(3, 5, close=10.25))
    with unit_of_work(ports):
        known = instruments.get(ada, "binance:BTCUSDT")
        assert known.tick == Decimal("0.01")
        stated = replace(known, tick=Decimal("0.05"), min_notional=Decimal(5))
        instruments.ensure(ada, stated, is_inferred=False)
        assert instruments.list_instruments(ada) == (stated,)
    append(ports, ada, hours(5, 6, close=10.05))
    with unit_of_work(ports):
        assert instruments.get(ada, "binance:BTCUSDT") == stated
        with pytest.raises(Invalid, match=r"is known with a tick of 0\.05"):
            instruments.ensure(ada, replace(stated, tick=Decimal(1)), is_inferred=False)
        with pytest.raises(NotFound, match="import its prices first"):
            instruments.get(ada, "kraken:BTCUSDT")


def test_the_sweep_lets_go_of_old_uploads_and_lost_files(ports, ada):
    with unit_of_work(ports):
        staged = price_imports.stage_upload(ada, PriceWish("OLD"), "old.csv", b"x")
    ports.files.put("prices/w/x/y/1h/2021-01ARZ3NDEKTSV4RRFFQ69G5FAV.parquet", b"lost")
    later = replace(ports, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    with unit_of_work(ports):
        assert price_sweeps.sweep() >= 1
    assert ports.files.exists(f"price-uploads/{staged.id}")
    task.sweep(Run(later, ada), {})
    with unit_of_work(ports):
        assert price_imports.get(ada, staged.id).state == "expired"
    assert not list(ports.files.keys("price-uploads/"))
    assert not list(ports.files.keys("prices/w/"))
