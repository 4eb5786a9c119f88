"""Section 2 of the requirements, line by line, on the real database and through the jail."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import polars as pl
import pytest
import scipy.io
import scipy.io.wavfile
from nptdms import ChannelObject, TdmsWriter

from sonde.bearings.core.shaping import Shaping
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.services import datasets, imports
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.scanning import label_table_in
from sonde.platform.core.actor import Role
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.services.test_imports_service import person, read
from tests.layouts.public_sets import SETS
from tests.unit.bearings.core.readers.test_archives_and_tables import write_universal

pytestmark = pytest.mark.integration
RATE, N = 12_000.0, 3_000
RNG = np.random.default_rng(41)


@pytest.fixture
def ada():
    return person("Ada", Role.ADMIN)


def signal(n: int = N) -> np.ndarray:
    return RNG.standard_normal(n)


def stored(ports, actor, folder: Path, given: Given, name: str = "Mine"):
    """Import a folder and return the staged rows and the stored recordings."""
    given = replace(given, labels=given.labels or label_table_in(folder))
    with unit_of_work(ports):
        staged = imports.stage_folder(actor, ImportWish(name, "", given), folder)
    read(ports, actor, staged.id)
    with unit_of_work(ports):
        rows = imports.get(actor, staged.id).rows
        dataset = imports.commit(actor, staged.id)
    with unit_of_work(ports):
        return rows, datasets.recordings(actor, dataset.id)


def write_every_format(folder: Path) -> dict[str, np.ndarray]:
    """Write one recording in each format; return the samples by file."""
    made = {}

    def new(name: str) -> tuple[Path, np.ndarray]:
        made[name] = signal()
        return folder / name, made[name]

    for level, name in (("4", "v4.mat"), ("5", "v5.mat")):
        path, values = new(name)
        scipy.io.savemat(path, {"acc": values[:, None], "fs": RATE}, format=level)
    path, values = new("nested.mat")
    scipy.io.savemat(path, {"run": {"rig": {"acc": values, "fs": RATE}}})
    path, values = new("v73.mat")
    with h5py.File(path, "w", userblock_size=512) as file:
        file["acc"], file["fs"] = values[None, :], np.array([[RATE]])
    content = bytearray(path.read_bytes())
    content[:128] = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    path.write_bytes(content)
    path, values = new("a.npy")
    np.save(path, values)
    path, values = new("a.npz")
    np.savez_compressed(path, acc=values, fs=RATE)
    for name, delimiter, decimal in (
        ("a.csv", ";", ","),
        ("b.csv", ",", "."),
        ("a.tsv", "\t", "."),
    ):
        path, values = new(name)
        lines = [f"{i / RATE:.9f}{delimiter}{value:.9g}" for i, value in enumerate(values)]
        text = f"time{delimiter}acc\n" + "\n".join(lines)
        path.write_text(text.replace(".", decimal))
    path, values = new("a.wav")
    scipy.io.wavfile.write(path, int(RATE), values.astype(np.float32))
    path, values = new("a.h5")
    with h5py.File(path, "w") as file:
        file["acc"] = values
        file.attrs["fs"] = RATE
    path, values = new("a.parquet")
    pl.DataFrame({"acc": values}).write_parquet(path, metadata={"fs": str(RATE)})
    path, values = new("a.tdms")
    with TdmsWriter(path) as writer:
        writer.write_segment([ChannelObject("rig", "acc", values, {"wf_increment": 1 / RATE})])
    for name, binary in (("a.uff", 0), ("b.unv", 1)):
        path, values = new(name)
        write_universal(path, (values,), binary=binary, x=np.arange(N) / RATE)
    return made


def test_acceptance_import_reads_every_format(ports, ada, tmp_path):
    made = write_every_format(tmp_path)
    given = Given(sampling_rate_hz=RATE, speed_rpm=1500.0, label="healthy")
    rows, recordings = stored(ports, ada, tmp_path, given)
    assert [(row.file, row.refused) for row in rows if row.refused] == []
    assert {recording.file for recording in recordings} == set(made)
    for recording in recordings:
        with unit_of_work(ports):
            samples = datasets.read_samples(ada, recording.id)
        np.testing.assert_allclose(samples, made[recording.file], atol=2e-5)
        assert recording.sampling_rate_hz == RATE
        assert recording.statistics.rms == pytest.approx(np.sqrt(np.mean(samples**2.0)), rel=1e-3)


def test_acceptance_import_maps_channels_units_rate_tacho_labels_bearing_and_session(
    ports, ada, tmp_path
):
    for name in ("one.npz", "two.npz"):
        pulses = np.where(np.arange(N) % 240 < 10, 5.0, 0.0) + 1e-3 * signal()
        np.savez(tmp_path / name, acc=signal(), pulses=pulses, other=signal())
    (tmp_path / "labels.csv").write_text(
        "file,label,bearing,severity,session,taken_at,unit,rpm\n"
        "one.npz,normal,A,nominal,spring,2026-05-01 12:30,m/s^2,1500\n"
        "two.npz,misalignment,B,mild,spring,2026-05-01T14:30:00+02:00,m/s^2,1480\n"
    )
    given = Given(sampling_rate_hz=RATE, channels=("acc=DE",), tacho="pulses")
    _, (one, two) = stored(ports, ada, tmp_path, given)
    assert one.channels == two.channels == ("DE", "pulses")
    assert one.tacho_channel == "pulses"
    assert (one.label, one.bearing, one.severity, one.session) == (
        "healthy",
        "A",
        "nominal",
        "spring",
    )
    assert (two.label, two.bearing, two.severity, two.speed_rpm) == (
        "misalignment",
        "B",
        "mild",
        1480,
    )
    assert one.taken_at == two.taken_at == datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
    assert {one.unit, two.unit} == {"m/s^2"}


def test_acceptance_import_lets_everything_be_corrected(ports, ada, tmp_path):
    np.savez(tmp_path / "a.npz", acc=signal(), spare=signal())
    with unit_of_work(ports):
        staged = imports.stage_folder(ada, ImportWish("Corrected"), tmp_path)
    read(ports, ada, staged.id)
    changes = {
        "label": "Outer race",
        "bearing": "P7",
        "sampling_rate_hz": "25600",
        "speed_rpm": "1480",
        "unit": "g",
        "severity": "Severe",
        "fault_size": "2 mm",
        "fault_position": "6",
        "load": "2 kN",
        "session": "May",
        "tacho_channel": "spare",
        "taken_at": "2026-05-01",
    }
    with unit_of_work(ports):
        imports.correct(ada, staged.id, {0: changes})
        dataset = imports.commit(ada, staged.id)
        (recording,) = datasets.recordings(ada, dataset.id)
        assert dataset.made_from == {"import": staged.id}
    kept = {name: getattr(recording, name) for name in changes}
    assert kept == {
        **changes,
        "label": "outer",
        "severity": "severe",
        "sampling_rate_hz": 25_600.0,
        "speed_rpm": 1480.0,
        "taken_at": datetime(2026, 5, 1, tzinfo=UTC),
    }
    with unit_of_work(ports):
        samples = datasets.read_samples(ada, recording.id)
    line = np.argmax(np.abs(np.fft.rfft(samples - samples.mean())))
    assert recording.statistics.dominant_hz == pytest.approx(line * 25_600 / N)


@pytest.mark.parametrize("key", list(SETS))
def test_acceptance_import_of_the_public_sets(key, ports, ada, tmp_path):
    SETS[key](tmp_path / key)
    rows, recordings = stored(
        ports, ada, tmp_path / key, Given(healthy_part=0.5), name=f"Public {key}"
    )
    assert recordings
    assert all(row.goes_in or row.missing == ("label",) or row.refused for row in rows)
    if key in {"ims", "xjtu", "femto"}:
        assert {recording.label for recording in recordings} == {"healthy"}
        assert all(recording.taken_at for recording in recordings)
        assert all(recording.conditions["run_to_failure"] for recording in recordings)
        assert sum(row.missing == ("label",) for row in rows) > 0


@pytest.mark.parametrize("by_hand", [True, False])
def test_acceptance_import_target_length_resampling_and_normalising(ports, ada, tmp_path, by_hand):
    path = tmp_path / "healthy_1500rpm.npz"
    np.savez(path, acc=3 * signal(10_240) + 1, fs=25_600.0)
    shaping = Shaping(resample_hz=12_800.0, length=1_024, cut="window", normalise=by_hand)
    _, recordings = stored(ports, ada, tmp_path, Given(shaping=shaping))
    assert [recording.record for recording in recordings] == [f"window {n}" for n in range(1, 6)]
    assert {(each.n_samples, each.sampling_rate_hz) for each in recordings} == {(1_024, 12_800)}
    assert len({recording.lineage for recording in recordings}) == 1
    assert recordings[1].conditions["resampled_from_hz"] == 25_600
    assert recordings[1].conditions["first_sample"] == 1_024
    assert ("normalised" in recordings[0].conditions) == by_hand
    if by_hand:
        assert recordings[0].unit == "standard deviations"
        assert recordings[0].statistics.rms == pytest.approx(1, rel=1e-3)
        assert recordings[0].conditions["normalised"]["mean"] == pytest.approx(1, abs=0.5)


def test_acceptance_import_validation_report(ports, ada, tmp_path):
    wave = 2 * np.sin(np.arange(N) / 9) + 0.1 * signal()
    still = signal()
    still[500:700] = 0
    np.save(tmp_path / "clipped_healthy.npy", np.clip(wave, -1, 1))
    np.save(tmp_path / "dropouts_healthy.npy", still)
    np.save(tmp_path / "offset_healthy.npy", signal() + 8)
    np.save(tmp_path / "sound_healthy.npy", signal())
    np.save(tmp_path / "constant_healthy.npy", np.ones(N))
    np.save(tmp_path / "holes_healthy.npy", np.where(signal() > 2, np.nan, 1) * signal())
    (tmp_path / "labels.csv").write_text("file,fs\nsound_healthy.npy,24000\n")
    shutil.copy(tmp_path / "sound_healthy.npy", tmp_path / "twin_healthy.npy")
    np.save(tmp_path / "rate_healthy_24k.npy", signal())
    given = Given(sampling_rate_hz=RATE, speed_rpm=1500.0)
    rows, recordings = stored(ports, ada, tmp_path, given, "First")
    quality = {row.file.split("_")[0]: (row.refused or " ".join(row.quality)) for row in rows}
    assert "clipped at -1 and 1" in quality["clipped"]
    assert "dropouts: 1 stretch" in quality["dropouts"]
    assert "DC offset" in quality["offset"]
    assert "all values are the same" in quality["constant"]
    assert "not finite" in quality["holes"]
    assert "Wrong rate suspected" in quality["rate"]
    assert "same samples as sound_healthy.npy" in quality["twin"]
    kept = {recording.file: recording.quality for recording in recordings}
    assert "clipped" in " ".join(kept["clipped_healthy.npy"])
    again, _ = stored(ports, ada, tmp_path, given, "Second")
    first = next(row for row in again if row.file == "offset_healthy.npy")
    assert (
        "Duplicate: data set First holds the same samples as offset_healthy.npy." in first.quality
    )


def test_acceptance_import_recent_imports_tell_their_failures(ports, ada, folder):
    rows, _ = stored(ports, ada, folder, Given(), "Told")
    assert any(row.refused for row in rows)
    with unit_of_work(ports):
        (latest, *_rest) = imports.recent(ada)
    assert (latest.name, latest.state, latest.n_files, latest.n_recordings) == (
        "Told",
        "stored",
        5,
        3,
    )
    assert {failure.file for failure in latest.failures} == {"broken.mat", "copy.mat"}
    assert all(failure.reason for failure in latest.failures)
