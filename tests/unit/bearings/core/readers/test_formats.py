"""Readers, each against files in the layouts that are met in public data."""

import contextlib
import io
import struct
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
import scipy.io.wavfile
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.readers import delimited, hdf5, mat4, mat5, npy, wav
from sonde.bearings.core.readers.formats import format_of
from sonde.bearings.core.readers.packing import packed, unpacked
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import Invalid, TooLarge, Unreadable

LIMIT = 64 << 20
RNG = np.random.default_rng(7)
X = RNG.standard_normal(2000)
Y = RNG.standard_normal(2000)


def mat(variables: dict, *, compress: bool = True, level: str = "5") -> FileContent:
    content = io.BytesIO()
    scipy.io.savemat(content, variables, do_compression=compress, format=level)
    content.seek(0)
    return (mat4 if level == "4" else mat5).read(content, LIMIT)


def names(content: FileContent) -> list[str]:
    return [channel.name for record in content.records for channel in record.channels]


@pytest.mark.parametrize("compress", [True, False])
def test_mat_of_the_cwru_kind(compress: bool) -> None:
    content = mat(
        {
            "X105_DE_time": X[:, None],
            "X105_FE_time": Y[:, None],
            "X105RPM": np.uint16([[1797]]),
        },
        compress=compress,
    )
    (record,) = content.records
    assert names(content) == ["DE", "FE"]
    assert record.speed_rpm == 1797
    assert record.channels[0].sampling_rate_hz is None
    assert record.channels[0].unit == "unknown"
    np.testing.assert_array_equal(record.channels[0].samples, X.astype(np.float32))


def test_mat_that_holds_two_records() -> None:
    content = mat({"X098_DE_time": X, "X098RPM": 1772.0, "X099_DE_time": Y, "X099RPM": 1750.0})
    assert [record.name for record in content.records] == ["X098", "X099"]
    assert [record.speed_rpm for record in content.records] == [1772, 1750]


def test_mat_whose_speed_is_named_after_another_record() -> None:
    content = mat({"X217_DE_time": X, "X215RPM": 1754.0})
    assert content.records[0].speed_rpm == 1754
    assert "X215RPM" in content.notes[0]


def test_mat_of_the_mfpt_kind() -> None:
    content = mat({"bearing": {"gs": X[:, None], "sr": 97656.0, "load": 270.0, "rate": 25.0}})
    (record,) = content.records
    assert names(content) == ["gs"]
    assert record.channels[0].sampling_rate_hz == 97656
    assert record.speed_rpm == 1500
    assert record.load == "270"
    assert record.channels[0].unit == "g"


def test_mat_of_the_paderborn_kind() -> None:
    dtype = [("Name", "O"), ("Data", "O")]
    signals = np.zeros((1, 2), dtype=dtype)
    signals[0, 0] = ("force", X)
    signals[0, 1] = ("vibration_1", Y)
    content = mat({"N15_M07_F10_K001_1": {"Y": signals}})
    assert names(content) == ["force", "vibration_1"]


def test_mat_with_arbitrary_names_matrices_and_text() -> None:
    content = mat(
        {
            "acc": np.stack([X, Y]),
            "Fs": 25600.0,
            "units": "m/s^2",
            "note": "anything",
            "flags": np.arange(5),
            "complex": X + 1j * Y,
        }
    )
    assert names(content)[:2] == ["acc[0]", "acc[1]"]
    assert content.records[0].channels[0].sampling_rate_hz == 25600
    assert content.records[0].channels[0].unit == "m/s^2"


def test_mat_with_a_time_axis() -> None:
    content = mat({"t": np.arange(2000) / 20480.0, "x": X})
    assert names(content) == ["x"]
    assert content.records[0].channels[0].sampling_rate_hz == 20480


def test_mat_of_level_4() -> None:
    content = mat({"x": X[:, None], "fs": 8000.0, "note": "text"}, level="4")
    assert content.format == "mat4"
    assert content.records[0].channels[0].sampling_rate_hz == 8000
    np.testing.assert_array_equal(content.records[0].channels[0].samples, X.astype(np.float32))


