"""Velocity and displacement: closed forms, there and back, laws, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sonde.bearings.core.integration import band_rms, converted, converted_spectrum
from sonde.bearings.core.spectrum_settings import Scaling, SpectrumSettings, measured_spectrum
from sonde.bearings.core.units import Quantity
from sonde.platform.core.errors import Invalid

RATE_HZ = 8192.0
TIME_S = np.arange(8192) / RATE_HZ
signals = arrays(
    np.float64, st.integers(16, 300), elements=st.floats(-100, 100, allow_nan=False, width=32)
)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("frequency_hz", [100.0, 433.0, 2000.0])
def test_acceptance_look_integration_is_that_of_the_closed_form(
    dtype: type, frequency_hz: float
) -> None:
    omega = 2 * np.pi * frequency_hz
    shake = (1.5 * np.sin(omega * TIME_S)).astype(dtype)
    speed = converted(shake, RATE_HZ, "g", Quantity.VELOCITY)
    way = converted(shake, RATE_HZ, "g", Quantity.DISPLACEMENT)
    amplitude = 1.5 * 9.80665 / omega
    assert speed.samples.dtype == dtype
    np.testing.assert_allclose(
        speed.samples, -amplitude * 1e3 * np.cos(omega * TIME_S), atol=2e-4 * amplitude * 1e3
    )
    np.testing.assert_allclose(
        way.samples,
        -amplitude / omega * 1e6 * np.sin(omega * TIME_S),
        atol=2e-4 * amplitude / omega * 1e6,
    )
    assert (speed.unit, way.unit) == ("mm/s", "um")


def test_the_corner_takes_three_decibels_and_slow_drift_goes() -> None:
    seen = converted(np.sin(20 * np.pi * TIME_S), RATE_HZ, "mm/s", Quantity.DISPLACEMENT, 10.0)
    exact = 1e3 / (20 * np.pi)
    assert seen.samples.max() == pytest.approx(exact * np.sqrt(0.5), rel=1e-4)
    drift = converted(np.sin(2 * np.pi * TIME_S), RATE_HZ, "mm/s", Quantity.DISPLACEMENT, 10.0)
    assert drift.samples.max() < 1e3 / (2 * np.pi) * 2e-4
    assert seen.settling_s == pytest.approx(0.1)


@given(st.integers(30, 4000), st.floats(0, 6.3), st.sampled_from(["g", "m/s2"]))
def test_there_and_back_is_the_identity(frequency_hz: int, phase: float, unit: str) -> None:
    shake = np.sin(2 * np.pi * frequency_hz * TIME_S + phase)
    way = converted(shake, RATE_HZ, unit, Quantity.DISPLACEMENT, 1.0)
    back = converted(way.samples, RATE_HZ, "um", Quantity.ACCELERATION)
    scale = 9.80665 if unit == "g" else 1.0
    np.testing.assert_allclose(back.samples, shake * scale, atol=1e-5)


@given(signals, st.floats(0.01, 100))
def test_integration_scales(signal: np.ndarray, factor: float) -> None:
    one = converted(signal, 1000.0, "g", Quantity.VELOCITY).samples
    more = converted(signal * factor, 1000.0, "g", Quantity.VELOCITY).samples
    np.testing.assert_allclose(more, one * factor, rtol=1e-6, atol=1e-6 * factor)


@given(signals, st.integers(0, 300))
def test_integration_shifts_with_the_signal(signal: np.ndarray, shift: int) -> None:
    one = converted(signal, 1000.0, "g", Quantity.VELOCITY).samples
    later = converted(np.roll(signal, shift), 1000.0, "g", Quantity.VELOCITY).samples
    np.testing.assert_allclose(later, np.roll(one, shift), atol=1e-6)


@pytest.mark.parametrize("scaling", list(Scaling))
def test_the_spectrum_of_the_velocity_is_the_velocity_of_the_spectrum(scaling: Scaling) -> None:
    shake = np.random.default_rng(2).normal(size=8192)
    settings = SpectrumSettings(scaling=scaling, segment_length=0)
    speed = converted(shake, RATE_HZ, "g", Quantity.VELOCITY).samples
    direct = measured_spectrum(speed, RATE_HZ, settings).spectrum.values
    taken = converted_spectrum(
        measured_spectrum(shake, RATE_HZ, settings).spectrum, "g", Quantity.VELOCITY
    )
    far = slice(200, 4000)
    np.testing.assert_allclose(
        np.mean(taken.values[far] ** 2), np.mean(direct[far] ** 2), rtol=0.02
    )
    assert taken.unit == ("mm/s" if scaling is Scaling.AMPLITUDE else "(mm/s)^2/Hz")


def test_the_same_quantity_only_changes_its_unit() -> None:
    seen = converted(np.ones(3), 10.0, "in/s", Quantity.VELOCITY)
    np.testing.assert_allclose(seen.samples, 25.4)
    assert seen.settling_s == 0


def test_band_rms_of_sines_is_that_of_those_within() -> None:
    shake = sum(np.sin(2 * np.pi * hz * TIME_S) for hz in (4, 100, 500, 1500))
    assert band_rms(shake, RATE_HZ, "mm/s", Quantity.VELOCITY, (10, 1000)) == pytest.approx(1.0)
    expected = 1e3 / (2 * np.pi) * np.sqrt((1 / 100**2 + 1 / 500**2) / 2)
    way = band_rms(shake, RATE_HZ, "mm/s", Quantity.DISPLACEMENT, (10, 1000))
    assert way == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("unit", ["unknown", "", "V"])
def test_acceptance_look_integration_refuses_an_undeclared_unit(unit: str) -> None:
    for ask in (
        lambda: converted(TIME_S, RATE_HZ, unit, Quantity.VELOCITY),
        lambda: converted_spectrum(
            measured_spectrum(TIME_S, RATE_HZ).spectrum, unit, Quantity.VELOCITY
        ),
        lambda: band_rms(TIME_S, RATE_HZ, unit, Quantity.VELOCITY, (10, 1000)),
    ):
        with pytest.raises(Invalid, match="declare the unit"):
            ask()


@pytest.mark.parametrize(("rate", "corner"), [(0.0, 10.0), (100.0, 0.0), (100.0, 50.0)])
def test_corners_that_leave_nothing_are_refused(rate: float, corner: float) -> None:
    with pytest.raises(Invalid):
        converted(TIME_S, rate, "g", Quantity.VELOCITY, corner)


def test_what_cannot_be_converted_is_refused() -> None:
    with pytest.raises(Invalid, match="too few"):
        converted(np.ones(4), 100.0, "g", Quantity.VELOCITY)
    with pytest.raises(Invalid, match="half the sampling rate"):
        band_rms(TIME_S, RATE_HZ, "g", Quantity.VELOCITY, (10, 5000))
    relative = measured_spectrum(TIME_S, RATE_HZ).spectrum
    with pytest.raises(Invalid, match="no physical unit"):
        converted_spectrum(type(relative)(1.0, relative.values, "1"), "g", Quantity.VELOCITY)
