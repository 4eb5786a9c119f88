"""The pages of backtests without a server: the form, the list, and results made by the engine."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.core.backtesting.lines import EquityLine, ForwardLine
from sonde.markets.core.backtesting.parity import Parity, TradeDifference
from sonde.markets.core.backtesting.stored_runs import Backtest
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.parameters import Parameter
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.prices.series import Series
from sonde.markets.core.strategies.catalogue import STRATEGIES
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.services.automations.parity import ParityReport
from sonde.markets.services.backtests.catalogue import STUDIES, study_named
from sonde.markets.services.backtests.study import Answer, Material
from sonde.markets.ui.backtests.analysis_panels import (
    look_ahead_body,
    look_ahead_words,
    monte_carlo_body,
    recursive_body,
)
from sonde.markets.ui.backtests.fields import axis_field, parameter_field
from sonde.markets.ui.backtests.figures import cost_figure, equity_figure, map_figure
from sonde.markets.ui.backtests.form import STUDY_WORDS, form_card, study_fields
from sonde.markets.ui.backtests.layout import run_view, runs_view, told_card, waiting_body
from sonde.markets.ui.backtests.metrics import GROUPS, metric_rows
from sonde.markets.ui.backtests.parity_panel import parity_card, parity_panel, parity_words
from sonde.markets.ui.backtests.run_panels import NEXT, cost_parts, daily_words, run_body
from sonde.markets.ui.backtests.runs import run_row, runs_list
from sonde.markets.ui.backtests.search_panels import doubt_words, forward_body, sweep_body
from sonde.markets.ui.backtests.state import RunsState, ids_of, of_query
from sonde.markets.ui.backtests.told import told_pairs
from sonde.markets.ui.backtests.wish import (
    SEARCHES,
    SEVERAL,
    Form,
    assumptions_of,
    bounds_of,
    form_like,
    study_of,
    values_of,
    wish_of,
)
from sonde.platform.core.errors import Invalid
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobState

BEGIN_MS = 1_704_067_200_000
HOUR = Timeframe("1h")


class Quiet:
    """A watch that nobody looks at."""

    def told(self, _fraction: float, _what: str) -> None:
        """Forget it."""

    def kept(self) -> list[Any]:
        """Return that nothing was kept."""
        return []

    def keep(self, _arrays: Any) -> None:
        """Forget it."""


def wave(n: int = 900) -> Candles:
    time = np.arange(n)
    middle = np.round(100.0 + 0.01 * time + 8.0 * np.sin(time / 9.0), 2)
    opening = np.concatenate((middle[:1], middle[:-1]))
    high, low = np.maximum(opening, middle), np.minimum(opening, middle)
    times = BEGIN_MS + HOUR.ms * time.astype(np.int64)
    bars = PriceColumns(times, opening, high, low, middle, np.full(n, 10.5))
    instrument = inferred_instrument("BTCUSDT", bars, venue="binance")
    return bars.candles(instrument, HOUR, Provenance("binance", "file", "wave.csv", "ab" * 32, 0))


@pytest.fixture(scope="module")
def material() -> Material:
    candles = wave()
    settings = Assumptions(taker_fee=Decimal("0.001")).settings(candles.instrument)
    return Material(
        candles, None, STRATEGIES["sma-cross"], {"fast": 5, "slow": 20, "sides": "long"}, settings
    )


def series(candles: Candles) -> Series:
    return Series(
        *("series", "workspace", "owner"),
        candles.instrument,
        HOUR,
        candles.n,
        BEGIN_MS,
        BEGIN_MS + (candles.n - 1) * HOUR.ms,
        "00",
        (),
        datetime(2026, 1, 1, tzinfo=UTC),
    )


def kept(kind: str, answer: Answer | None, study: dict[str, Any] | None = None) -> Backtest:
    """Return a run as the database gives it back: everything once through JSON."""

    def through(value: Any) -> Any:
        return None if value is None else json.loads(json.dumps(value))

    return Backtest(
        backtest_id=new_id(),
        owner_id="owner",
        kind=kind,
        title=f"{STUDIES[kind].title}: SMA cross on binance:BTCUSDT 1h",
        strategy="sma-cross",
        symbol="BTCUSDT",
        timeframe="1h",
        state=JobState.SUCCEEDED if answer else JobState.FAILED,
        job_id="",
        asked={
            "series_id": "series",
            "detail_id": "",
            "settings": {"fast": 5, "slow": 20, "sides": "long"},
            "from_ms": None,
            "to_ms": None,
            "assumptions": Assumptions().document(),
            "study": study or {},
        },
        source=None,
        summary=through(answer.summary) if answer else None,
        error="" if answer else "No bar opens in this period.",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        finished_at=None,
        results=through(answer.result) if answer else None,
    )


def answered(material: Material, kind: str, given: dict[str, Any]) -> tuple[Backtest, Answer]:
    study = study_named(kind)
    params = study.accept(given)
    answer = study.compute(material, params, Quiet())  # type: ignore[arg-type]
    return kept(kind, answer, dict(params)), answer


def text_of(component: Any) -> str:
    """Return every word of a component, also those of its properties."""
    return json.dumps([part.to_plotly_json() if hasattr(part, "to_plotly_json") else part
                       for part in (component if isinstance(component, list) else [component])],
                      default=lambda one: one.to_plotly_json())  # fmt: skip


@pytest.fixture(scope="module")
def single(material: Material) -> tuple[Backtest, EquityLine]:
    """One backtest and its line, as the store gives them back."""
    run, answer = answered(material, "backtest", {})
    said: Any = answer.arrays
    equity = said["bar_equity_units"] / 1e8
    return run, EquityLine(
        equity.size,
        "USDT",
        tuple((said["bar_open_time_ms"] + HOUR.ms).tolist()),
        tuple(equity.tolist()),
        tuple(said["bar_holding"].tolist()),
        tuple(said["bar_position_steps"].tolist()),
        str(equity.min()),
        str(equity.max()),
    )


# ---- the form ----


def test_every_strategy_gets_a_control_for_each_of_its_parameters() -> None:
    for strategy in STRATEGIES.values():
        for told in strategy.parameters:
            control = parameter_field(told, {})
            assert (control.label, control.value) == (told.title, told.default)
            assert axis_field(told, {told.name: "1, 2"}).value == "1, 2"


def test_a_parameter_of_every_kind_has_its_bounds() -> None:
    number = parameter_field(Parameter("n", "N", "int", 2, 9, 4, "Bars."), {"n": 7})
    assert (number.min, number.max, number.value, number.allowDecimal) == (2, 9, 7, False)
    switch = parameter_field(Parameter("on", "On", "bool", 0, 0, True, "Whether."), {})
    assert switch.value == "true"


@pytest.mark.parametrize("kind", list(STUDIES))
def test_the_form_can_ask_for_every_study(kind: str, material: Material) -> None:
    assert kind in STUDY_WORDS
    words = text_of(
        form_card(Form(study=kind), [series(material.candles)], list(STRATEGIES.values()))
    )
    assert "Bars of the fast mean." in words
    assert ("values to try" in words) == (kind in SEARCHES)
    asked = text_of(study_fields(Form(study=kind), [series(material.candles)]))
    assert ("Further symbols" in asked) == (kind in SEVERAL)


def test_without_prices_the_form_leads_to_them() -> None:
    words = text_of(form_card(Form(), [], list(STRATEGIES.values())))
    assert "No prices yet" in words
    assert "/markets/data" in words


def test_what_is_written_becomes_what_is_asked(material: Material) -> None:
    said = {
        "from": "2024-01-05",
        "to": "",
        "taker_fee": 0.1,
        "maker_fee": "",
        "volume_share": 25,
        "size": 50,
        "sizing": "equity",
        "latency_ms": 250,
        "half_spread_ppm": 40,
        "leverage": 1,
        "start": 5000,
        "detail": None,
    }
    form = Form("backtest", "rsi", "series", said, {"period": 10, "oversold": ""})
    wish = wish_of(form, series(material.candles))
    assert (wish.symbol, wish.venue, wish.timeframe) == ("BTCUSDT", "binance", "1h")
    assert (wish.from_ms, wish.to_ms) == (BEGIN_MS + 96 * HOUR.ms, None)
    assert wish.settings == {"period": 10}
    told = wish.assumptions
    assert (told.taker_fee, told.maker_fee) == (Decimal("0.001"), None)
    assert (told.volume_share, told.size) == (Decimal("0.25"), Decimal("0.5"))
    assert (told.start, told.latency_ms, told.half_spread_ppm) == (Decimal(5000), 250, 40)


def test_amounts_of_money_are_not_percent() -> None:
    assert assumptions_of({"sizing": "quote", "size": 250}).size == Decimal(250)
    assert assumptions_of({"sizing": "risk", "size": 2}).size == Decimal("0.02")


def test_a_search_is_read_as_it_is_written() -> None:
    form = Form(study="sweep", axes={"fast": "5:15:5", "slow": "20, 40", "sides": " "})
    assert study_of(form)["axes"] == {"fast": ["5", "10", "15"], "slow": ["20", "40"]}
    drawn = replace(form, fields={"way": "random", "draws": 9}, axes={"fast": "5..15"})
    assert study_of(drawn) == {"measure": "sharpe", "bounds": {"fast": [5.0, 15.0]}, "draws": 9}
    with pytest.raises(Invalid, match="which values to try"):
        study_of(replace(form, axes={}))


@pytest.mark.parametrize("text", ["1:2:0", "1:2:3:4", "5:1", "1:9e14:1", "1e999999:2", "a:b"])
def test_a_range_without_sense_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="fast"):
        values_of("fast", text)


@pytest.mark.parametrize("text", ["5", "a..b", "1e400..2"])
def test_bounds_without_sense_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        bounds_of("fast", text)


def test_a_run_can_be_asked_again_as_it_was(material: Material) -> None:
    said = {"taker_fee": 0.1, "size": 50, "latency_ms": 250, "train": 300, "test": 100}
    form = Form("walk-forward", "sma-cross", "series", said, {}, {"fast": "5, 10"})
    wish = wish_of(form, series(material.candles))
    params = study_named("walk-forward").accept(wish.study)
    run = kept("walk-forward", None, dict(params))
    asked = {**run.asked, "assumptions": wish.assumptions.document(), "from_ms": BEGIN_MS}
    again = form_like(replace(run, asked=asked))
    wished = wish_of(again, series(material.candles))
    assert wished.assumptions == wish.assumptions
    assert wished.from_ms == BEGIN_MS
    assert study_named("walk-forward").accept(wished.study) == params


# ---- the list ----


def test_an_address_says_what_the_list_shows() -> None:
    state = RunsState("sweep", "BTCUSDT", "-sharpe", new_id())
    query = dict(part.split("=") for part in state.query()[1:].split("&"))
    assert of_query(query) == state
    assert of_query({"kind": "x", "sort": "title'", "symbol": "a\x00b"}) == RunsState(symbol="ab")
    one, two = new_id(), new_id()
    assert ids_of({"ids": f"{one},{two},{one},nonsense"}) == (one, two)


def test_a_row_holds_numbers_that_can_be_sorted(single: tuple[Backtest, EquityLine]) -> None:
    run, _ = single
    row = run_row(run)
    assert isinstance(row["net_profit"], float)
    assert row["href"] == f"/markets/backtests/{run.backtest_id}"
    table = text_of(runs_list([run], RunsState(sort="-sharpe"), "next"))
    assert '"sort": "desc"' in table
    assert "?sort=-sharpe&before=next" in table
    assert run_row(kept("sweep", None))["net_profit"] is None


def test_the_page_says_when_there_is_nothing() -> None:
    words = text_of(runs_view(None, parity_card([]), [], RunsState(), "").body)
    assert "No run yet" in words
    assert "Nothing found" in text_of(runs_list([], RunsState(kind="sweep"), ""))


# ---- results ----


def test_a_backtest_shows_every_part_of_its_result(single: tuple[Backtest, EquityLine]) -> None:
    run, line = single
    said: Any = run.results
    words = text_of(run_body(run, line))
    for title in ("Equity and drawdown", "Trades on the candles", "Month by month", "Is it luck?"):
        assert title in words
    for study, _, _ in NEXT:
        assert f"study={study}" in words
    assert f"{said['metrics']['trading']['n']}" in words
    assert "2024" in words


def test_costs_lead_from_what_prices_brought_to_what_was_left(
    single: tuple[Backtest, EquityLine],
) -> None:
    run, _ = single
    said: Any = run.results
    parts = cost_parts(said)
    assert sum(value for _, value in parts[:-1]) == pytest.approx(parts[-1][1])
    assert cost_figure(parts, "USDT").data[0].measure[-1] == "total"


def test_every_listed_figure_is_one_that_a_report_has(
    material: Material, single: tuple[Backtest, EquityLine]
) -> None:
    run, _ = single
    metrics: Any = (run.results or {})["metrics"]
    for _, name, lines in GROUPS:
        assert len(metric_rows(metrics[name], lines, "USDT")) == len(lines)
    few: Any = answered(replace(material, candles=wave(300)), "backtest", {})[0].results
    rows = metric_rows(few["metrics"]["growth"], GROUPS[0][2], "USDT")
    assert ["Sharpe ratio", "n/a: needs 30 days, there are 13", ""] in rows


def test_equity_stands_over_drawdown_and_position(single: tuple[Backtest, EquityLine]) -> None:
    _, line = single
    figure = equity_figure(line, 10_000.0)
    assert [trace.name for trace in figure.data] == [
        *("Strategy", "Buy and hold", "Below the peak", "Position"),
    ]
    assert max(figure.data[2].y) <= 0
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_a_mean_that_cannot_be_told_apart_is_said_so() -> None:
    words = daily_words({"value": 0.001, "low": -0.001, "high": 0.003, "reason": ""})
    assert "cannot be told apart" in words
    assert "no interval" in daily_words({"value": None, "low": None, "reason": "few days"})


def test_a_sweep_shows_its_map_and_its_doubt(material: Material) -> None:
    run, _ = answered(material, "sweep", {"axes": {"fast": [5, 10, 30], "slow": [20, 40]}})
    said: Any = run.results
    words = text_of(sweep_body(run))
    assert "1 combinations were refused" in words or said["n_refused"] == 1
    assert "cell=0" in words
    figure = map_figure(said["maps"][0], "sharpe")
    assert np.isnan(figure.data[0].z).sum() == 1
    assert "tries are counted" in doubt_words(said["doubt"])[0]


def test_a_sweep_over_one_setting_is_a_line(material: Material) -> None:
    run, _ = answered(material, "sweep", {"axes": {"fast": [5, 10]}})
    assert "Line of the search" in text_of(sweep_body(run))


def test_a_walk_forward_shows_its_windows(material: Material) -> None:
    lengths = {"train": 400, "test": 150, "purge": 50}
    given = {"axes": {"fast": [5, 10]}, "measure": "net_profit", **lengths}
    run, answer = answered(material, "walk-forward", given)
    line = ForwardLine(
        tuple(answer.arrays["test_close_time_ms"].tolist()),
        tuple(answer.arrays["test_equity"].tolist()),
    )
    words = text_of(forward_body(run, line))
    assert "Training and test lie apart" in words
    assert "Windows (3)" in words


def test_analyses_are_told_in_words(material: Material) -> None:
    looked, _ = answered(material, "look-ahead", {"cuts": 20})
    assert "It does not know the future" in text_of(look_ahead_body(looked))
    memory, _ = answered(material, "recursive", {})
    assert "The warm-up is long enough" in text_of(recursive_body(memory))
    drawn, _ = answered(material, "monte-carlo", {"draws": 50})
    assert "To be ready for" in text_of(monte_carlo_body(drawn))


def test_who_knows_the_future_is_told_where_it_shows() -> None:
    difference = {"column": "indicator next_close", "bar": 7, "time_ms": BEGIN_MS}
    said = {"repeatable": True, "looks_ahead": True, "bars": 90, "n_cuts": 9, "refused": 0}
    title, words = look_ahead_words({**said, "differences": [difference]})
    assert title == "It knows the future"
    assert "the indicator next close differs first" in words


def test_a_run_that_failed_says_why() -> None:
    run = kept("backtest", None)
    words = text_of(run_view(run, [*waiting_body(run, None), told_card(run)]).body)
    assert "No bar opens in this period." in words
    assert "What it was told" in words


def test_paper_beside_its_backtest_names_every_difference() -> None:
    late = TradeDifference("time", "BTCUSDT", "entry", 0, 0, BEGIN_MS, BEGIN_MS + 1, "latency")
    odd = TradeDifference("price", "BTCUSDT", "exit", 1, 1, 101.5, 101.0, "")
    money = Decimal("12.5"), Decimal("-3")
    report = ParityReport(BEGIN_MS, BEGIN_MS + HOUR.ms, 3, 3, *money, Parity((), 1, (late, odd)))
    words = text_of(parity_panel(report))
    assert "3 trades on paper made +12.50, 3 in the backtest -3.00" in words
    assert "2 differences, 1 of them unexplained" in words
    assert "latency" in words
    assert "not explained" in words
    same = replace(report, found=Parity((), 3, ()))
    assert parity_words(same).endswith("Nothing differs.")
    assert "start one" in text_of(parity_card([]))


def test_what_a_run_was_told_is_said_in_words() -> None:
    told = Assumptions(
        taker_fee=Decimal("0.001"),
        size=Decimal("0.02"),
        sizing="risk",
        half_spread_ppm=50,
        volume_share=Decimal("0.1"),
        limits={"max_open_trades": "2"},
    )
    words = dict(told_pairs(told.document()))
    assert words == {
        "Money at the beginning": "10,000",
        "An entry": "as large as 2 % of the equity lie before the stop",
        "Leverage": "1",
        "Fee": "0.1 %",
        "Beyond the price": "50 ppm half spread",
        "Liquidity": "10 % of a bar's volume",
        "Latency": "0 ms",
        "Risk rules": "open trades 2 trades",
    }
