"""Backtests on the real PostgreSQL: asked, run by a worker, looked at, compared, deleted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.core.backtesting.running import run
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.markets.core.strategies.protocol import decided, settings_for
from sonde.markets.services import price_store
from sonde.markets.services.backtests import asking, columns, comparing, results
from sonde.markets.services.backtests.asking import Wish
from sonde.markets.services.backtests.results import prefix_of
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.services import jobs, notifications
from sonde.platform.services.events import deliver_pending
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, answered, store

pytestmark = pytest.mark.integration
SMA = {"fast": 5, "slow": 20}


@pytest.fixture(scope="module")
def series(ports, actor):
    return store(ports, actor)


@pytest.fixture(scope="module")
def done(ports, actor, series):
    return answered(ports, actor, settings=SMA)


def test_a_backtest_is_what_the_engine_says(ports, actor, series, done):
    with unit_of_work(ports):
        candles = price_store.load(actor, series.id)
        page = columns.trades(actor, done.backtest_id, limit=200)
    strategy = strategy_named("sma-cross")
    settings = Assumptions().settings(candles.instrument)
    own = run(candles, decided(strategy, candles, SMA), settings)
    assert done.state == "succeeded"
    assert Decimal(done.results["net_profit"]) == own.net_profit
    assert Decimal(done.results["fees"]) == own.fees
    assert done.summary["trades"] == len(own.trades) == len(page.items) > 10
    assert sum(Decimal(each["net"]) for each in page.items) == own.net_profit
    assert done.results["metrics"]["trading"]["n"] == len(own.trades)
    assert [row["name"] for row in done.results["months"]] == ["2024-01", "2024-02", "2024-03"]
    assert done.asked["settings"] == dict(settings_for(strategy, SMA))


def test_the_candles_are_named_with_their_hash(series, done):
    source = done.source
    assert (source["name"], source["sha256"]) == ("wave.csv", "ab" * 32)
    assert (source["key"], source["bars"]) == ("binance:BTCUSDT", series.n_bars)
    assert len(source["candles_sha256"]) == 64
    assert source["from_ms"] == BEGIN_MS


def test_the_same_question_brings_the_same_answer(ports, actor, done):
    again = answered(ports, actor, settings=SMA)
    assert again.backtest_id != done.backtest_id
    assert (again.results, again.source) == (done.results, done.source)


def test_trades_come_in_pages(ports, actor, done):
    with unit_of_work(ports):
        whole = columns.trades(actor, done.backtest_id, limit=200).items
        found, cursor = [], ""
        while not found or cursor:
            part = columns.trades(actor, done.backtest_id, cursor=cursor, limit=7)
            found += part.items
            cursor = part.next_cursor
        assert found == list(whole)
        for hostile in ("-1", "1.5", "x", "9" * 30, "٣"):
            with pytest.raises(Invalid, match="cursor"):
                columns.trades(actor, done.backtest_id, cursor=hostile)
        assert columns.trades(actor, done.backtest_id, cursor="99999").items == ()


def test_thinned_equity_keeps_the_extremes(ports, actor, done):
    with unit_of_work(ports):
        whole = columns.equity(actor, done.backtest_id, points=10_000)
        thin = columns.equity(actor, done.backtest_id, points=50)
    assert len(whole.equity) == whole.n_bars == 1500
    assert len(thin.equity) <= 50
    assert (max(thin.equity), min(thin.equity)) == (max(whole.equity), min(whole.equity))
    assert float(thin.highest) == pytest.approx(max(whole.equity))
    assert thin.close_time_ms[-1] == BEGIN_MS + 1500 * HOUR_MS


def test_costs_and_the_period_count(ports, actor, done):
    dear = answered(
        ports,
        actor,
        settings=SMA,
        from_ms=BEGIN_MS + 100 * HOUR_MS,
        to_ms=BEGIN_MS + 600 * HOUR_MS,
        assumptions=Assumptions(taker_fee=Decimal("0.01"), sizing="quote", size=Decimal(500)),
    )
    assert dear.source["bars"] == 500
    assert Decimal(dear.results["net_profit"]) < Decimal(done.results["net_profit"])


def test_backtests_stand_beside_each_other(ports, actor, done):
    other = answered(ports, actor, strategy="buy-and-hold", settings={})
    with unit_of_work(ports):
        found = comparing.compare_backtests(actor, [done.backtest_id, other.backtest_id])
        with pytest.raises(Invalid, match="2 to 20"):
            comparing.compare_backtests(actor, [done.backtest_id, done.backtest_id])
    assert found.names == (done.backtest_id, other.backtest_id)
    told = {row.name: row.figures for row in found.rows}
    assert told["total_return"][0].value == done.summary["total_return"]
    assert told["trades"][1].value == 1.0
    assert found.against_first[0].value == 0.0


def test_what_cannot_be_run_is_refused_when_it_is_asked(ports, actor, series):
    hopeless = [
        (Wish("BTCUSDT", "nothing"), NotFound, "no strategy"),
        (Wish("NOPE", "sma-cross"), NotFound, "no series"),
        (Wish("BTCUSDT", "sma-cross", {"fast": 50, "slow": 20}), Invalid, "."),
        (Wish("BTCUSDT", "sma-cross", {"quick": 3}), Invalid, "no setting"),
        (Wish("BTCUSDT", "sma-cross", from_ms=5, to_ms=5), Invalid, "ends before"),
        (Wish("BTCUSDT", "sma-cross", from_ms=0, to_ms=5), Invalid, "1,500 bars"),
        (Wish("BTCUSDT", "sma-cross", detail="5m"), NotFound, "no series"),
        (Wish("BTCUSDT", "sma-cross", detail="1h"), Invalid, "Detail"),
        (Wish("BTCUSDT", "sma-cross", assumptions=Assumptions(leverage=Decimal(50))), Invalid, "."),
        (Wish("BTCUSDT", "sma-cross", assumptions=Assumptions(size=Decimal(3))), Invalid, "size"),
    ]
    for wish, error, words in hopeless:
        with unit_of_work(ports), pytest.raises(error, match=words):
            asking.ask(actor, "backtest", wish)
    with unit_of_work(ports), pytest.raises(Invalid, match="There is no"):
        asking.ask(actor, "miracle", Wish("BTCUSDT", "sma-cross"))


def test_a_viewer_asks_for_nothing_and_others_see_nothing(ports, actor, viewer, other_actor, done):
    with unit_of_work(ports):
        with pytest.raises(Forbidden):
            asking.ask(viewer, "backtest", Wish("BTCUSDT", "sma-cross"))
        for look in (results.get, columns.trades, columns.equity, results.delete):
            with pytest.raises(NotFound):
                look(other_actor, done.backtest_id)
        assert results.page(other_actor).items == ()
        colleague = replace(other_actor, workspace_ids=actor.workspace_ids)
        assert results.get(colleague, done.backtest_id).backtest_id == done.backtest_id
        with pytest.raises(Forbidden):
            results.delete(colleague, done.backtest_id)


def test_a_deleted_backtest_leaves_no_file(ports, actor):
    gone = answered(ports, actor)
    prefix = prefix_of(actor.workspace_id, gone.backtest_id)
    assert len(list(ports.files.keys(prefix))) == 1
    with unit_of_work(ports):
        results.delete(actor, gone.backtest_id)
    assert list(ports.files.keys(prefix)) == []
    with unit_of_work(ports), pytest.raises(NotFound):
        results.get(actor, gone.backtest_id)


def test_deleting_cancels_what_waits_and_cancelled_ones_say_so(ports, actor):
    with unit_of_work(ports):
        waiting = asking.ask(actor, "backtest", Wish("BTCUSDT", "rsi"))
        stopped = asking.ask(actor, "backtest", Wish("BTCUSDT", "rsi"))
        with pytest.raises(Conflict, match="queued"):
            columns.trades(actor, waiting.backtest_id)
    with unit_of_work(ports):
        results.delete(actor, waiting.backtest_id)
        jobs.cancel(actor, stopped.job_id)
    assert run_job(ports, waiting.job_id, "test worker") == "not taken"
    with unit_of_work(ports):
        assert results.get(actor, stopped.backtest_id).state == "cancelled"


def test_people_are_told_when_it_is_done(ports, actor, done):
    with unit_of_work(ports):
        deliver_pending()
    with unit_of_work(ports):
        told = notifications.list_notifications(actor).items
    assert "Backtest: SMA cross on binance:BTCUSDT 1h is done" in {each.title for each in told}


def test_the_list_is_newest_first_and_paged(ports, actor, done):
    with unit_of_work(ports):
        first = results.page(actor, limit=2)
        rest = results.page(actor, cursor=first.next_cursor, limit=200)
        ids = [each.backtest_id for each in (*first.items, *rest.items)]
        assert ids == sorted(ids, reverse=True)
        assert done.backtest_id in ids
        assert all(each.results is None for each in first.items)
        assert results.page(actor, symbol="ETHUSDT").items == ()
        with pytest.raises(Invalid, match="cursor"):
            results.page(actor, cursor="nowhere")


def test_ruinous_costs_are_a_result(ports, actor, done):
    dear = Assumptions(taker_fee=Decimal("0.1"), maker_fee=Decimal("0.1"))
    ruined = answered(ports, actor, assumptions=dear)
    assert Decimal(ruined.results["fees"]) > 5 * Decimal(done.results["fees"])
    assert ruined.summary["total_return"] < -0.5
