"""Every control of the form of backtests changes what comes of it; below the browser."""

import pytest

from sonde.markets.core.strategies.catalogue import STRATEGIES
from sonde.markets.services import price_store
from sonde.markets.services.backtests import asking, results
from sonde.markets.ui.backtests.form import LIMIT_WORDS
from sonde.markets.ui.backtests.wish import LIMITS, Form, wish_of
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.markets.backtest_data import store

pytestmark = pytest.mark.integration
CROSS = {"fast": "5", "slow": "20"}
LIMITED = {"stop_loss_percent": 1, "stop_guard_stops": 2, "stop_guard_bars": 60}
RESTING = {"low_profit_trades": 2, "low_profit_percent": 4, "low_profit_minutes": 3000}
"""What the form holds before a control is moved, where it only matters beside others."""

MONEY = {
    "start": ({}, 5_000),
    "sizing": ({"size": 50}, "quote"),
    "size": ({}, 40),
    "leverage": ({"size": 50}, 2),
    "taker_fee": ({}, 0.3),
    "half_spread_ppm": ({}, 300),
    "slippage_ppm": ({}, 300),
    "impact_ppm": ({}, 300_000),
    "volume_share": ({}, 10),
    "latency_ms": ({}, 7_200_000),
    "detail": ({"stop_loss_percent": 1, "take_profit_percent": 1}, "1h"),
    "from": ({}, "2024-01-20"),
    "to": ({}, "2024-02-20"),
    "also": ({"size": 40}, ["binance:ETHUSDT"]),
}
RULES = {
    "stop_loss_percent": ({}, 1),
    "take_profit_percent": ({}, 1),
    "max_open_trades": ({"also": ["binance:ETHUSDT"], "size": 40}, 1),
    "max_daily_loss_percent": ({}, 0.5),
    "max_drawdown_percent": ({}, 3),
    "max_position_percent": ({}, 50),
    "max_total_exposure_percent": ({}, 50),
    "max_risk_percent": ({"stop_loss_percent": 2}, 1),
    "max_atr_percent": ({}, 0.5),
    "cooldown_minutes": ({}, 3000),
    "stop_guard_stops": ({"stop_loss_percent": 1, "stop_guard_bars": 60}, 2),
    "stop_guard_bars": (LIMITED, 5),
    "low_profit_trades": ({**RESTING, "low_profit_trades": ""}, 2),
    "low_profit_percent": (RESTING, -90),
    "low_profit_minutes": (RESTING, 1),
}
STUDIES = {
    "measure": ("sweep", {}, "win_rate"),
    "way": ("sweep", {"axes": {"fast": "3..9"}, "way": "random"}, "grid"),
    "draws": ("sweep", {"axes": {"fast": "3..9"}, "way": "random"}, 3),
    "train": ("walk-forward", {}, 500),
    "test": ("walk-forward", {}, 350),
    "purge": ("walk-forward", {}, 50),
    "embargo": ("walk-forward", {}, 50),
    "anchored": ("walk-forward", {}, "anchored"),
    "cuts": ("look-ahead", {}, 11),
    "starts": ("recursive", {}, "100, 200"),
}
"""Controls that only some studies show; ``draws`` of Monte Carlo is in both."""


@pytest.fixture(scope="module", autouse=True)
def every(ports, actor):
    """Hours and four hours of two symbols."""
    store(ports, actor, seed=1)
    store(ports, actor, symbol="ETHUSDT", seed=2)
    store(ports, actor, symbol="XRPUSDT", kind="perpetual", seed=3)
    return store(ports, actor, n=375, hours=4, seed=4)


def answered(ports, actor, form):
    """Send the form and return what came of it."""
    with unit_of_work(ports):
        series = price_store.get(actor, form.series_id)
        asked = asking.ask(actor, form.study, wish_of(form, series))
    assert run_job(ports, asked.job_id, "test worker") == "succeeded"
    with unit_of_work(ports):
        found = results.get(actor, asked.backtest_id)
        results.delete(actor, asked.backtest_id)
    return found.results