def test_mat_of_big_endian_machines() -> None:
    big = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack(">H", 0x0100) + b"MI"
    inner = struct.pack(">IIII", 6, 8, 6, 0) + struct.pack(">IIii", 5, 8, 2000, 1)
    inner += (
        struct.pack(">HH4s", 1, 1, b"x") + struct.pack(">II", 9, 16000) + X.astype(">f8").tobytes()
    )
    content = mat5.read(io.BytesIO(big + struct.pack(">II", 14, len(inner)) + inner), LIMIT)
    np.testing.assert_array_equal(content.records[0].channels[0].samples, X.astype(np.float32))


def test_bad_channels_are_left_out_and_named() -> None:
    content = mat({"good": X, "flat": np.ones(2000), "holes": np.where(X > 2, np.nan, X)})
    assert names(content) == ["good"]
    assert any("same" in note for note in content.notes)
    assert any("finite" in note for note in content.notes)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_damaged_mat_files_are_refused_or_read_never_crash(place: int, value: int) -> None:
    content = io.BytesIO()
    scipy.io.savemat(content, {"s": {"x": X[:200], "n": "name"}}, do_compression=False)
    damaged = bytearray(content.getvalue())
    damaged[place % len(damaged)] = value
    with contextlib.suppress(Invalid, ValueError, LookupError):
        mat5.read(io.BytesIO(bytes(damaged)), LIMIT)


def test_mat_beyond_the_limit_is_refused() -> None:
    content = io.BytesIO()
    scipy.io.savemat(content, {"x": X})
    content.seek(0)
    with pytest.raises(TooLarge):
        mat5.read(content, 1000)


def test_npy_and_its_columns() -> None:
    content = io.BytesIO()
    np.save(content, np.asfortranarray(np.stack([X, Y], axis=1)))
    content.seek(0)
    found = npy.read(content, LIMIT)
    assert names(found) == ["signal[0]", "signal[1]"]
    np.testing.assert_array_equal(found.records[0].channels[1].samples, Y.astype(np.float32))


@pytest.mark.parametrize(
    ("dtype", "scale"), [(np.int16, 2**15), (np.int32, 2**31), (np.float32, 1), (np.uint8, 2**7)]
)
def test_wav(dtype: type, scale: int) -> None:
    wave = 0.5 * np.sin(np.arange(2000) / 7)
    offset = 128 if dtype is np.uint8 else 0
    stored = (wave * scale + offset).astype(dtype)
    content = io.BytesIO()
    scipy.io.wavfile.write(content, 48000, np.stack([stored, stored[::-1]], axis=1))
    content.seek(0)
    found = wav.read(content, LIMIT)
    assert names(found) == ["channel 1", "channel 2"]
    assert found.records[0].channels[0].sampling_rate_hz == 48000
    np.testing.assert_allclose(found.records[0].channels[0].samples, wave, atol=1.1 / scale + 1e-7)


def test_wav_of_24_bits() -> None:
    values = np.array([0, 1, -1, 2**22, -(2**23)] * 20, dtype=np.int32)
    data = b"".join(struct.pack("<i", int(value))[:3] for value in values)
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 24000, 3, 24)
    body = head + b"data" + struct.pack("<I", len(data)) + data
    found = wav.read(io.BytesIO(b"RIFF" + struct.pack("<I", len(body)) + body), LIMIT)
    np.testing.assert_array_equal(
        found.records[0].channels[0].samples, (values / 2.0**23).astype(np.float32)
    )


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (struct.pack("<IHHIIHH", 16, 1, 0, 8000, 16000, 2, 16), "contradicts"),
        (struct.pack("<IHHIIHH", 16, 7, 1, 8000, 8000, 1, 8), "not read"),
    ],
)
def test_wav_of_unknown_kinds_is_refused(head: bytes, reason: str) -> None:
    data = b"data" + struct.pack("<I", 200) + bytes(200)
    with pytest.raises(Unreadable, match=reason):
        wav.read(io.BytesIO(b"RIFF\0\0\0\0WAVEfmt " + head + data), LIMIT)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", " "])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("header", [True, False])
