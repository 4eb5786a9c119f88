"""Recordings are cut at one rate, one length and one channel, and no sample is used twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.cutting import (
    Cut,
    check_count,
    choose_recordings,
    common_channel,
    most_common_rate,
    n_samples_at,
    plan_cut,
    remarks_on,
    resampled,
    window_starts,
)
from sonde.bearings.core.cutting_choices import channel_choices
from sonde.bearings.core.datasets import StoredRecording
from sonde.platform.core.errors import Invalid


def recording(number, *, rate=12_000.0, lineage="", channels=("DE",), seconds=10.0):
    return StoredRecording(
        id=f"{number}",
        dataset_id="d",
        file=f"{number}.mat",
        signal_path=f"/signals/{number}",
        channels=channels,
        n_samples=round(seconds * rate),
        sampling_rate_hz=rate,
        speed_rpm=1797.0,
        label="inner",
        bearing="b",
        lineage=lineage or f"{number}",
        content_hash=f"{number}",
    )


def test_of_copies_of_a_measurement_the_one_at_the_common_rate_stays():
    rows = [
        recording(1, rate=48_000.0, lineage="a"),
        recording(2, lineage="a"),
        recording(3, lineage="b"),
        recording(4, rate=48_000.0, lineage="c"),
        recording(5),
    ]
    assert [one.id for one in choose_recordings(rows)] == ["2", "3", "4", "5"]
    assert most_common_rate(rows) == 12_000.0


def test_nothing_to_choose_from_is_refused():
    with pytest.raises(Invalid):
        choose_recordings([])


def test_the_drive_end_is_taken_where_all_have_it():
    rows = [recording(1, channels=("FE", "DE")), recording(2, channels=("DE", "BA"))]
    assert common_channel(rows) == "DE"
    assert common_channel(rows[:1], "FE") == "FE"
    with pytest.raises(Invalid, match="FE"):
        common_channel(rows, "FE")
    others = [recording(1, channels=("x", "y")), recording(2, channels=("y",))]
    assert common_channel(others) == "y"
    assert common_channel([recording(1, channels=("x",)), recording(2, channels=("y",))]) == ""


def test_the_channel_can_be_chosen_where_all_recordings_share_several():
    rows = [recording(1, channels=("FE", "DE")), recording(2, channels=("DE", "FE", "BA"))]
    (choice,) = channel_choices(rows, plan_cut(rows, 0, 0.0, ""))
    assert choice["values"] == [["DE", "DE"], ["FE", "FE"]]
    assert channel_choices([recording(1)], plan_cut([recording(1)], 0, 0.0, "")) == ()


def test_what_is_left_out_or_resampled_is_said():
    rows = [
        recording(1, rate=48_000.0, lineage="a"),
        recording(2, lineage="a"),
        recording(3, seconds=0.5),
        recording(4, rate=48_000.0, lineage="c"),
        recording(5),
    ]
    chosen = choose_recordings(rows)
    copies, resampled_ones, short = remarks_on(rows, chosen, plan_cut(chosen, 0, 0.0, ""))
    assert copies.startswith("4 of 5 recordings")
    assert copies.endswith("at 12,000 Hz stays.")
    assert resampled_ones == "Recordings of another rate, resampled to 12,000 Hz: 1."
    assert short == "Recordings shorter than a window, left out: 1."
    plain = [recording(1), recording(2)]
    assert remarks_on(plain, plain, plan_cut(plain, 0, 0.0, "")) == ()


def test_a_window_is_one_second_unless_asked_otherwise():
    assert plan_cut([recording(1)], 0, 0.0, "") == Cut(12_000.0, 12_000, 12_000, "DE")
    assert plan_cut([recording(1)], 1000, 0.75, "").step == 250
    short = [recording(1, seconds=0.25), recording(2, seconds=0.25), recording(3, seconds=0.1)]
    assert plan_cut(short, 0, 0.0, "").window == 3000
    assert plan_cut([*short, recording(4)], 0, 0.0, "").window == 12_000
    assert plan_cut([recording(1, seconds=0.001)], 0, 0.0, "").window == 256
    for window, overlap in ((255, 0.0), (2_000_000, 0.0), (1000, 1.0), (1000, -0.1)):
        with pytest.raises(Invalid):
            plan_cut([recording(1)], window, overlap, "")


@settings(max_examples=50, deadline=None)
@given(n_samples=st.integers(0, 5000), window=st.integers(256, 2000), share=st.floats(0.0, 0.99))
def test_windows_lie_inside_and_only_overlap_when_asked(n_samples, window, share):
    cut = Cut(1000.0, window, max(1, round(window * (1 - share))))
    starts = window_starts(n_samples, cut)
    assert (starts >= 0).all()
    assert (starts + window <= n_samples).all()
    assert (np.diff(starts) == cut.step).all()
    if share == 0.0:
        assert len(starts) == n_samples // window


@pytest.mark.parametrize(("start_hz", "end_hz"), [(48_000.0, 12_000.0), (12_000.0, 25_600.0)])
def test_resampling_keeps_tone_level_and_duration(start_hz, end_hz):
    time_s = np.arange(round(start_hz)) / start_hz
    changed = resampled(np.sin(2 * np.pi * 100 * time_s), start_hz, end_hz)
    assert changed.dtype == np.float32
    assert len(changed) == round(end_hz)
    middle = slice(len(changed) // 4, 3 * len(changed) // 4)
    wanted = np.sin(2 * np.pi * 100 * np.arange(len(changed)) / end_hz)
    np.testing.assert_allclose(changed[middle], wanted[middle], atol=2e-3)


def test_what_would_alias_is_filtered_away():
    time_s = np.arange(48_000) / 48_000
    changed = resampled(np.sin(2 * np.pi * 9000 * time_s), 48_000.0, 12_000.0)
    assert np.abs(changed[2000:-2000]).max() < 1e-2


def test_lengths_follow_the_rate():
    assert n_samples_at(recording(1, rate=48_000.0), 12_000.0) == 120_000


def test_a_cut_into_too_many_windows_is_refused_before_any_is_made():
    recordings = [recording(number, seconds=100.0) for number in range(10)]
    cut = plan_cut(recordings, 0, 0.99999, "")
    with pytest.raises(Invalid, match="at most 200,000"):
        check_count(recordings, cut)
    check_count(recordings, plan_cut(recordings, 0, 0.5, ""))
    with pytest.raises(Invalid, match="No recording is as long"):
        check_count([recording(0)], plan_cut([recording(0)], 500_000, 0.0, ""))
