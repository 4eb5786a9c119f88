"""Every defect that the validation knows is found where it is put, and nowhere else."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import resample_poly

from sonde.bearings.core.readers.reading import start_reading
from sonde.bearings.core.validation import findings_of

RATE = 12_000.0


def noise(seed: int = 1, n: int = 12_000) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(n).astype(np.float32)


def findings(values: np.ndarray, tacho: str = "") -> tuple[str, ...]:
    return findings_of(values[None, :].astype(np.float32), ["DE"], RATE, tacho=tacho)


@given(st.integers(0, 200), st.floats(1e-3, 1e3))
def test_plain_noise_has_no_finding(seed: int, scale: float) -> None:
    assert findings(noise(seed, 4096) * scale) == ()


@given(st.integers(0, 50), st.integers(8, 14))
def test_noise_of_a_coarse_converter_has_no_finding(seed: int, bits: int) -> None:
    step = 10.0 / 2**bits
    assert findings(np.round(noise(seed, 4096) / step) * step) == ()


def test_a_constant_channel_and_broken_values() -> None:
    assert findings(np.full(5000, 2.0)) == ("DE: constant, nothing was measured.",)
    holes = noise()
    holes[5:8] = np.nan, np.inf, -np.inf
    assert findings(holes) == ("DE: 3 values are not finite numbers.",)


def test_clipping() -> None:
    wave = 2 * np.sin(np.arange(12_000) / 11) + 0.2 * noise()
    (finding,) = findings(np.clip(wave, -1.5, 1.5))
    assert finding.startswith("DE: clipped at -1.5 and 1.5 (")
    (finding,) = findings(np.clip(wave, None, 1.5))
    assert finding.startswith("DE: clipped at 1.5 (")


def test_dropouts() -> None:
    values = noise()
    values[3000:3100] = 0
    values[9000:9040] = 0.25
    (finding,) = findings(values)
    assert "2 stretches" in finding
    assert "140 samples" in finding
    assert "sample 3,000" in finding


def test_an_offset() -> None:
    assert findings(noise() + 5)[0].startswith("DE: DC offset of ")
    assert findings(noise() + 0.5) == ()


def test_a_recording_that_was_brought_up() -> None:
    (finding,) = findings(resample_poly(noise(2, 4000).astype(float), 3, 1))
    assert "wrong rate suspected" in finding
    assert "Hz)" in finding


def test_pulses_of_a_tacho_are_as_they_should_be() -> None:
    pulses = np.where(np.arange(12_000) % 400 < 40, 5.0, 0.0)
    assert findings(pulses)
    assert findings(pulses, tacho="DE") == ()


@pytest.mark.real_data
def test_sound_measured_recordings_have_no_finding(real_data: Path) -> None:
    files = sorted((real_data / "bearings" / "cwru").rglob("*.mat"))
    looked, found = 0, []
    for path in files[::5]:
        for record in start_reading(path).content().records:
            for channel in record.channels:
                looked += 1
                found += findings_of(channel.samples[None, :], [channel.name], RATE)
    assert looked > 10
    assert found == []
