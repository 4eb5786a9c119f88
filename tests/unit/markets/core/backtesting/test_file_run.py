"""What is read from the words of a command."""

import pytest

from sonde.markets.core.backtesting.file_run import moment_of, symbol_in, words_of
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
