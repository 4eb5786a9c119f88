"""Several symbols in one account and the rules of risk: asked, computed, listed, looked at."""

from decimal import Decimal

import pytest

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.services.backtests import asking, columns, comparing, redrawing, results
from sonde.markets.services.backtests.asking import Wish
from sonde.markets.ui.backtests import callbacks
from sonde.markets.ui.backtests.layout import stored_of
from sonde.markets.ui.backtests.page import body_of, runs_of
from sonde.markets.ui.backtests.state import RunsState
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.backtest_data import answered, store

pytestmark = pytest.mark.integration
HALF = Assumptions(size=Decimal("0.4"))


@pytest.fixture(scope="module", autouse=True)
def every(ports, actor):
    store(ports, actor, seed=1)
    store(ports, actor, symbol="ETHUSDT", seed=2, n=1200)
    return store(ports, actor, symbol="XRPUSDT", seed=3, hours=4, n=375)


@pytest.fixture(scope="module")
def run(ports, actor):
    """Two symbols in one account."""
    return answered(ports, actor, also=("ETHUSDT",), assumptions=HALF)


def test_two_symbols_share_one_account(ports, actor, run):
    assert run.symbol == "BTCUSDT, ETHUSDT"
    assert run.title == "Backtest: SMA cross on BTCUSDT, ETHUSDT 1h"
    found = run.results
    assert [one["symbol"] for one in found["symbols"]] == ["BTCUSDT", "ETHUSDT"]
    assert sum(one["trades"] for one in found["symbols"]) == found["metrics"]["trading"]["n"]
    brought = sum(Decimal(one["net"]) for one in found["symbols"])
    assert brought == Decimal(found["net_profit"])
    assert len(run.source["symbols"]) == 2
    with unit_of_work(ports):
        line = columns.equity(actor, run.backtest_id)
        told = columns.trades(actor, run.backtest_id, limit=200).items
        whole = (run.source["from_ms"], run.source["to_ms"])
        one = columns.trade_marks(actor, run.backtest_id, whole, symbol="ETHUSDT")
    assert max(line.position) == 2.0
    assert {each["symbol"] for each in told} == {"BTCUSDT", "ETHUSDT"}
    assert one.n == found["symbols"][1]["trades"]


def test_its_page_compares_and_draws_as_any_other(ports, actor, run):
    alone = answered(ports, actor)
    with unit_of_work(ports):
        assert comparing.compare_backtests(actor, [run.backtest_id, alone.backtest_id]).rows
        assert redrawing.redrawn(actor, run.backtest_id)["shuffle"]["draws"]
        assert "one account" in str(body_of(actor, run)).lower()
        listed = results.page(actor, symbol="ETHUSDT").items
    assert [one.backtest_id for one in listed] == [run.backtest_id]


def test_acceptance_backtest_control_symbol_of_the_candles(ports, actor, run):
    with unit_of_work(ports):
        shown = [
            str(callbacks.draw_candles(actor, {"span": None}, symbol, stored_of(run)))
            for symbol in ("BTCUSDT", "ETHUSDT")
        ]
    assert "Trades on binance:BTCUSDT 1h" in shown[0]
    assert "Trades on binance:ETHUSDT 1h" in shown[1]


def test_acceptance_backtest_control_filters_of_the_list(ports, actor, run):
    with unit_of_work(ports):
        found = [
            len(runs_of(actor, RunsState(kind=kind, symbol=symbol)).items)
            for kind, symbol in (("backtest", ""), ("sweep", ""), ("", "ETH"), ("", "DOGE"))
        ]
    assert found[0] > 0
    assert found[1:] == [0, found[2], 0]
    assert 0 < found[2] < found[0] + 1


def test_monte_carlo_takes_several(ports, actor):
    done = answered(
        ports, actor, "monte-carlo", also=("ETHUSDT",), assumptions=HALF, study={"draws": 20}
    )
    assert done.results["symbols"]


@pytest.mark.parametrize(
    ("kind", "also", "words"),
    [
        ("look-ahead", ("ETHUSDT",), "looks at one symbol"),
        ("backtest", ("BTCUSDT",), "once"),
        ("backtest", tuple(f"S{k}" for k in range(20)), "At most 20"),
    ],
)
def test_what_cannot_share_an_account_is_refused(ports, actor, kind, also, words):
    with unit_of_work(ports), pytest.raises(Invalid, match=words):
        asking.ask(actor, kind, Wish("BTCUSDT", "sma-cross", timeframe="1h", also=also))


def test_a_symbol_without_bars_of_this_length_is_named(ports, actor):
    with unit_of_work(ports), pytest.raises(NotFound, match="XRPUSDT"):
        asking.ask(actor, "backtest", Wish("BTCUSDT", "sma-cross", also=("XRPUSDT",)))


def test_what_the_rules_held_back_is_told(ports, actor):
    limits = {"cooldown_minutes": "3000"}
    done = answered(ports, actor, assumptions=Assumptions(limits=limits))
    held = done.results["held_back"]
    assert held["n"] == held["rules"]["cooldown"] > 0
    assert "rests for" in held["first"][0]["words"]
    with unit_of_work(ports):
        shown = str(body_of(actor, done))
        assert "Held back by the risk rules" in shown
        assert "pause after an exit 3000 min" in shown
    odd = Assumptions(limits={"nonsense": "1"})
    wish = Wish("BTCUSDT", "sma-cross", timeframe="1h", assumptions=odd)
    with unit_of_work(ports), pytest.raises(Invalid, match="no 'nonsense'"):
        asking.ask(actor, "backtest", wish)


def test_a_search_keeps_the_rules(ports, actor):
    study = {"axes": {"fast": [5], "slow": [20]}}
    limits = Assumptions(limits={"cooldown_minutes": "3000"})
    alone = answered(ports, actor, assumptions=limits)
    swept = answered(ports, actor, "sweep", study=study, settings={}, assumptions=limits)
    (cell,) = swept.results["cells"]
    assert cell["figures"]["net_profit"]["value"] == pytest.approx(
        float(alone.results["net_profit"]), abs=1e-6
    )