@pytest.fixture(scope="module")
def said(ports, actor):
    """Return a function that answers the form, each filling once."""
    kept = {}
    with unit_of_work(ports):
        ids = {
            (one.instrument.symbol, one.timeframe.name): one.id
            for one in price_store.list_series(actor)
        }

    def answer(
        fields,
        study="backtest",
        settings=CROSS,
        series=("BTCUSDT", "1h"),
        axes=None,
        name="sma-cross",
    ):
        form = Form(study, name, ids[series], fields, settings, axes or {})
        key = repr(form)
        if key not in kept:
            kept[key] = answered(ports, actor, form)
        return kept[key]

    return answer


@pytest.mark.parametrize("name", MONEY)
def test_acceptance_backtest_control_money(said, name: str) -> None:
    before, value = MONEY[name]
    special = {"detail": ("BTCUSDT", "4h"), "leverage": ("XRPUSDT", "1h")}
    series = special.get(name, ("BTCUSDT", "1h"))
    assert said({**before, name: value}, series=series) != said(before, series=series)


@pytest.mark.parametrize("name", RULES)
def test_acceptance_backtest_control_risk(said, name: str) -> None:
    before, value = RULES[name]
    assert said({**before, name: value}) != said(before)


def test_acceptance_backtest_control_every_rule_is_tried() -> None:
    assert set(RULES) == set(LIMITS) == set(LIMIT_WORDS)


@pytest.mark.parametrize("name", STUDIES)
def test_acceptance_backtest_control_study(said, name: str) -> None:
    study, before, value = STUDIES[name]
    usual = {"train": 400, "test": 200, "measure": "net_profit", "cuts": 20, **before}
    axes = usual.pop("axes", {"fast": "3, 5, 9"} if study in {"sweep", "walk-forward"} else {})
    fields = {**usual, name: value}
    axes = {"fast": "3, 9"} if (name, value) == ("way", "grid") else axes
    settings = {"slow": "20"} if axes else CROSS
    one = said(fields, study, settings, axes=axes)
    assert one != said(usual, study, settings, axes=STUDIES[name][1].get("axes", axes))


@pytest.mark.parametrize("study", ["sweep", "walk-forward"])
def test_acceptance_backtest_control_values_to_try(said, study: str) -> None:
    fields = {"train": 400, "test": 200, "measure": "net_profit"}
    few = said(fields, study, {"slow": "20"}, axes={"fast": "3, 9"})
    assert said(fields, study, {"slow": "20"}, axes={"fast": "3, 5, 9"}) != few


def test_acceptance_backtest_control_draws_of_monte_carlo(said) -> None:
    assert said({"draws": 50}, "monte-carlo") != said({"draws": 60}, "monte-carlo")


@pytest.mark.parametrize(
    ("series", "other"),
    [(("BTCUSDT", "1h"), ("ETHUSDT", "1h")), (("BTCUSDT", "1h"), ("BTCUSDT", "4h"))],
    ids=["symbol", "timeframe"],
)
def test_acceptance_backtest_control_prices(said, series, other) -> None:
    assert said({}, series=series) != said({}, series=other)


MOVED = {"int": lambda each: each.default + 3, "float": lambda each: each.default * 1.2 or 1.0}
PARAMETERS = [(name, each.name) for name, one in STRATEGIES.items() for each in one.parameters]


@pytest.mark.parametrize(("strategy", "parameter"), PARAMETERS)
def test_acceptance_backtest_control_parameter(said, strategy: str, parameter: str) -> None:
    each = next(one for one in STRATEGIES[strategy].parameters if one.name == parameter)
    move = MOVED.get(each.kind)
    value = move(each) if move else next(one for one in each.choices if one != each.default)
    series = ("XRPUSDT", "1h")
    usual = said({}, settings={}, series=series, name=strategy)
    assert said({}, settings={parameter: value}, series=series, name=strategy) != usual


def test_acceptance_backtest_control_strategy(said) -> None:
    found = [said({}, settings={}, name=name) for name in STRATEGIES]
    assert all(one != two for i, one in enumerate(found) for two in found[:i])
