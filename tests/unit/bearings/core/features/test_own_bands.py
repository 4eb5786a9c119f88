"""Features that people define themselves."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.features.measuring import Circumstances, measure
from sonde.bearings.core.features.own import OwnBand, Quantity, Scale, own_band, own_value
from sonde.bearings.core.features.shared import Signal
from sonde.platform.core.errors import Invalid

RATE = 4096.0
TIME_S = np.arange(4096) / RATE


def test_quantities_of_a_band_are_those_of_the_tone_in_it():
    samples = 0.8 * np.sin(2 * np.pi * 300 * TIME_S) + 5 * np.sin(2 * np.pi * 1200 * TIME_S)
    signal = Signal(samples, RATE, 50.0)
    expected = {"rms": 0.8 / np.sqrt(2), "energy": 0.32, "peak": 0.8, "kurtosis": -1.5}
    for quantity, value in expected.items():
        band = OwnBand("one", 200, 400, quantity=Quantity(quantity))
        assert own_value(signal, band) == pytest.approx(value, abs=1e-6)
    by_order = OwnBand("two", 5, 7, Scale.ORDER, Quantity.PEAK)
    assert own_value(signal, by_order) == pytest.approx(0.8, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(1, 2000), min_size=1, max_size=5, unique=True))
def test_bands_that_tile_the_spectrum_share_the_signals_energy(seed, cuts):
    samples = np.random.default_rng(seed).standard_normal(4096)
    edges = sorted({0.0, *(round(cut) + 0.5 for cut in cuts), 2048.0})
    bands = [OwnBand("part", low, high, quantity=Quantity.ENERGY) for low, high in pairwise(edges)]
    signal = Signal(samples, RATE)
    assert sum(own_value(signal, band) for band in bands) == pytest.approx(np.mean(samples**2))


def test_a_band_is_absent_where_it_cannot_be():
    about = Circumstances(RATE)
    beyond = OwnBand("beyond", 5000, 6000)
    orders = OwnBand("orders", 1, 2, Scale.ORDER)
    values = measure(np.sin(TIME_S), about, ["own:beyond", "own:orders"], (beyond, orders))
    assert np.isnan(values).all()
    assert about.lacks(orders.definition) == "the shaft speed is unknown"


@pytest.mark.parametrize(
    "given_band",
    [
        {"name": "1st", "low": 1, "high": 2},
        {"name": "x y", "low": 1, "high": 2},
        {"name": "x" * 41, "low": 1, "high": 2},
        {"name": "x", "low": 2, "high": 2},
        {"name": "x", "low": -1, "high": 2},
        {"name": "x", "low": float("nan"), "high": 2},
        {"name": "x", "low": 1, "high": float("inf")},
        {"name": "x", "low": 1, "high": 2e7},
        {"name": "x", "low": 1, "high": 20_000, "scale": "order"},
        {"name": "x", "low": "a", "high": 2},
        {"name": "x", "low": 1, "high": 2, "scale": "miles"},
        {"name": "x", "low": 1, "high": 2, "quantity": "median"},
        {"name": "x"},
    ],
)
def test_what_is_no_band_is_refused(given_band):
    with pytest.raises(Invalid):
        own_band(given_band)
