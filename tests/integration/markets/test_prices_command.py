"""``sonde prices`` against the real database: everything without a running server."""

import json
from collections.abc import Iterator

import pytest
from click.testing import Result
from typer.testing import CliRunner

from sonde.markets.api.prices.commands import PRICES
from sonde.platform.services.local import LOCAL, LocalAccess
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, ROWS, put, text

pytestmark = pytest.mark.integration


@pytest.fixture
def sonde(ports, people) -> Iterator:
    people("Somebody")
    token = LOCAL.set(LocalAccess(lambda: ports))

    def run(*words: object, say: str = "") -> Result:
        return CliRunner().invoke(PRICES, [str(word) for word in words], input=say)

    yield run
    LOCAL.reset(token)


def test_acceptance_prices_by_command(sonde, tmp_path):
    assert "No prices are stored yet" in sonde().output
    file = put(tmp_path, text([*ROWS, (BEGIN + 5 * HOUR, 11.75, 12, 11, 11.5, 2)]))
    stored = sonde("import", file, "--symbol", "BTCUSDT", "--timeframe", "1h", "--venue", "binance")
    assert "binance:BTCUSDT 1h: 4 new bars, 0 there already, 0 replaced; 4 in all." in stored.output
    again = json.loads(
        sonde("import", file, "--symbol", "BTCUSDT", "--venue", "binance", "--json").output
    )
    assert (again["n_new"], again["n_same"], again["bars"]) == (0, 4, 4)
    assert "binance:BTCUSDT  1h       4" in sonde("list").output
    (facts,) = json.loads(sonde("list", "--json").output)
    assert (facts["first"], facts["tick"]) == ("2021-06-01T00:00:00Z", "0.01")
    assert facts["source"]["feed"] == "file"
    gaps = sonde("gaps", "BTCUSDT").output
    assert "4 of 6 bars are there (66.667 %), 1 gaps." in gaps
    assert "2 bars are missing from 2021-06-01 03:00 UTC on" in gaps
    assert json.loads(sonde("gaps", "BTCUSDT", "--json").output)["gaps"][0]["n_missing"] == 2
    shown = sonde("show", "BTCUSDT", "--from", "2021-06-01T01:00", "--to", "2021-06-01T03:00")
    assert "2021-06-01 01:00 UTC  11     12.5   10.75  12.25  50.5" in shown.output
    assert "03:00" not in shown.output
    bars = json.loads(sonde("show", facts["id"], "--last", 1, "--json").output)["candles"]
    assert bars == [
        {"time": "2021-06-01T05:00:00Z", "open": 11.75, "high": 12.0, "low": 11.0,
         "close": 11.5, "volume": 2.0},
    ]  # fmt: skip
    assert "no whole bar of 4h" in sonde("resample", "BTCUSDT", "--to", "4h").output
    made = sonde("resample", "BTCUSDT", "--to", "2h", "--json")
    assert json.loads(made.output)["n_new"] == 1
    assert sonde("delete", "BTCUSDT", "--timeframe", "2h", say="n\n").exit_code == 0
    assert (
        "Deleted binance:BTCUSDT 2h."
        in sonde("delete", "BTCUSDT", "--timeframe", "2h", "-y").output
    )


def test_what_is_wrong_is_one_line_and_status_2(sonde, tmp_path):
    bad = put(tmp_path, text([*ROWS[:2], (BEGIN + 2 * HOUR, 1, 0.5, 1, 1, 1)]))
    for words, told in (
        (("import", bad, "--symbol", "X"), "Row 4, column high: 0.5 is below the low of 1."),
        (("import", bad, "--symbol", "X", "--column", "close"), "'close' says no column"),
        (("import", bad, "--symbol", "X Y"), "'X Y' is no symbol such as BTCUSDT."),
        (("import", bad, "--symbol", "X", "--timeframe", "7m"), "There is no timeframe '7m'"),
        (("import", tmp_path / "no.csv", "--symbol", "X"), "There is no file 'no.csv'."),
        (("gaps", "NOTHING"), "There is no series NOTHING; there are"),
        (("show", "NOTHING", "--timeframe", "9h"), "There is no timeframe '9h'"),
    ):
        answer = sonde(*words)
        assert answer.exit_code == 2, answer.output
        assert told in answer.output
        assert answer.output.count("\n") == 1


def test_the_simulated_markets_are_stored_by_command(sonde):
    told = sonde("sample").output
    assert "simulated:WILDUSDT" in told
    assert "86400" in told.replace(",", "")


def test_funding_rates_by_command(sonde, tmp_path):
    put(tmp_path, text())
    sonde("import", tmp_path / "prices.csv", "--symbol", "ETHUSDT", "--venue", "okx")
    rates = put(tmp_path, f"{BEGIN},0.0001\n{BEGIN + 8 * HOUR},-0.0002\n", "rates.csv")
    assert "okx:ETHUSDT: 2 new rates, 0 there" in sonde("funding", rates, "okx:ETHUSDT").output
    told = json.loads(sonde("funding", rates, "okx:ETHUSDT", "--json").output)
    assert (told["n_same"], told["n_rates"]) == (2, 2)
    bad = sonde("funding", put(tmp_path, "time,rate\nsoon,1\n", "bad.csv"), "okx:ETHUSDT")
    assert (bad.exit_code, "Row 2" in bad.output) == (2, True)
    assert sonde("funding", tmp_path / "none.csv", "okx:ETHUSDT").exit_code == 2
    assert sonde("funding", rates, "okx:NONE").exit_code == 2
