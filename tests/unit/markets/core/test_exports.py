"""An exported trade says what the trade says."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

from sonde.markets.core.exports import COLUMNS, trades_csv
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeFill, filled
from tests.unit.markets.core.risk.asking import BTC

ASKED = Trade("t", BTC.key, Side.SHORT, 200, 0, stop_ticks=5_050_000, tag="=cmd")


def rows_of(*trades):
    text = trades_csv(trades, {BTC.key: BTC}, Currency("USDT"))
    return list(csv.DictReader(io.StringIO(text)))


def test_every_column_is_there_and_exact():
    trade = filled(ASKED, TradeFill(False, 200, 5_000_000, 10_000_000, 1_000))
    trade = filled(trade, TradeFill(True, 200, 4_900_000, 9_800_000, 2_500, "target"))
    (row,) = rows_of(trade)
    assert tuple(row) == COLUMNS
    assert (row["side"], row["quantity"], row["entry_price"]) == ("short", "0.00200", "50000.00")
    assert Decimal(row["gross"]) == 2
    assert Decimal(row["net"]) == Decimal("1.802")
    assert (row["stop_price"], row["target_price"]) == ("50500.00", "")
    assert row["closed_at"] == "1970-01-01T00:00:02.500+00:00"


def test_what_is_not_known_is_empty():
    (row,) = rows_of(ASKED)
    assert (row["entry_price"], row["opened_at"], row["exit_reason"]) == ("", "", "")
    assert row["quantity"] == "0.00200"


def test_a_tag_is_never_a_formula():
    assert [row["tag"] for row in rows_of(ASKED, replace(ASKED, tag="sma"))] == ["'=cmd", "sma"]
