"""Grids and fees are the exchange's own; what cannot be traded here is left out with the reason."""

from decimal import Decimal

import pytest

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings, moved
from sonde.markets.core.feeds.listings import exact, listings_of
from sonde.platform.core.errors import Invalid

SPOT = {
    "symbol": "BTC/USDT",
    "base": "BTC",
    "quote": "USDT",
    "spot": True,
    "active": True,
    "precision": {"price": 0.01, "amount": 1e-05},
    "limits": {"cost": {"min": 5.0}},
    "maker": 0.001,
    "taker": 0.0015,
}


def test_a_spot_market_keeps_its_grid_and_fees():
    found, left_out = listings_of("x", 4, [SPOT])
    instrument = found["BTCUSDT"].instrument
    assert (instrument.tick, instrument.step) == (Decimal("0.01"), Decimal("0.00001"))
    assert instrument.min_notional == 5
    assert (instrument.fees.maker, instrument.fees.taker) == (Decimal("0.001"), Decimal("0.0015"))
    assert left_out == {}


def test_precision_in_decimals_is_a_grid_too():
    market = {**SPOT, "precision": {"price": 2, "amount": 5}}
    found, _ = listings_of("x", 2, [market])
    assert found["BTCUSDT"].instrument.step == Decimal("0.00001")


def test_contracts_count_in_base():
    swap = {**SPOT, "spot": False, "swap": True, "linear": True, "contractSize": 0.001,
            "precision": {"price": 0.1, "amount": 1}}  # fmt: skip
    found, _ = listings_of("x", 4, [swap])
    assert found["BTCUSDT"].instrument.step == Decimal("0.001")
    assert found["BTCUSDT"].instrument.kind == "perpetual"


def test_a_perpetual_beside_its_spot_market_has_a_name_of_its_own():
    swap = {**SPOT, "symbol": "BTC/USDT:USDT", "spot": False, "swap": True, "linear": True}
    found, left_out = listings_of("x", 4, [swap, SPOT, {**swap, "symbol": "BTC/USDT:2"}])
    assert {name: one.instrument.kind for name, one in found.items()} == {
        "BTCUSDT": "spot",
        "BTCUSDT-PERP": "perpetual",
    }
    assert "another market" in left_out["BTC/USDT:2"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"active": False}, "not traded"),
        ({"spot": False, "option": True}, "Only spot"),
        ({"precision": {"price": None, "amount": 1}}, "no grid"),
        ({"precision": {"price": float("nan"), "amount": 1}}, "not a number"),
    ],
)
def test_what_cannot_be_traded_is_left_out_with_the_reason(change, reason):
    found, left_out = listings_of("x", 4, [{**SPOT, **change}])
    assert found == {}
    assert reason in left_out["BTC/USDT"]


def test_significant_digits_are_no_grid():
    assert "significant digits" in listings_of("x", 3, [SPOT])[1]["BTC/USDT"]


def test_fees_that_are_not_told_come_from_the_preset():
    found, _ = listings_of("kraken", 4, [{**SPOT, "maker": None}])
    assert found["BTCUSDT"].instrument.fees.taker == Decimal("0.004")


@pytest.mark.parametrize("value", ["", "x", None, "Infinity"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises((Invalid, ArithmeticError)):
        exact(value)


def test_servers_are_replaced_wherever_they_are_named():
    urls = {"public": "https://api.x.com/v3", "n": None, "ws": {"spot": "wss://s.x.com:9443/ws"}}
    assert moved(urls, "http://h:1", "ws://h:2") == {
        "public": "http://h:1/v3",
        "n": None,
        "ws": {"spot": "ws://h:2/ws"},
    }
    assert moved(urls, "", "") == urls


def test_settings_out_of_range_are_refused():
    with pytest.raises(Invalid, match="100 to 60,000"):
        ExchangeSettings("x", timeout_ms=1)
    with pytest.raises(Invalid, match="1 to 10"):
        ExchangeSettings("x", tries=0)
