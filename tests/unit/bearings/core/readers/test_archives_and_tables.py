"""npz, Parquet, TDMS, universal files and text tables, each through the jail."""

import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from nptdms import ChannelObject, RootObject, TdmsWriter

from sonde.bearings.core.readers.reading import start_reading
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import Invalid

RNG = np.random.default_rng(5)
X, Y = RNG.standard_normal((2, 3000))
RATE = 25_600.0


def read(path: Path) -> FileContent:
    return start_reading(path).content()


def same(content: FileContent, *signals: np.ndarray, tolerance: float = 0.0) -> None:
    channels = content.records[0].channels
    assert len(channels) == len(signals)
    for channel, signal in zip(channels, signals, strict=True):
        np.testing.assert_allclose(channel.samples, signal.astype("f4"), atol=tolerance)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(save, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    save(path, DE=X, FE=Y.astype("f4"), fs=RATE, rpm=1500)
    content = read(path)
    same(content, X, Y)
    assert content.records[0].speed_rpm == 1500
    assert {channel.sampling_rate_hz for channel in content.records[0].channels} == {RATE}


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "lz4", "uncompressed"])
def test_parquet_in_every_usual_compression(compression: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame({"DE": X, "FE": Y.astype("f4"), "remark": ["x"] * 3000})
    frame.write_parquet(
        path, compression=compression, row_group_size=700, metadata={"sampling_rate_hz": "25600"}
    )
    content = read(path)
    same(content, X, Y)
    assert content.records[0].channels[0].sampling_rate_hz == RATE


def test_parquet_with_a_column_of_times(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    ticks = np.round(np.arange(3000) * 1e9 / 20_000).astype("i8")
    times = pl.Series("time", ticks).cast(pl.Datetime("ns"))
    pl.DataFrame({"time": times, "acc": X}).write_parquet(path)
    content = read(path)
    same(content, X)
    assert content.records[0].channels[0].sampling_rate_hz == 20_000


def test_tdms_with_waveform_properties(tmp_path: Path) -> None:
    path = tmp_path / "a.tdms"
    waveform = {"wf_increment": 1 / RATE, "unit_string": "g"}
    start = {"wf_start_time": np.datetime64("2024-05-01T10:00:00")}
    with TdmsWriter(path) as writer:
        for part in (slice(0, 1000), slice(1000, 3000)):
            writer.write_segment(
                [
                    RootObject({"rpm": 1480.0}),
                    ChannelObject("rig", "acc", X[part], {**waveform, **start}),
                    ChannelObject("rig", "tacho", Y[part].astype("f4"), waveform),
                ]
            )
    content = read(path)
    same(content, X, Y)
    (record,) = content.records
    assert record.speed_rpm == 1480
    assert record.taken_at.startswith("2024-05-01T10:00:00")
    assert [(each.name, each.unit, each.sampling_rate_hz) for each in record.channels] == [
        ("acc", "g", RATE),
        ("tacho", "g", RATE),
    ]


def write_universal(path: Path, signals: tuple[np.ndarray, ...], **options: object) -> None:
    """Write functions of data set 58 with pyuff, which reads and writes by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyuff

        file = pyuff.UFF(str(path))
        for node, values in enumerate(signals, 1):
            facts = {
                "type": 58,
                "func_type": 1,
                "rsp_node": node,
                "rsp_dir": 3,
                "ref_node": 1,
                "ref_dir": 3,
                "rsp_ent_name": "rig",
                "data": values,
                "x": np.arange(values.size) / RATE,
                "abscissa_spacing": 1,
                "abscissa_inc": 1 / RATE,
                "abscissa_spec_data_type": 17,
                "ordinate_spec_data_type": 12,
                "ordinate_axis_units_lab": "m/s^2",
                "orddenom_spec_data_type": 0,
                "z_axis_spec_data_type": 0,
                "abscissa_min": 0.0,
                "z_axis_value": 0.0,
                "ord_data_type": 4,
                "id1": "pump",
                "id3": "12-MAY-24 10:11:12",
            }
            file.write_sets({**facts, **options}, "add")


@pytest.mark.parametrize("binary", [0, 1])
@pytest.mark.parametrize("kind", [2, 4])
def test_universal_files_as_text_and_binary(binary: int, kind: int, tmp_path: Path) -> None:
    path = tmp_path / "a.uff"
    write_universal(path, (X, Y), binary=binary, ord_data_type=kind)
    content = read(path)
    same(content, X, Y, tolerance=1e-5)
    (record,) = content.records
    assert record.taken_at == "2024-05-12T10:11:12+00:00"
    assert [(each.name, each.unit, each.sampling_rate_hz) for each in record.channels] == [
        ("1 +Z", "m/s^2", RATE),
        ("2 +Z", "m/s^2", RATE),
    ]


def test_universal_files_without_a_response_over_time_say_so(tmp_path: Path) -> None:
    path = tmp_path / "a.unv"
    write_universal(path, (X,), abscissa_spec_data_type=18)
    with pytest.raises(Invalid, match="no response over time"):
        read(path)


@pytest.mark.parametrize(
    ("name", "delimiter", "decimal", "header"),
    [
        ("a.tsv", "\t", ".", "DE\tFE"),
        ("a.tsv", "\t", ",", ""),
        ("a.csv", ";", ",", "DE [g];FE [g]"),
        ("a.csv", ",", ".", ""),
    ],
)
def test_text_tables(name: str, delimiter: str, decimal: str, header: str, tmp_path: Path) -> None:
    lines = [header] if header else []
    lines += [
        delimiter.join(f"{value:.9g}".replace(".", decimal) for value in row)
        for row in zip(X, Y, strict=True)
    ]
    path = tmp_path / name
    path.write_text("\n".join(lines))
    content = read(path)
    same(content, X, Y, tolerance=1e-6)
    if header:
        assert [channel.name for channel in content.records[0].channels] == ["DE", "FE"]


def test_a_time_axis_is_understood_in_the_jail_too(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, time=np.arange(3000) / RATE, acc=X)
    assert read(path).records[0].channels[0].sampling_rate_hz == RATE
