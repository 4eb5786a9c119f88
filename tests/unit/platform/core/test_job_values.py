"""The values of jobs: states, waiting times, pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.platform.core.jobs import JobState, remaining_s, retry_delay_s


def test_three_states_are_final():
    assert [state for state in JobState if state.is_final] == [
        JobState.SUCCEEDED,
        JobState.FAILED,
        JobState.CANCELLED,
    ]


@given(st.integers(1, 1000))
def test_the_pause_grows_to_a_minute(attempt):
    assert 1.0 <= retry_delay_s(attempt) <= retry_delay_s(attempt + 1) <= 60.0


@pytest.mark.parametrize(
    ("elapsed_s", "first", "now"), [(1.0, 0.5, 0.5), (1.0, 0.5, 0.4), (0, 0, 1)]
)
def test_without_a_pace_nobody_can_say(elapsed_s, first, now):
    assert remaining_s(elapsed_s, first, now) is None


@given(st.floats(0.1, 1e4), st.floats(0.0, 0.49), st.floats(0.5, 1.0))
def test_the_rest_takes_as_long_as_the_pace_says(elapsed_s, first, now):
    rest_s = remaining_s(elapsed_s, first, now)
    pace = (now - first) / elapsed_s
    assert rest_s == pytest.approx((1.0 - now) / pace, abs=1e-6)
