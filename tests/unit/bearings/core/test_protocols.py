"""The published split keeps bearings apart, and is offered only where all of its data is there."""

from dataclasses import replace

import numpy as np

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.protocols import CWRU_SIZE_OUT, cwru_size_out, cwru_size_out_recordings

LOADS = ("0 hp", "1 hp", "2 hp", "3 hp")


def recording(label, size, load, **changes):
    name = f"{label} {size} {load} {changes.get('fault_position', '')}"
    made = StoredRecording(
        id=name,
        dataset_id="d",
        file=name,
        signal_path=name,
        channels=("DE", "FE"),
        n_samples=120_000,
        sampling_rate_hz=12_000.0,
        speed_rpm=1797.0,
        label=label,
        bearing=f"{label} {size}",
        lineage=name,
        content_hash=name,
        fault_size=size,
        load=load,
        fault_position="6" if label == "outer" else "",
    )
    return replace(made, **changes)


def folder():
    sizes = ("7 mil", "14 mil", "21 mil")
    faults = [recording(f, s, h) for f in ("inner", "outer", "ball") for s in sizes for h in LOADS]
    extra = [
        recording("outer", "7 mil", "0 hp", fault_position="3"),
        recording("inner", "28 mil", "0 hp"),
        recording("ball", "7 mil", "1 hp", sampling_rate_hz=48_000.0, id="at 48 kHz"),
    ]
    return [*faults, *extra, *[recording("healthy", "", h) for h in LOADS]]


def test_three_folds_each_leave_one_size_out_and_share_no_faulty_bearing():
    rows = folder()
    position = np.repeat(np.arange(len(rows)), 2)
    folds = cwru_size_out(rows, position.tolist())[CWRU_SIZE_OUT]
    assert [fold.name for fold in folds] == ["7 mil", "14 mil", "21 mil"]
    for fold in folds:
        train = [rows[position[sample]] for sample in fold.train]
        test = [rows[position[sample]] for sample in fold.test]
        assert {one.fault_size for one in test} == {fold.name, ""}
        assert fold.name not in {one.fault_size for one in train}
        shared = {one.bearing for one in train} & {one.bearing for one in test}
        assert shared == {"healthy "}
        assert {one.load for one in test if one.label == "healthy"} == {"1 hp", "3 hp"}
        assert {one.load for one in train if one.label == "healthy"} == {"0 hp", "2 hp"}
        assert len(test) == 2 * (3 * 4 + 2)
        assert len(train) == 2 * (6 * 4 + 2)


def test_only_six_oclock_three_sizes_and_12_khz_belong():
    used = cwru_size_out_recordings(folder())
    assert len(used) == 40
    assert {one.fault_position for one in used} == {"6", ""}
    assert {one.sampling_rate_hz for one in used} == {12_000.0}


def test_it_is_not_offered_where_something_is_missing():
    rows = folder()
    for missing in (("ball", "14 mil"), ("healthy", "")):
        fewer = [one for one in rows if (one.label, one.fault_size) != missing]
        assert cwru_size_out_recordings(fewer) == ()
        assert cwru_size_out(fewer, range(len(fewer))) == {}
    assert cwru_size_out_recordings([replace(one, channels=("FE",)) for one in rows]) == ()
