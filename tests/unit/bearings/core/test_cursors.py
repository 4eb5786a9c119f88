"""Cursors: known tones between lines, sidebands, fault lines on published orders, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.cursors import Axis, fault_overlay, harmonic_cursor, sideband_cursor
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.spectrum_settings import SpectrumSettings, measured_spectrum
from sonde.platform.core.errors import Invalid

RATE_HZ = 10_000.0
TIME_S = np.arange(20_000) / RATE_HZ
BEARING = Geometry(9, 0.3126 * 25.4, 1.537 * 25.4)


def axis_of(*tones: tuple[float, float], window: Window = Window.HANN) -> Axis:
    signal = sum(height * np.sin(2 * np.pi * hz * TIME_S + hz) for hz, height in tones)
    noise = np.random.default_rng(0).normal(0, 1e-3, len(TIME_S))
    settings = SpectrumSettings(window=window)
    spectrum = measured_spectrum(signal + noise, RATE_HZ, settings).spectrum
    return Axis(spectrum.resolution_hz, spectrum.values, window)


@given(st.floats(40.0, 45.0))
def test_acceptance_look_cursor_harmonics_are_found_between_the_lines(fundamental: float) -> None:
    axis = axis_of(*((k * fundamental, 1 / k) for k in range(1, 6)))
    cursor = harmonic_cursor(axis, fundamental * 1.004, 5)
    assert cursor.fundamental == pytest.approx(fundamental, abs=0.002)
    for k, line in enumerate(cursor.lines, start=1):
        assert line.name == f"{k}x"
        assert line.position == pytest.approx(k * fundamental, abs=0.01)
        assert line.amplitude == pytest.approx(1 / k, rel=0.01)
        assert line.prominence > 50


@pytest.mark.parametrize("window", list(Window))
@pytest.mark.parametrize("offset", [0.0, 0.11, 0.25, 0.4])
def test_a_tone_between_lines_by_every_window(window: Window, offset: float) -> None:
    axis = axis_of((400 + offset, 2.0), window=window)
    (line,) = harmonic_cursor(axis, 400.5, 1, 0.01).lines
    is_exact = window in {Window.HANN, Window.RECTANGULAR}
    assert line.position == pytest.approx(400 + offset, abs=0.005 if is_exact else 0.075)
    assert line.amplitude == pytest.approx(2, rel=0.005 if is_exact else 0.05)


def test_acceptance_look_cursor_sidebands() -> None:
    axis = axis_of((1000, 1.0), (970.2, 0.3), (1029.8, 0.25), (940.4, 0.1), (1059.6, 0.1))
    lines = sideband_cursor(axis, 1001.0, 29.8, 2)
    assert [line.sideband for line in lines] == [-2, -1, 0, 1, 2]
    np.testing.assert_allclose(
        [line.amplitude for line in lines], [0.1, 0.3, 1, 0.25, 0.1], rtol=0.03
    )
    np.testing.assert_allclose(
        [line.position for line in lines], [940.4, 970.2, 1000, 1029.8, 1059.6], atol=0.05
    )


def test_acceptance_look_cursor_fault_lines_are_those_of_the_catalogue() -> None:
    """CWRU at 1797 rpm: 3.5848, 5.4152, 0.39828 and 4.7135 times the shaft."""
    axis = axis_of((107.2, 0.5), (162.0, 0.4), (132.1, 0.2), (192.0, 0.1))
    overlay = fault_overlay(axis, BEARING, 1797 / 60, harmonics=2, sidebands=1)
    lines = {line.name: line for line in overlay}
    assert lines["BPFO 1x"].expected == pytest.approx(3.5848 * 29.95, abs=0.01)
    assert lines["BPFI 2x"].expected == pytest.approx(2 * 5.4152 * 29.95, abs=0.01)
    assert lines["FTF 1x"].expected == pytest.approx(0.39828 * 29.95, abs=0.01)
    assert lines["2xBSF 1x"].expected == pytest.approx(4.7135 * 29.95, abs=0.01)
    assert lines["BPFO 1x"].amplitude == pytest.approx(0.5, rel=0.02)
    assert lines["BPFI 1x"].amplitude == pytest.approx(0.4, rel=0.02)
    assert lines["BPFI 1x -1"].amplitude == pytest.approx(0.2, rel=0.02)
    assert lines["BPFI 1x +1"].position == pytest.approx(192.0, abs=0.02)
    assert lines["BPFO 2x"].amplitude < 0.01
    assert "BPFO 1x -1" not in lines
    spacing = lines["2xBSF 1x"].expected - lines["2xBSF 1x -1"].expected
    assert spacing == pytest.approx(BEARING.ftf * 29.95)


def test_on_an_order_axis_the_shaft_is_one() -> None:
    overlay = fault_overlay(Axis(0.01, np.ones(2000)), BEARING, 1.0, 1, 0)
    np.testing.assert_allclose([one.expected for one in overlay], list(BEARING.orders.values()))


def test_lines_off_the_axis_are_left_out() -> None:
    axis = Axis(1.0, np.ones(100))
    assert len(harmonic_cursor(axis, 30.0, 10).lines) == 3
    assert len(sideband_cursor(axis, 90.0, 20.0, 2)) == 3
    assert all(line.expected <= 99 for line in fault_overlay(axis, BEARING, 10.0, 5))


def test_a_silent_spectrum_has_lines_of_nothing() -> None:
    cursor = harmonic_cursor(Axis(1.0, np.zeros(100)), 10.0, 3)
    assert cursor.fundamental == 10.0
    assert all(line.amplitude == 0 for line in cursor.lines)


def test_positions_off_the_spectrum_are_refused() -> None:
    axis = Axis(1.0, np.ones(100))
    for ask in (
        lambda: harmonic_cursor(axis, 1.0),
        lambda: harmonic_cursor(axis, 100.0),
        lambda: sideband_cursor(axis, 50.0, 0.5),
        lambda: fault_overlay(axis, BEARING, 0.0),
    ):
        with pytest.raises(Invalid):
            ask()