def test_text_tables(delimiter: str, decimal: str, header: bool) -> None:
    if delimiter == decimal:
        return
    rows = [f"{a:.6e}{delimiter}{b:.6e}".replace(".", decimal) for a, b in zip(X, Y, strict=True)]
    if header:
        rows.insert(0, f"left{delimiter}right")
    found = delimited.read(io.BytesIO("\r\n".join(rows).encode()), LIMIT)
    assert names(found) == (["left", "right"] if header else ["column 1", "column 2"])
    np.testing.assert_allclose(found.records[0].channels[1].samples, Y, rtol=1e-6, atol=1e-6)


def test_text_table_with_remarks_time_and_units() -> None:
    lines = ["# rpm: 1772", "time [s],DE [g],FE (m/s^2)"]
    lines += [f"{i / 12000:.12g},{X[i]:.9g},{Y[i]:.9g}," for i in range(500)]
    found = delimited.read(io.BytesIO("\n".join(lines).encode()), LIMIT)
    (record,) = found.records
    assert names(found) == ["DE", "FE"]
    assert record.speed_rpm == 1772
    assert record.channels[0].sampling_rate_hz == 12000
    assert [channel.unit for channel in record.channels] == ["g", "m/s^2"]


def test_one_column_with_decimal_commas() -> None:
    lines = [f"{abs(x) + 0.01:.4f}".replace(".", ",") for x in X[:500] / 10]
    found = delimited.read(io.BytesIO("\n".join(lines).encode()), LIMIT)
    assert names(found) == ["column 1"]


@pytest.mark.parametrize("text", ["a,b\nc,d\n", "\x00\x01,1\n" * 10, "\n\n", "1,2\n" * 90 + "3\n"])
def test_text_that_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        delimited.read(io.BytesIO(text.encode()), LIMIT)


def test_hdf5_with_attributes(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.attrs["sampling_rate_hz"] = 20000.0
        group = file.create_group("run")
        made = group.create_dataset("DE", data=X, compression="gzip")
        made.attrs["unit"] = "g"
        group["rpm"] = 1500.0
        group["again"] = h5py.SoftLink("/run/DE")
        file["title"] = "a name"
    with path.open("rb") as stream:
        found = hdf5.read(stream, LIMIT)
    (record,) = found.records
    assert names(found) == ["DE"]
    assert record.channels[0].sampling_rate_hz == 20000
    assert record.channels[0].unit == "g"
    assert record.speed_rpm == 1500


def test_matlab_7_3(tmp_path: Path) -> None:
    path = tmp_path / "x.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["X105_DE_time"] = X[None, :]
        file["X105RPM"] = [[1797.0]]
        units = file.create_dataset("units", data=np.array([[ord("g")]], dtype=np.uint16))
        units.attrs["MATLAB_class"] = np.bytes_("char")
        file.create_group("#refs#")["a"] = Y
    with path.open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file".ljust(128))
    with path.open("rb") as stream:
        head = stream.read(1024)
        stream.seek(0)
        found = hdf5.read(stream, LIMIT)
    assert format_of("x.mat", head).module == "hdf5"
    assert found.format == "mat7.3"
    assert names(found) == ["DE"]
    assert found.records[0].speed_rpm == 1797
    assert found.records[0].channels[0].unit == "g"


def test_content_survives_the_way_out_of_the_jail() -> None:
    content = mat({"X105_DE_time": X, "X105RPM": 1797.0, "X106_DE_time": Y})
    facts, arrays = packed(content)
    again = unpacked(facts, tuple(arrays))
    assert [record.name for record in again.records] == ["X105", "X106"]
    np.testing.assert_array_equal(again.records[1].channels[0].samples, Y.astype(np.float32))


@pytest.mark.parametrize("name", ["a.exe", "a", "a.zip", "a.npy", "a.wav", "a.h5", "a.mat"])
def test_names_and_bytes_must_agree(name: str) -> None:
    with pytest.raises(Unreadable):
        format_of(name, b"plain text is no signal")
