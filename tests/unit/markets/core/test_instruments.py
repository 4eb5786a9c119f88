"""Instruments know their grid; what is off it is refused, never rounded in silence."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import (
    FEE_PRESETS,
    FeeSchedule,
    Instrument,
    account_currency,
    inferred_instrument,
    split_symbol,
    traded_as,
    unit_value,
)
from sonde.markets.core.money import AmountTooLarge, Currency
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

BTC = Instrument(
    "binance",
    "BTCUSDT",
    "BTC",
    "USDT",
    Decimal("0.01"),
    Decimal("0.00001"),
    Decimal(5),
    FEE_PRESETS["binance"],
)


@given(st.integers(0, 10**12))
def test_a_price_comes_back_from_its_ticks(ticks: int) -> None:
    assert BTC.ticks_of(BTC.price_of(ticks)) == ticks
    assert BTC.steps_of(BTC.quantity_of(ticks)) == ticks


@pytest.mark.parametrize("price", ["0.001", "-1", "67745.755"])
def test_what_is_not_on_the_grid_is_refused(price: str) -> None:
    with pytest.raises(Invalid, match=r"grid|negative"):
        BTC.ticks_of(price)


def test_a_quantity_beyond_int64_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        BTC.steps_of("1e20")


def test_steps_within_is_rounded_down() -> None:
    assert BTC.steps_within("0.000019") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"venue": ""},
        {"venue": "a:b"},
        {"kind": "future"},
        {"tick": Decimal(0)},
        {"step": Decimal(-1)},
        {"min_notional": Decimal(-1)},
        {"max_leverage": Decimal(2)},
        {"maintenance_rate": Decimal("0.6")},
        {"maintenance_rate": Decimal("0.0000000001")},
        {"funding_interval_ms": 1},
        {"tick": 0.01},
    ],
)
def test_what_cannot_be_traded_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        replace(BTC, **change)  # type: ignore[arg-type]


def test_a_perpetual_may_have_leverage() -> None:
    perpetual = replace(BTC, kind="perpetual", max_leverage=Decimal(125))
    assert perpetual.max_leverage == 125


def test_an_account_that_counts_too_coarsely_is_refused_by_name() -> None:
    assert unit_value(BTC, Currency("USDT", 7)) == 1
    with pytest.raises(Invalid, match="BTCUSDT"):
        unit_value(BTC, Currency("USDT", 6))


def test_the_currency_is_as_fine_as_the_instrument_needs() -> None:
    assert account_currency(BTC).decimals == 8
    fine = replace(BTC, tick=Decimal("0.000001"), step=Decimal("0.00001"))
    assert account_currency(fine).decimals == 11
    with pytest.raises(Invalid, match="too fine"):
        account_currency(replace(fine, tick=Decimal("1e-9")))


@pytest.mark.parametrize("rates", [("-0.001", "0"), ("0", "0.2"), ("0.0000000001", "0")])
def test_fees_that_no_venue_takes_are_refused(rates: tuple[str, str]) -> None:
    with pytest.raises(Invalid):
        FeeSchedule(Decimal(rates[0]), Decimal(rates[1]))


@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=20),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_the_grid_is_read_from_the_decimals(
    counts: list[int], price_decimals: int, volume_decimals: int
) -> None:
    prices = np.array([float(Decimal(one).scaleb(-price_decimals)) for one in counts])
    volume = np.array([float(Decimal(one).scaleb(-volume_decimals)) for one in counts])
    rows = SimpleNamespace(open=prices, high=prices, low=prices, close=prices, volume=volume)
    found = inferred_instrument("ABCUSDT", rows)
    for one in counts:
        assert found.ticks_of(Decimal(one).scaleb(-price_decimals)) > 0
        assert found.steps_of(Decimal(one).scaleb(-volume_decimals)) > 0


@given(st.integers(9, 12), st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_prices_of_up_to_twelve_decimals_are_exact(decimals: int, counts: list[int]) -> None:
    counts = [*counts, 10**9 + 1]
    prices = np.array([float(Decimal(one).scaleb(-decimals)) for one in counts])
    volume = np.arange(1.0, len(counts) + 1)
    rows = SimpleNamespace(open=prices, high=prices, low=prices, close=prices, volume=volume)
    found = inferred_instrument("PEPEBTC", rows)
    assert found.tick == Decimal(1).scaleb(-decimals)
    times = np.arange(len(counts)) * 60_000
    source = Provenance("file", "file", "pepe.csv", "", 0)
    told = Candles(found, Timeframe("1m"), times, *(prices,) * 4, volume, source).ticks()
    assert told.close.tolist() == counts
    assert account_currency(found).decimals == decimals


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.1234567890123], "more than 12 decimals"),
        ([0.000000000001, 1_200.0], "more than 11 decimals and are as large as 1200"),
        ([0.123456789, 67_000_000.5], "more than 8 decimals and are as large as 67000000.5"),
    ],
)
def test_prices_that_cannot_be_counted_are_refused_in_words(
    values: list[float], words: str
) -> None:
    rows = SimpleNamespace(**dict.fromkeys(("open", "high", "low", "close"), np.array(values)))
    rows.volume = np.ones(len(values))
    with pytest.raises(Invalid, match=words):
        inferred_instrument("ABCUSDT", rows)


@pytest.mark.parametrize("values", [[], [float("nan")], [1 / 3]])
def test_candles_without_a_grid_are_refused(values: list[float]) -> None:
    rows = SimpleNamespace(**dict.fromkeys(("open", "high", "low", "close"), np.array(values)))
    rows.volume = np.ones(1)
    with pytest.raises(Invalid):
        inferred_instrument("ABCUSDT", rows)


@pytest.mark.parametrize(
    ("symbol", "parts"),
    [
        ("BTCUSDT", ("BTC", "USDT")),
        ("ETH/BTC", ("ETH", "BTC")),
        ("BTC/USDT:USDT", ("BTC", "USDT")),
        ("XYZ", ("XYZ", "USD")),
    ],
)
def test_base_and_quote_are_read_from_the_symbol(symbol: str, parts: tuple[str, str]) -> None:
    assert split_symbol(symbol) == parts


@pytest.mark.parametrize(
    ("price", "volume", "step"),
    [
        (50_000.5, 12.0, "0.0000001"),  # whole coins: finer, as fine as money is counted
        (150.25, 900.0, "0.000001"),
        (67_745.75, 26.98425, "0.00001"),  # a step is worth less than 1: as it is told
        (0.25, 12.0, "1"),
    ],
)
def test_a_small_account_can_trade_the_step_that_is_inferred(
    price: float, volume: float, step: str
) -> None:
    prices = np.array([price])
    rows = SimpleNamespace(
        open=prices, high=prices, low=prices, close=prices, volume=np.array([volume])
    )
    found = inferred_instrument("ABCUSDT", rows)
    assert found.step == Decimal(step)
    assert unit_value(found, Currency("USDT")) >= 1
    assert found.step * Decimal(price) <= 1


def test_a_file_of_spot_prices_may_be_traded_as_a_perpetual() -> None:
    prices = np.array([100.5])
    rows = SimpleNamespace(open=prices, high=prices, low=prices, close=prices, volume=prices)
    spot = inferred_instrument("ABCUSDT", rows)
    perpetual = inferred_instrument("ABCUSDT", rows, kind="perpetual")
    assert (spot.kind, spot.max_leverage) == ("spot", 1)
    assert (perpetual.kind, perpetual.max_leverage) == ("perpetual", 20)
    assert perpetual.maintenance_rate == Decimal("0.005")
    assert (perpetual.key, perpetual.tick, perpetual.step) == (spot.key, spot.tick, spot.step)
    assert traded_as(spot, "perpetual") == perpetual
    with pytest.raises(Invalid, match="not sold as spot"):
        traded_as(perpetual, "spot")
