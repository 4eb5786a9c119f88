"""Figures of closed trades are computed, and say why where they cannot be."""

from decimal import Decimal

import pytest

from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import Side
from sonde.markets.core.trade_analytics import analyse
from sonde.markets.core.trades import Trade, TradeFill, TradeState, filled

USDT = Currency("USDT")


def instrument(symbol):
    return Instrument(
        "replay",
        symbol,
        symbol[:3],
        "USDT",
        Decimal("0.01"),
        Decimal("0.001"),
        Decimal(5),
        FEE_PRESETS["replay"],
    )


BTC, ETH = instrument("BTCUSDT"), instrument("ETHUSDT")
KNOWN = {BTC.key: BTC, ETH.key: ETH}


def closed(number, net, *, symbol=BTC, side=Side.LONG, reason="target", tag="manual"):
    """A trade of one coin that was entered at 1,000.00 and made so much net, with a fee of 2."""
    asked = Trade(str(number), symbol.key, side, 1000, 0, tag=tag)
    one_unit = USDT.units_of(1)
    opened = filled(asked, TradeFill(False, 1000, 100_000, one_unit, number * 10))
    ticks = 100_000 + side.sign * (net + 2) * 100
    return filled(opened, TradeFill(True, 1000, ticks, one_unit, number * 10 + 5, reason))


TRADES = [
    closed(3, -20, reason="stop", tag="sma-cross"),
    closed(1, 50),
    closed(2, 30, symbol=ETH, side=Side.SHORT),
    closed(4, -40, side=Side.SHORT, reason="stop"),
    Trade("5", BTC.key, Side.LONG, 10, 0),
    Trade("6", BTC.key, Side.LONG, 10, 0, state=TradeState.CANCELLED),
    Trade("7", BTC.key, Side.LONG, 10, 0, state=TradeState.OPEN),
]


def test_the_figures_are_those_of_the_trades():
    told = analyse(TRADES, KNOWN, USDT, 10_000.0)
    overall = told.overall
    assert (overall.n, overall.wins, overall.losses) == (4, 2, 2)
    assert overall.net == pytest.approx(20)
    assert overall.gross == pytest.approx(28)
    assert overall.fees == pytest.approx(8)
    assert overall.profit_factor.value == pytest.approx(80 / 60)
    assert overall.expectancy.value == pytest.approx(5)
    assert (overall.longest_winning, overall.longest_losing) == (2, 2)
    assert (told.n_open, told.n_pending, told.n_cancelled) == (1, 1, 1)
    # Wilson's interval of 2 out of 4, published: 0.150 to 0.850
    assert overall.win_rate.low == pytest.approx(0.1500, abs=5e-4)
    assert overall.win_rate.high == pytest.approx(0.8500, abs=5e-4)


def test_parts_add_up_to_the_whole():
    told = analyse(TRADES, KNOWN, USDT, 10_000.0)
    for parts in (told.by_side, told.by_symbol, told.by_exit_reason, told.by_tag):
        assert sum(part.net for part in parts.values()) == pytest.approx(told.overall.net)
    assert told.by_exit_reason["stop"].net == pytest.approx(-60)
    assert told.by_tag["sma-cross"].n == 1
    assert set(told.by_symbol) == {BTC.key, ETH.key}


def test_the_fall_is_from_the_peak_of_the_balance():
    fall = analyse(TRADES, KNOWN, USDT, 10_000.0).closed_equity
    assert fall.amount == pytest.approx(60)
    assert fall.fraction == pytest.approx(60 / 10_080)


def test_where_there_is_nothing_it_says_so():
    told = analyse([], KNOWN, USDT, 10_000.0)
    assert told.overall.win_rate.value is None
    assert told.overall.win_rate.reason
    assert told.overall.mean_bars.reason.startswith("trades of an account")
    assert told.by_side == {}
    assert told.closed_equity.amount == 0


def test_without_a_loss_there_is_no_profit_factor():
    told = analyse([closed(1, 10)], KNOWN, USDT, 10_000.0)
    assert told.overall.profit_factor.value is None
    assert "losing" in told.overall.profit_factor.reason
