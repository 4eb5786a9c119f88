"""The diagnosis on signals whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.diagnosis import diagnose, excess_kurtosis
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.weighing import Verdict
from sonde.platform.core.errors import Invalid

GEOMETRY = Geometry(9, 7.94, 39.04)
RATE_HZ = 12_000.0
SHAFT_HZ = 30.0


def _struck(
    order: float, *, seconds: float = 6.0, seed: int = 1, height: float = 3.0
) -> np.ndarray:
    """Return noise with ringing impacts at `order`, one per cent of jitter."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=int(seconds * RATE_HZ))
    period = 1 / (order * SHAFT_HZ)
    steps = period * (1 + 0.01 * rng.normal(size=int(seconds / period) + 1))
    ring = np.exp(-np.arange(60) / 12) * np.sin(2 * np.pi * 0.28 * np.arange(60))
    for start in (np.cumsum(steps) * RATE_HZ).astype(int):
        if start + 60 < len(signal):
            signal[start : start + 60] += height * ring
    return signal


@pytest.mark.parametrize(
    ("order", "verdict"),
    [(GEOMETRY.bpfo, "outer"), (GEOMETRY.bpfi, "inner"), (GEOMETRY.ball_strike, "ball")],
)
def test_impacts_name_the_part(order: float, verdict: str) -> None:
    found = diagnose(_struck(order), RATE_HZ, SHAFT_HZ * 60, GEOMETRY)
    assert found.verdict.value == verdict
    assert found.strength > 4.5
    first = found.evidence[0]
    assert first.found_hz == pytest.approx(first.expected_hz, rel=0.02)
    assert first.expected_hz == pytest.approx(first.order * SHAFT_HZ)


@pytest.mark.parametrize("seconds", [1.0, 3.0, 20.0])
@pytest.mark.parametrize("seed", range(8))
def test_noise_is_healthy(seconds: float, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(size=int(seconds * RATE_HZ))
    found = diagnose(noise, RATE_HZ, SHAFT_HZ * 60, GEOMETRY)
    assert found.verdict is Verdict.HEALTHY
    assert found.strength < 3.5


@settings(deadline=None, max_examples=15)
@given(st.floats(1e-4, 1e4), st.floats(-1e3, 1e3))
def test_neither_unit_nor_offset_matters(factor: float, offset: float) -> None:
    signal = _struck(GEOMETRY.bpfo, seconds=2.0)
    one = diagnose(signal, RATE_HZ, SHAFT_HZ * 60, GEOMETRY)
    other = diagnose(signal * factor + offset * factor, RATE_HZ, SHAFT_HZ * 60, GEOMETRY)
    assert other.verdict is one.verdict
    assert other.strength == pytest.approx(one.strength, rel=0.02)


def test_a_wrong_geometry_is_not_called_anything() -> None:
    found = diagnose(_struck(4.29, height=5.0), RATE_HZ, SHAFT_HZ * 60, GEOMETRY)
    assert found.verdict is Verdict.CANNOT_TELL
    assert "geometry" in found.summary


def test_too_few_turns_say_so() -> None:
    found = diagnose(_struck(GEOMETRY.bpfo, seconds=0.3), RATE_HZ, SHAFT_HZ * 60, GEOMETRY)
    assert found.verdict is Verdict.CANNOT_TELL
    assert "turns" in found.summary


def test_few_turns_without_a_line_are_not_called_healthy() -> None:
    noise = np.random.default_rng(0).normal(size=int(0.5 * RATE_HZ))
    assert diagnose(noise, RATE_HZ, 1800.0, GEOMETRY).verdict is Verdict.CANNOT_TELL


def test_too_slow_sampling_says_so() -> None:
    noise = np.random.default_rng(0).normal(size=20_000)
    found = diagnose(noise, 800.0, 1800.0, GEOMETRY)
    assert found.verdict is Verdict.CANNOT_TELL
    assert "slowly" in found.summary


def test_a_constant_signal_says_so() -> None:
    assert "constant" in diagnose(np.ones(50_000), RATE_HZ, 1800.0, GEOMETRY).summary


def test_two_faults_of_equal_strength_are_not_decided() -> None:
    both = _struck(GEOMETRY.bpfo, seed=1) + _struck(GEOMETRY.bpfi, seed=2)
    assert diagnose(both, RATE_HZ, 1800.0, GEOMETRY).verdict is not Verdict.HEALTHY


@pytest.mark.parametrize("error", [-0.015, 0.015])
def test_a_speed_that_is_a_little_off_does_not_matter(error: float) -> None:
    found = diagnose(_struck(GEOMETRY.bpfi), RATE_HZ, 1800.0 * (1 + error), GEOMETRY)
    assert found.verdict is Verdict.INNER


@pytest.mark.parametrize(
    ("samples", "rate", "rpm"),
    [
        (np.ones(10), 0.0, 1800.0),
        (np.ones(10), 100.0, 0.0),
        (np.ones(10), 100.0, float("nan")),
        (np.ones((2, 10)), 100.0, 60.0),
        (np.array([1.0, np.nan]), 100.0, 60.0),
    ],
)
def test_what_cannot_be_diagnosed_is_refused(samples: np.ndarray, rate: float, rpm: float) -> None:
    with pytest.raises(Invalid):
        diagnose(samples, rate, rpm, GEOMETRY)


def test_kurtosis_of_known_signals() -> None:
    sine = np.sin(2 * np.pi * np.arange(1000) / 100)
    assert excess_kurtosis(sine) == pytest.approx(-1.5)
    assert excess_kurtosis(np.zeros(5)) == 0.0


def test_shaft_harmonics_are_healthy_by_any_geometry_and_at_a_speed_a_little_off() -> None:
    rng = np.random.default_rng(4)
    turns = np.arange(int(8 * RATE_HZ)) / RATE_HZ * SHAFT_HZ
    swing = 1 + 0.25 * sum(np.cos(2 * np.pi * k * turns + k) / k for k in range(1, 9))
    signal = rng.normal(size=len(turns)) * np.maximum(swing, 0.1)
    for name in ("6203", "6205", "6308", "6209", "NICE", "6804"):
        geometry = find_bearing(name).geometry
        for error in (-0.01, 0.0, 0.01):
            found = diagnose(signal, RATE_HZ, SHAFT_HZ * 60 * (1 + error), geometry)
            assert found.verdict in {Verdict.HEALTHY, Verdict.CANNOT_TELL}, (name, error)
        assert diagnose(signal, RATE_HZ, 1800.0, geometry).verdict is Verdict.HEALTHY
