"""What each look at a signal costs, at 102,400 samples of float32, beside a plain scipy peer.

The peer does the same job as one would write it down with scipy alone, in float64. The bars are
those of the Signal page: 100 ms for a view, 30 ms for a spectrum.
"""

import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy import fft, integrate, signal
from scipy.interpolate import CubicSpline

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.cepstrum import prewhitened, rahmonics, real_cepstrum, without_families
from sonde.bearings.core.cursors import Axis, fault_overlay, harmonic_cursor, sideband_cursor
from sonde.bearings.core.expected_spectrum import expected_spectrum
from sonde.bearings.core.integration import converted
from sonde.bearings.core.iso20816 import MachineGroup, Support, severity_zone
from sonde.bearings.core.order_tracking import order_spectrum, resampled_by_angle
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.spectrum_settings import (
    Detrend,
    Scaling,
    SpectrumSettings,
    measured_spectrum,
)
from sonde.bearings.core.speed_in_signal import profile_in_signal
from sonde.bearings.core.speed_ridge import RidgeSettings
from sonde.bearings.core.synchronous_average import residual, synchronous_average
from sonde.bearings.core.tacho import profile_of_tacho
from sonde.bearings.core.units import Quantity

RATE_HZ = 20_480.0
TIME_S = np.arange(102_400) / RATE_HZ
TURNED = 20 * TIME_S + 4 * TIME_S**2
TACHO = (TURNED % 1 < 0.1).astype(np.float32)
SAMPLES = (
    sum(np.sin(2 * np.pi * k * TURNED) / k for k in range(1, 7))
    + np.random.default_rng(0).normal(size=102_400)
).astype(np.float32)
STEADY = np.sum([np.sin(2 * np.pi * k * 61 * TIME_S) for k in (1, 2, 3, 4)], axis=0)
STEADY = (STEADY + np.random.default_rng(1).normal(size=102_400)).astype(np.float32)
WIDE = SAMPLES.astype(np.float64)
GEOMETRY = find_bearing("6205").geometry
RUNS = 15
BAR_MS, SPECTRUM_BAR_MS = 100.0, 30.0

PROFILE = profile_of_tacho(TACHO, RATE_HZ)
TURNS = resampled_by_angle(SAMPLES, RATE_HZ, PROFILE)
SPECTRUM = measured_spectrum(SAMPLES, RATE_HZ).spectrum
AXIS = Axis(SPECTRUM.resolution_hz, SPECTRUM.values, Window.HANN)


def scipy_welch() -> object:
    """Average 15 segments."""
    return signal.welch(WIDE, RATE_HZ, "hann", 12_800, 6_400)


def scipy_spectrum() -> object:
    """Transform the whole signal."""
    return signal.periodogram(WIDE, RATE_HZ, "flattop", detrend="linear", scaling="spectrum")


def scipy_integration() -> object:
    """Filter and sum in time."""
    sections = signal.butter(4, 10, "high", fs=RATE_HZ, output="sos")
    shake = signal.sosfiltfilt(sections, WIDE)
    speed = signal.sosfiltfilt(sections, integrate.cumulative_trapezoid(shake, TIME_S, initial=0))
    return integrate.cumulative_trapezoid(speed, TIME_S, initial=0)


def scipy_cepstrum() -> object:
    """Transform there and back, two-sided."""
    return fft.ifft(np.log(np.abs(fft.fft(WIDE)))).real


def scipy_orders() -> object:
    """Interpolate a four times denser signal, then decimate over the angle."""
    dense = signal.resample_poly(WIDE, 4, 1)
    angle = np.arange(1, int(TURNED[-1]), 1 / 1024)
    times_s = CubicSpline(TURNED, TIME_S)(angle)
    over_angle = CubicSpline(np.arange(len(dense)) / (4 * RATE_HZ), dense)(times_s)
    return signal.periodogram(signal.decimate(over_angle, 8), 128.0, "hann")


