"""Real runs: their figures add up, and two that were told different things differ for reasons."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from sonde.markets.core.backtesting.bootstrap import Bootstrap
from sonde.markets.core.backtesting.metrics.report import measure
from sonde.markets.core.backtesting.parity import Parity, conditions_of, parity
from sonde.markets.core.backtesting.results import Run
from sonde.markets.core.backtesting.running import run
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.engine.listings import Costs
from sonde.markets.core.instruments import FeeSchedule
from sonde.markets.core.strategies.catalogue import strategy_named
from sonde.markets.core.strategies.protocol import decided
from tests.unit.markets.core.backtesting.planted import random_walk

_WALK = random_walk(1500, seed=3)
_CROSS = decided(strategy_named("sma-cross"), _WALK, {"fast": 5, "slow": 13})
_WISHES = replace(_CROSS, stop_price=_WALK.close * 0.985, target_price=_WALK.close * 1.03)
_TOLD = BacktestSettings()
_LOW = FeeSchedule(Decimal("0.0005"), Decimal("0.0005"))


@pytest.fixture(scope="module")
def backtest() -> Run:
    return run(_WALK, _WISHES, _TOLD)


def _against(backtest: Run, told: BacktestSettings) -> Parity:
    paper = run(_WALK, _WISHES, told)
    conditions = conditions_of(_WALK, told), conditions_of(_WALK, _TOLD)
    return parity(paper.trades, backtest.trades, conditions)


def test_acceptance_one_engine_has_no_difference_from_itself(backtest: Run) -> None:
    found = _against(backtest, _TOLD)
    assert found.identical == len(backtest.trades) > 50
    assert found.differences == ()


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        ({"latency_ms": 500}, "time", "latency: 500 ms later"),
        ({"costs": Costs(slippage_ppm=200)}, "price", "costs: spread"),
        ({"costs": Costs(volume_share=Decimal("0.02"))}, "time", "costs: another volume share"),
        ({"fees": _LOW}, "fee", "fees: another schedule"),
    ],
)
def test_acceptance_every_difference_is_explained(
    backtest: Run, changed: dict, kind: str, words: str
) -> None:
    found = _against(backtest, replace(_TOLD, **changed))
    assert found.differences
    assert found.unexplained == ()
    first = [each for each in found.differences if each.kind == kind]
    assert first[0].explanation.startswith(words)


def test_a_paper_account_that_fills_at_the_close_is_found_out(backtest: Run) -> None:
    close = dict(zip(_WALK.open_time_ms.tolist(), _WALK.close.tolist(), strict=True))
    early = np.array([close[int(time)] for time in backtest.trades.entry_time_ms])
    wrong = replace(backtest.trades, entry_price=early)
    told = conditions_of(_WALK, _TOLD)
    found = parity(wrong, backtest.trades, (told, told))
    assert len(found.unexplained) > 50
    assert {each.kind for each in found.unexplained} == {"price"}


def test_figures_of_a_run_add_up(backtest: Run) -> None:
    report = measure(backtest, _WALK, 0.001, Bootstrap(1, 100))
    net = float(backtest.net_profit)
    assert report.trading.net == pytest.approx(net)
    assert report.growth.total_return.value == pytest.approx(net / 10_000)
    assert report.equity[-1] == pytest.approx(10_000 + net)
    assert report.trading.net == pytest.approx(
        report.trading.gross - report.trading.fees - report.trading.funding
    )
    for span in ("day", "week", "month"):
        table = report.table(span)
        assert sum(row.profit for row in table) == pytest.approx(net)
        assert sum(row.trades for row in table) == len(backtest.trades)
    for parts in (report.parts.by_side, report.parts.by_exit_reason, report.parts.by_symbol):
        assert sum(each.net for each in parts.values()) == pytest.approx(net)
    assert {"stop", "target", "signal"} >= set(report.parts.by_exit_reason) - {"end of data"}
    assert report.activity.turnover.value == pytest.approx(
        report.trading.fees / 0.001 / report.equity.mean(), rel=1e-6
    )


def test_buying_and_holding_is_the_line_beside_it() -> None:
    """The strategy enters at the second open, the line at the first."""
    held = run(_WALK, decided(strategy_named("buy-and-hold"), _WALK, {}), _TOLD)
    report = measure(held, _WALK, 0.001)
    line = (1 + report.against_holding.total_return.value) * _WALK.open[0] / _WALK.open[1]
    assert 1 + report.growth.total_return.value == pytest.approx(line, rel=1e-4)
    assert report.against_holding.beta.value == pytest.approx(1.0, abs=0.02)
