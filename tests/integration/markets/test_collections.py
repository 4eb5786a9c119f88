"""Collections on the real database: candles from a (local) exchange, page by page, once each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from sonde.markets.core.feeds.exchange import ExchangeFeed
from sonde.markets.services import collection, feeds, price_store
from sonde.platform.core.domain import Domain
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.core.jobs import JobKind, WorkerLeaves
from sonde.platform.core.parts import Parts
from sonde.platform.services import jobs
from sonde.platform.services.schedules import start_scheduled
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.markets.exchange_server import MINUTE, PRICES, ExchangeServer, kline_row

pytestmark = pytest.mark.integration

START = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server():
    running = ExchangeServer(page_bars=30).start()
    yield running
    running.stop()


@pytest.fixture
def exchange(server, ports, admin):
    server.now_ms = 101 * MINUTE
    server.broken = 0
    server.candles["BTCUSDT", "1m"] = [kline_row(k * MINUTE, PRICES[k % 3]) for k in range(1, 102)]
    with unit_of_work(ports):
        feeds.switch_on(
            admin, "binance", ["BTCUSDT"], rest_origin=server.http, stream_origin=server.ws
        )
    return server


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.at = START + timedelta(minutes=101, seconds=30)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def outside(ports, clock):
    return replace(ports, clock=clock)


def _start(outside, actor, **options):
    with unit_of_work(outside):
        found = collection.start(actor, "binance", "btcusdt", **{"from_ms": MINUTE, **options})
        return found, jobs.active(actor)[0].id


def _get(outside, actor, found):
    with unit_of_work(outside):
        return collection.get(actor, found.id)


def test_what_is_missed_is_fetched_in_pages_and_stored_once(outside, exchange, people, clock):
    ada = people("Ada")
    found, job_id = _start(outside, ada)
    assert (found.is_on, found.rows, found.symbol, found.fraction) == (True, 0, "BTCUSDT", 0.0)
    assert run_job(outside, job_id, "w1") == "succeeded"
    after = _get(outside, ada, found)
    assert (after.rows, after.collected, after.next_ms) == (100, 100, 101 * MINUTE)
    assert (after.said, after.is_failing) == ("100 new candles", False)
    assert after.fraction > 0.99
    with unit_of_work(outside):
        series = price_store.find(ada, "BTCUSDT", "1m")
        candles = price_store.load(ada, series.id)
    assert candles.close[0] == float(PRICES[1][3])
    assert candles.source.feed == "live"


def test_the_clock_goes_on_where_it_stopped(outside, exchange, people, clock):
    ada = people("Ada")
    found, job_id = _start(outside, ada)
    run_job(outside, job_id, "w1")
    with unit_of_work(outside):
        assert not collection.is_any_due(), "nothing has closed since"
    clock.at += timedelta(minutes=6)
    exchange.now_ms += 6 * MINUTE
    exchange.candles["BTCUSDT", "1m"] += [kline_row(k * MINUTE) for k in range(102, 108)]
    with unit_of_work(outside):
        assert collection.is_any_due()
        job = start_scheduled("markets.collect")
    exchange.asked.clear()
    assert run_job(outside, job.id, "w1") == "succeeded"
    assert _get(outside, ada, found).rows == 106
    asked = [query for what, query in exchange.asked if what == "klines"]
    assert min(int(query["startTime"]) for query in asked) >= 101 * MINUTE


def test_a_killed_worker_leaves_whole_pages_and_the_next_goes_on(outside, exchange, people):
    ada = people("Ada")
    found, job_id = _start(outside, ada)

    class Leaving(ExchangeFeed):
        """A feed whose worker is gone after two pages."""

        def history(self, *asked):
            pages = super().history(*asked)
            yield next(pages)
            yield next(pages)
            raise WorkerLeaves

    kind = JobKind(
        "markets.collect",
        "Collect",
        "default",
        lambda: partial(collection.collect, open_feed=Leaving),
    )
    toy = replace(outside, parts=Parts((Domain(slug="toy", title="Toy", jobs=lambda: [kind]),)))
    assert run_job(toy, job_id, "w1") == "handed over"
    assert _get(outside, ada, found).rows == 60
    exchange.asked.clear()
    assert run_job(outside, job_id, "w2") == "succeeded"
    after = _get(outside, ada, found)
    assert (after.rows, after.collected) == (100, 100)
    asked = [int(query["startTime"]) for what, query in exchange.asked if what == "klines"]
    assert min(asked) == 61 * MINUTE


def test_an_exchange_that_fails_is_noted_and_the_job_ends(outside, exchange, people):
    ada = people("Ada")
    _, job_id = _start(outside, ada)
    with unit_of_work(outside):
        assert collection.start(ada, "binance", "NOSUCH", from_ms=0).symbol == "NOSUCH"
        other_job = jobs.active(ada)[0].id
    assert run_job(outside, other_job, "w1") == "succeeded"
    with unit_of_work(outside):
        failing = [one for one in collection.statistics(ada) if one.is_failing]
    assert [one.said for one in failing] == ["binance has no NOSUCH that can be traded."]
    assert run_job(outside, job_id, "w1") == "succeeded"


def test_stopping_stops_and_starting_again_goes_on(outside, exchange, people):
    ada = people("Ada")
    found, job_id = _start(outside, ada)
    with unit_of_work(outside):
        assert not collection.stop(ada, found.id).is_on
    run_job(outside, job_id, "w1")
    assert _get(outside, ada, found).rows == 0
    again, job_id = _start(outside, ada)
    assert (again.id, again.is_on) == (found.id, True)
    run_job(outside, job_id, "w1")
    assert _get(outside, ada, found).rows == 100
    with unit_of_work(outside):
        collection.remove(ada, found.id)
        assert collection.statistics(ada) == ()
        assert price_store.find(ada, "BTCUSDT", "1m").n_bars == 100


def test_who_may_what_and_what_is_refused(outside, exchange, people, viewer):
    ada, grace = people("Ada"), people("Grace")
    with unit_of_work(outside):
        found = collection.start(ada, "binance", "BTCUSDT")
        assert found.from_ms == 0
        with pytest.raises(NotFound):
            collection.stop(grace, found.id)
        with pytest.raises(Forbidden):
            collection.start(viewer, "binance", "BTCUSDT")
        with pytest.raises(Invalid, match="in the past"):
            collection.start(ada, "binance", "BTCUSDT", from_ms=10**15)
        with pytest.raises(Invalid, match="no timeframe"):
            collection.start(ada, "binance", "BTCUSDT", "7m")
        with pytest.raises(NotFound):
            collection.start(ada, "nosuchexchange", "BTCUSDT")
        assert collection.statistics(grace) == ()
