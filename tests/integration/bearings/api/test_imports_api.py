"""Every option of an import over REST and in the terminal, through the real gate."""

import io
from pathlib import Path

import numpy as np
import pytest

from tests.integration.bearings.api.test_datasets_api import API, client, run_queued, stranger
from tests.layouts.public_sets import SETS

__all__ = ["client", "stranger"]
pytestmark = pytest.mark.integration


def npz(seed: int) -> bytes:
    content = io.BytesIO()
    rng = np.random.default_rng(seed)
    pulses = np.where(np.arange(4096) % 256 < 8, 5.0, 0.0) + 1e-3 * rng.standard_normal(4096)
    np.savez(content, acc=rng.standard_normal(4096), clock=pulses, fs=25_600.0)
    return content.getvalue()


def test_every_option_reaches_what_is_stored(client, ports) -> None:
    options = {
        "name": "Options",
        "label": "imbalance",
        "speed_rpm": "3000",
        "unit": "m/s^2",
        "severity": "mild",
        "session": "May",
        "bearing": "P1",
        "channels": "acc=DE",
        "tacho": "clock",
        "preset": "none",
        "resample_hz": "12800",
        "length": "512",
        "cut": "window",
        "normalise": "true",
    }
    files = [("files", ("a.npz", npz(1))), ("files", ("b.npz", npz(2)))]
    made = client.post(f"{API}/imports", data=options, files=files)
    assert made.status_code == 201, made.text
    place = f"{API}/imports/{made.json()['id']}"
    run_queued(ports)
    rows = client.get(place).json()["rows"]
    assert len(rows) == 2 * 4
    assert all(row["goes_in"] for row in rows)
    first = rows[0]
    assert (first["channels"], first["tacho_channel"]) == (["DE", "clock"], "clock")
    assert (first["label"], first["severity"], first["session"]) == ("imbalance", "mild", "May")
    assert (first["bearing"], first["sampling_rate_hz"], first["n_samples"]) == ("P1", 12_800, 512)
    assert first["conditions"]["normalised"]["unit"] == "m/s^2"
    assert client.post(f"{place}/store").status_code == 201


def test_the_latest_imports_and_the_quota_are_listed(client, stranger, ports) -> None:
    files = [("files", ("a_healthy_1500rpm_12k.npy", b"\x93NUMPY not really"))]
    made = client.post(f"{API}/imports", data={"name": "Told"}, files=files).json()
    run_queued(ports)
    listed = client.get(f"{API}/imports").json()
    latest = next(each for each in listed["items"] if each["id"] == made["id"])
    assert (latest["state"], latest["n_files"]) == ("ready", 1)
    assert latest["failures"][0]["file"] == "a_healthy_1500rpm_12k.npy"
    assert latest["failures"][0]["reason"]
    assert listed["quota"]["files"] >= 1
    assert listed["quota"]["files_allowed"] == 500_000
    assert made["id"] not in [each["id"] for each in stranger.get(f"{API}/imports").json()["items"]]


def test_presets_are_listed_and_folders_are_for_administrators(client) -> None:
    keys = [each["key"] for each in client.get(f"{API}/imports/presets").json()]
    assert keys == list(SETS)
    answer = client.post(f"{API}/imports/folder", data={"name": "Etc", "folder": "/etc"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"preset": "nasa"},
        {"cut": "slice"},
        {"cut": "window"},
        {"length": "5"},
        {"resample_hz": "nan"},
        {"resample_hz": "-3"},
        {"healthy_part": "2"},
        {"severity": "awful"},
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_stored(
    wrong, client, ports
) -> None:
    before = set(ports.files.keys())
    files = [("files", ("a.npz", npz(3)))]
    answer = client.post(f"{API}/imports", data={"name": "Wrong", **wrong}, files=files)
    assert answer.status_code == 422, answer.text
    assert set(ports.files.keys()) == before


def test_a_folder_on_the_server_is_read_for_an_administrator(
    web, admin, ports, tmp_path: Path
) -> None:
    SETS["xjtu"](tmp_path / "xjtu")
    with web.signed_in(admin) as boss:
        boss.headers["Origin"] = web.url
        options = {"name": "Runs", "folder": str(tmp_path / "xjtu"), "healthy_part": "1"}
        made = boss.post(f"{API}/imports/folder", data=options)
        assert made.status_code == 201, made.text
        run_queued(ports)
        stored = boss.post(f"{API}/imports/{made.json()['id']}/store").json()
        assert (stored["n_recordings"], stored["classes"]) == (4, ["healthy"])
