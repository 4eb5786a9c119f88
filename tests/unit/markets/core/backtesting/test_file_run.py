"""What is read from the words of a command."""

from pathlib import Path

import pytest

from sonde.markets.core.backtesting.file_run import (
    FileBacktest,
    moment_of,
    run_file,
    symbol_in,
    words_of,
)
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.platform.core.errors import Invalid


def test_moments_are_utc_and_come_back_as_words() -> None:
    assert words_of(moment_of("2024-08-01", "from")) == "2024-08-01 00:00"
    assert words_of(moment_of("2024-08-01T05:30Z", "from")) == "2024-08-01 05:30"
    assert moment_of("", "from") is None


def test_no_date_is_refused_with_an_example() -> None:
    with pytest.raises(Invalid, match=r"--to 'yesterday' is no date; write 2024-08-01"):
        moment_of("yesterday", "to")


@pytest.mark.parametrize(
    ("name", "symbol"),
    [("BTCUSDT_1h.csv", "BTCUSDT"), ("ETHEUR.parquet", "ETHEUR"), ("2024_btc.csv", "FILE")],
)
def test_the_symbol_begins_the_name(name: str, symbol: str) -> None:
    assert symbol_in(name) == symbol


MINE = """
import numpy as np
from sonde.markets.core.strategies.decisions import Decisions

class Odd:
    name, title, words, parameters = "odd", "Odd", "Buys at the second bar.", ()

    def warm_up(self, settings):
        return 0

    def decide(self, candles, settings):
        return Decisions.of(candles.n, enter_long=np.arange(candles.n) == 1)
"""


def test_a_strategy_of_ones_own_runs_from_its_file(tmp_path: Path) -> None:
    rows = [f"{1_704_067_200_000 + 3_600_000 * n},100,101,99,100,5" for n in range(6)]
    file, mine = tmp_path / "BTCUSDT_1h.csv", tmp_path / "odd.py"
    file.write_text("\n".join(["time,open,high,low,close,volume", *rows]))
    mine.write_text(MINE)
    asked = FileBacktest(file, str(mine), {}, BacktestSettings())
    done = run_file(asked, 2 * 10**12)
    assert (len(done.run.trades), done.run.closed_at_end) == (1, 1)
    with pytest.raises(Invalid, match=r"none\.py cannot be read"):
        run_file(FileBacktest(file, str(tmp_path / "none.py"), {}, BacktestSettings()), 2 * 10**12)