def scipy_average() -> object:
    """Cut by interpolation, turn by turn."""
    starts = np.interp(np.arange(1, int(TURNED[-1])), TURNED, TIME_S)
    steps = np.linspace(0, 1, 336, endpoint=False)
    course = CubicSpline(TIME_S, WIDE)
    return np.mean([course(a + (b - a) * steps) for a, b in pairwise(starts)], axis=0)


def scipy_ridge() -> object:
    """Take the highest line of a spectrogram near the shaft: no harmonics, no smoothness."""
    frequency_hz, _, power = signal.spectrogram(WIDE, RATE_HZ, "hann", 6144, 5120, 24_576)
    near = (frequency_hz > 16) & (frequency_hz < 64)
    return frequency_hz[near][power[near].argmax(axis=0)]


def looks() -> list[tuple[str, Callable[[], object], Callable[[], object] | None]]:
    """Return name, work and peer of every look."""
    averaged = SpectrumSettings(scaling=Scaling.PSD, averages=15)
    flat = SpectrumSettings(window=Window.FLATTOP, detrend=Detrend.LINEAR)
    machine = (MachineGroup.MEDIUM, Support.RIGID)
    cepstrum = real_cepstrum(SAMPLES, RATE_HZ)

    def tracked() -> object:
        profile = profile_of_tacho(TACHO, RATE_HZ)
        return order_spectrum(resampled_by_angle(SAMPLES, RATE_HZ, profile))

    def found() -> object:
        return profile_in_signal(SAMPLES, RATE_HZ, RidgeSettings(40.0, 0.6))

    def steady() -> object:
        return profile_in_signal(STEADY, RATE_HZ, RidgeSettings(60.0))

    def averaged_turns() -> object:
        turns = resampled_by_angle(SAMPLES, RATE_HZ, PROFILE)
        return residual(turns, synchronous_average(turns))

    return [
        (
            "spectrum, flat top, trend out",
            lambda: measured_spectrum(SAMPLES, RATE_HZ, flat),
            scipy_spectrum,
        ),
        (
            "spectrum, density, 15 averages",
            lambda: measured_spectrum(SAMPLES, RATE_HZ, averaged),
            scipy_welch,
        ),
        (
            "displacement from acceleration",
            lambda: converted(SAMPLES, RATE_HZ, "g", Quantity.DISPLACEMENT),
            scipy_integration,
        ),
        ("cepstrum", lambda: real_cepstrum(SAMPLES, RATE_HZ), scipy_cepstrum),
        ("rahmonics", lambda: rahmonics(cepstrum, 1 / 107.5), None),
        ("families edited out", lambda: without_families(SAMPLES, RATE_HZ, (1 / 107.5,)), None),
        ("prewhitening", lambda: prewhitened(SAMPLES), None),
        ("order spectrum from a tacho", tracked, scipy_orders),
        ("speed found in the signal", found, scipy_ridge),
        ("speed found, steady machine", steady, None),
        ("synchronous average, residual", averaged_turns, scipy_average),
        ("harmonic cursor", lambda: harmonic_cursor(AXIS, 107.5, 20), None),
        ("sideband cursor", lambda: sideband_cursor(AXIS, 3000.0, 30.0, 10), None),
        ("fault overlay", lambda: fault_overlay(AXIS, GEOMETRY, 30.0, 5, 2), None),
        ("expected spectrum", lambda: expected_spectrum("inner", 30.0, 1e4, GEOMETRY), None),
        ("ISO 20816-3 zone", lambda: severity_zone(SAMPLES, RATE_HZ, "g", 1800.0, machine), None),
    ]


def timed(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the lower quartile of the time in ms."""
    work()
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return float(np.quantile(seconds, 0.25)) * 1e3


def main() -> int:
    """Print the table; return 1 if a look misses its bar."""
    missed = 0
    print(f"{'look at 102,400 samples':34}{'ms':>9}{'scipy ms':>10}{'ratio':>8}")
    for name, work, peer in looks():
        own = timed(work)
        missed += own > (SPECTRUM_BAR_MS if name.startswith("spectrum") else BAR_MS)
        beside = timed(peer, 5) if peer else None
        ratio = f"{beside:10.2f}{beside / own:8.1f}" if beside else ""
        print(f"{name:34}{own:9.2f}{ratio}")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
