"""``sonde backtest``: a file in, honest figures out, a sentence where something is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sonde.markets.api.backtest.commands import backtest
from tests.unit.markets.core.backtesting.planted import random_walk

APP = typer.Typer()
APP.command("backtest")(backtest)
CROSS = ("--strategy", "sma-cross", "--set", "fast=5", "--set", "slow=20")


def _run(*words):
    return CliRunner().invoke(APP, [str(word) for word in words])


@pytest.fixture(scope="module")
def walk(tmp_path_factory) -> Path:
    candles = random_walk(24 * 45, seed=11)
    path = tmp_path_factory.mktemp("candles") / "XUSDT_1h.csv"
    columns = [candles.open_time_ms] + [
        getattr(candles, name) for name in ("open", "high", "low", "close", "volume")
    ]
    rows = (",".join(repr(value.item()) for value in row) for row in zip(*columns, strict=True))
    path.write_text("timestamp,open,high,low,close,volume\n" + "\n".join(rows) + "\n")
    return path


def test_json_holds_what_was_promised(walk: Path) -> None:
    done = _run(walk, *CROSS, "--fee", "0.001", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["bars"] == 24 * 45
    assert told["symbol"] == "XUSDT"
    assert told["settings"]["fast"] == 5
    assert told["trades"] > 10
    assert told["closed_at_end"] in {0, 1}
    assert told["ambiguous_bars"] == 0
    assert 0 < told["max_drawdown"] < 1
    assert told["bars_per_second"] > 0
    assert told["fees"] > 0
    assert told["net_profit"] == pytest.approx(told["gross_profit"] - told["fees"], abs=1e-7)
    assert told["final_equity"] == pytest.approx(10_000 + told["net_profit"])
    assert told["sharpe"]["value"] is not None


def test_the_same_question_has_the_same_answer_and_fees_cost(walk: Path) -> None:
    first, again, free = (
        json.loads(_run(walk, *CROSS, "--json", *more).stdout) for more in ((), (), ("--fee", "0"))
    )
    for told in (first, again):
        told.pop("bars_per_second")
    assert first == again
    assert free["fees"] == 0
    assert free["net_profit"] > first["net_profit"]


def test_a_period_is_cut_out_and_short_ones_have_no_annual_figure(walk: Path) -> None:
    told = json.loads(
        _run(walk, *CROSS, "--from", "2023-11-20", "--to", "2023-11-25", "--json").stdout
    )
    assert (told["from"], told["to"], told["bars"]) == ("2023-11-20 00:00", "2023-11-25 00:00", 120)
    assert told["sharpe"] == {"value": None, "reason": "needs 30 days, there are 5"}


def test_intervals_are_drawn_when_asked(walk: Path) -> None:
    told = json.loads(_run(walk, *CROSS, "--intervals", "--json").stdout)
    assert told["sharpe"]["low"] < told["sharpe"]["value"] < told["sharpe"]["high"]
    assert 0 < told["p_value_bootstrap"]["value"] <= 1
    assert told["drawdown_of_shuffled_trades"]["p50"] > 0


def test_the_page_for_people_names_the_figures(walk: Path) -> None:
    done = _run(walk, *CROSS)
    assert done.exit_code == 0, done.output
    for word in ("sma-cross", "net profit", "buy and hold return", "max drawdown", "profit factor"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--strategy", "luck"), "There is no strategy 'luck'"),
        (("--strategy", "sma-cross", "--set", "fast"), "sets nothing; write NAME=VALUE"),
        (("--strategy", "sma-cross", "--set", "faster=3"), "There is no setting 'faster'"),
        (("--strategy", "sma-cross", "--set", "fast=many"), "whole number"),
        (("--strategy", "sma-cross", "--set", "fast=50", "--set", "slow=20"), "fewer bars"),
        ((*CROSS, "--fee", "a lot"), "--fee 'a lot' is no number"),
        ((*CROSS, "--fee", "0.5"), "give a fraction from 0 to 0.1"),
        ((*CROSS, "--size", "2"), "size=2"),
        ((*CROSS, "--from", "soon"), "is no date"),
        ((*CROSS, "--from", "2031-01-01"), "No bar opens from"),
        ((*CROSS, "--to", "2001-01-01"), "No bar opens from"),
    ],
)
def test_wrong_settings_are_told_in_a_sentence(walk: Path, words, sentence: str) -> None:
    done = _run(walk, *words)
    assert done.exit_code == 2
    assert sentence in " ".join(done.output.split())
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("missing.csv", None),
        ("empty.csv", ""),
        ("letter.csv", "Dear all,\nthese are no candles.\n"),
        ("picture.png", "no picture"),
        ("bad.csv", "timestamp,open,high,low,close,volume\n1700006400000,1,0.5,2,1,1\n"),
    ],
)
def test_bad_files_are_told_in_a_sentence(tmp_path: Path, name: str, text: str | None) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    done = _run(path, *CROSS)
    assert done.exit_code == 2
    assert len(done.output.strip()) > 15
    assert "Traceback" not in done.output


def test_defect_01_two_files_have_two_answers(walk: Path, tmp_path: Path) -> None:
    """The original told every symbol and period the same invented figures."""
    lines = walk.read_text().splitlines()
    half = tmp_path / "XUSDT_half.csv"
    half.write_text("\n".join(lines[:600]) + "\n")
    told = [json.loads(_run(path, *CROSS, "--json").stdout) for path in (walk, half)]
    for name in ("net_profit", "max_drawdown", "trades", "win_rate"):
        assert told[0][name] != told[1][name], name


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "trades"),
    [("BTCUSDT_1h_2021-06_2026-06.csv", 527), ("BTCUSDT_1m_2024-07-26_2024-08-25.csv", 503)],
)
def test_acceptance_trade_counts_agree_with_four_engines(real_data, name, trades) -> None:
    """freqtrade, nautilus_trader, backtesting.py and vectorbt agree on 527 and 503 trades."""
    path = real_data / "crypto" / name
    done = _run(
        path, "--strategy", "sma-cross", "--set", "fast=20", "--set", "slow=50", "--fee", "0.001",
        "--json",
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["trades"] == trades
    assert told["closed_at_end"] == 1


_COLD = """
import sys
from sonde.app.cli import main
try:
    main()
except SystemExit:
    pass
heavy = {"sqlalchemy", "fastapi", "dash", "torch", "sklearn", "celery", "ccxt", "plotly", "redis"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_a_cold_process_loads_no_server_and_no_learning(walk: Path) -> None:
    """The bar of two seconds itself is held by the benchmark."""
    words = [sys.executable, "-c", _COLD, "backtest", str(walk), *CROSS, "--json"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["trades"] > 0
    assert done.stderr.strip() == "[]"
