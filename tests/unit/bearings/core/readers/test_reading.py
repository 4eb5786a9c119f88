"""From a file to one recording: what is chosen, what is assumed, what is asked for."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
import scipy.io.wavfile

from sonde.bearings.core.readers.reading import read_recording, recording_from, start_reading
from sonde.bearings.core.recordings import Channel, FileContent, Record
from sonde.platform.core.errors import Invalid

X = np.random.default_rng(1).standard_normal(1000).astype(np.float32)


def content(*numbers: int) -> FileContent:
    return FileContent(
        "mat5",
        tuple(
            Record(
                f"X{number:03d}",
                tuple(
                    Channel(name, X, None, variable=f"X{number:03d}_{name}_time")
                    for name in ("FE", "DE")
                ),
                1700.0 + number,
            )
            for number in numbers
        ),
    )


def test_the_drive_end_is_preferred_and_said_so() -> None:
    recording = recording_from("98.mat", content(98), sampling_rate_hz=12000.0)
    assert recording.channels == ("DE",)
    assert recording.samples.shape == (1, 1000)
    assert recording.speed_rpm == 1798
    assert recording.duration_s == pytest.approx(1 / 12)
    assert any("as given" in sentence for sentence in recording.assumptions)


def test_the_file_name_chooses_among_records() -> None:
    assert recording_from("99.mat", content(98, 99), None, 12000.0).speed_rpm == 1799
    with pytest.raises(Invalid, match="2 records") as asked:
        recording_from("x.mat", content(98, 99), None, 12000.0)
    assert asked.value.details["field"] == "channel"
    assert recording_from("x.mat", content(98, 99), "X099_FE_time", 12000.0).channels == ("FE",)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "sampling_rate"),
        ({"sampling_rate_hz": -1.0}, "sampling_rate"),
        ({"sampling_rate_hz": 1e-320}, "sampling_rate"),
        ({"sampling_rate_hz": 12000.0, "speed_rpm": 0.0}, "rpm"),
        ({"sampling_rate_hz": 12000.0, "channel": "BA"}, "channel"),
    ],
)
def test_what_is_missing_is_named_and_never_guessed(given: dict, field: str) -> None:
    with pytest.raises(Invalid) as asked:
        recording_from("98.mat", content(98), **given)
    assert asked.value.details["field"] == field


def test_a_file_is_read_by_a_child(tmp_path: Path) -> None:
    path = tmp_path / "one.mat"
    scipy.io.savemat(path, {"x": X, "fs": 1000.0, "rpm": 600.0})
    recording = read_recording(path)
    np.testing.assert_array_equal(recording.samples[0], X)
    assert (recording.sampling_rate_hz, recording.speed_rpm) == (1000, 600)
    reading = start_reading(path, name="other.mat")
    reading.close()
    assert reading.name == "other.mat"


def write_mat(path: Path) -> None:
    scipy.io.savemat(path, {"x": X, "fs": 1000.0, "rpm": 600.0, "unit": "m/s\u00b2"})


def write_mat4(path: Path) -> None:
    scipy.io.savemat(path, {"x": X, "fs": 1000.0, "note": "text"}, format="4")


def write_npy(path: Path) -> None:
    np.save(path, X)


def write_wav(path: Path) -> None:
    scipy.io.wavfile.write(path, 1000, X)


def write_csv(path: Path) -> None:
    lines = ["t;x [m/s\u00b2]", *(f"{i / 1000:.4f};{x:.8g}" for i, x in enumerate(X))]
    path.write_text("\ufeff" + "\n".join(lines).replace(".", ","), encoding="utf-8")


def write_h5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=X, compression="gzip", shuffle=True)
        file.attrs["title"] = "m/s\u00b2"


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.mat", write_mat),
        ("b.mat", write_mat4),
        ("c.npy", write_npy),
        ("d.wav", write_wav),
        ("e.csv", write_csv),
        ("f.h5", write_h5),
    ],
)
def test_every_format_is_read_behind_closed_doors(name: str, write, tmp_path: Path) -> None:
    write(tmp_path / name)
    content = start_reading(tmp_path / name).content()
    (channel,) = content.records[0].channels
    np.testing.assert_allclose(channel.samples, X, rtol=1e-6)
