"""What leaves as a file is what was measured, sample by sample."""

import io

import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.curves import drawn
from sonde.bearings.core.readers.wav import read
from sonde.bearings.core.signal_export import csv_chunks, listenable_wav, npy_bytes, wav_bytes

SAMPLES = arrays.arrays(
    np.float32,
    st.integers(2, 300),
    elements=st.floats(-1e6, 1e6, width=32, allow_subnormal=False),
)


@given(SAMPLES)
def test_every_format_gives_back_the_very_samples(samples: np.ndarray) -> None:
    assert np.array_equal(np.load(io.BytesIO(npy_bytes(samples))), samples)
    head, *lines = b"".join(csv_chunks(samples, 0, 100.0, "DE, drive (g)")).decode().splitlines()
    assert head == 'time_s,"DE, drive (g)"'
    values = np.array([line.split(",")[1] for line in lines], dtype=np.float32)
    assert np.array_equal(values, samples)
    content = wav_bytes(samples, 12_000.0)
    assert np.array_equal(np.frombuffer(content[-4 * len(samples) :], dtype="<f4"), samples)


def test_our_own_reader_reads_the_sound_file() -> None:
    samples = np.linspace(-3, 3, 500, dtype=np.float32)
    (channel,) = read(io.BytesIO(wav_bytes(samples, 12_000.0)), 1 << 20).records[0].channels
    assert np.array_equal(channel.samples, samples)
    assert channel.sampling_rate_hz == 12_000
    (heard,) = read(io.BytesIO(listenable_wav(samples, 12_000.0)), 1 << 20).records[0].channels
    assert abs(float(np.abs(heard.samples).max()) - 0.9) < 1e-3


def test_a_long_table_comes_in_parts() -> None:
    parts = list(csv_chunks(np.zeros(20_000, dtype=np.float32), 0, 1.0, "x"))
    assert len(parts) == 4
    assert b"".join(parts).count(b"\n") == 20_001


@given(
    arrays.arrays(np.float64, st.integers(1, 3000), elements=st.floats(0, 1e3)),
    st.integers(1, 400),
)
def test_a_drawn_curve_keeps_its_highest_value_where_it_stands(
    values: np.ndarray, points: int
) -> None:
    curve = drawn(values, 0.25, points=points)
    assert len(curve.values) <= points
    assert curve.values.max() == values.max()
    place = round(curve.places[curve.values.argmax()] / 0.25)
    assert values[place] == values.max()
