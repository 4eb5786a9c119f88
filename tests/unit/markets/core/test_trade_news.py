"""What is told of a trade, and what is not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sonde.markets.core.instruments import FEE_PRESETS, Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import Side
from sonde.markets.core.trade_news import news_of
from sonde.markets.core.trades import Trade, TradeState

USDT = Currency("USDT")
BTC = Instrument(
    "x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.1"), Decimal(0), FEE_PRESETS["file"]
)
ASKED = Trade("t", BTC.key, Side.LONG, 5, 0, is_placed=True)
OPEN = replace(ASKED, state=TradeState.OPEN, filled_steps=5, entry_weight=5_000)


def _closed(reason, exit_weight):
    return replace(
        OPEN, state=TradeState.CLOSED, closed_steps=5, exit_weight=exit_weight, exit_reason=reason
    )


@pytest.mark.parametrize(
    ("reason", "kind", "title"),
    [
        ("stop", "stop_hit", "BTCUSDT stop hit: -0.5 USDT"),
        ("trailing stop", "stop_hit", "BTCUSDT trailing stop hit: -0.5 USDT"),
        ("target", "take_profit_hit", "BTCUSDT target reached: -0.5 USDT"),
        ("liquidation", "liquidated", "BTCUSDT liquidated: -0.5 USDT"),
        ("manual", "trade_closed", "BTCUSDT closed: -0.5 USDT"),
    ],
)
def test_every_end_has_its_kind(reason, kind, title):
    told = news_of(OPEN, _closed(reason, 4_500), BTC, USDT)
    assert (told.kind, told.title) == (kind, title)
    assert told.body == "Entered at 10, left at 9; fees 0 USDT."


def test_an_entry_is_told_whole_or_in_part():
    assert news_of(ASKED, OPEN, BTC, USDT).kind == "trade_opened"
    part = replace(OPEN, filled_steps=2, entry_weight=2_000)
    told = news_of(None, part, BTC, USDT)
    assert (told.kind, told.title) == ("order_partially_filled", "Bought 0.2 BTC at 10")
    assert news_of(part, OPEN, BTC, USDT) is None


def test_what_somebody_asked_for_is_no_news():
    gone = replace(ASKED, state=TradeState.CANCELLED, exit_reason="manual")
    assert news_of(ASKED, gone, BTC, USDT) is None
    assert news_of(ASKED, replace(ASKED, stop_ticks=5), BTC, USDT) is None
    closing = replace(OPEN, state=TradeState.CLOSING)
    assert news_of(OPEN, closing, BTC, USDT) is None
    assert news_of(closing, OPEN, BTC, USDT) is None
    poor = replace(gone, exit_reason="insufficient_balance")
    assert news_of(ASKED, poor, BTC, USDT).kind == "order_rejected"
    late = replace(gone, exit_reason="expired")
    assert news_of(ASKED, late, BTC, USDT).kind == "order_expired"
