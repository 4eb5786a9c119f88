"""A chart over time loses no extreme, whatever stretch is looked at."""

import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.signal_views import POINTS, amplitude_course, course_of

SAMPLES = arrays.arrays(
    np.float32,
    st.integers(2, 6000),
    elements=st.floats(-1e4, 1e4, width=32, allow_subnormal=False),
)


@given(SAMPLES, st.integers(0, 10**6), st.sampled_from([100, 650, POINTS]))
def test_acceptance_look_extremes_are_never_lost(
    samples: np.ndarray, first: int, points: int
) -> None:
    course = course_of(samples, first, 20_480.0, points)
    assert len(course.values) <= max(points, 2)
    assert course.values.max() == samples.max()
    assert course.values.min() == samples.min()
    assert course.n_samples == len(samples)
    places = np.rint(course.time_s * 20_480.0).astype(int) - first
    assert np.array_equal(samples[places], course.values)
    assert (np.diff(course.time_s) > 0).all()


@given(SAMPLES)
def test_the_amplitude_stands_over_the_signal(samples: np.ndarray) -> None:
    centred = samples - samples.mean()
    curve = amplitude_course(samples, 0, 1000.0)
    rounding = 1e-3 + 1e-5 * np.abs(samples).max()
    assert curve.values.max() >= np.abs(centred).max() * (1 - 1e-3) - rounding
