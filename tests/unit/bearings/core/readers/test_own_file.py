"""What this product wrote it reads back whole; a manifest is believed no more than any file."""

import json

import h5py
import numpy as np
import pytest

from sonde.bearings.core.datasets import content_hash
from sonde.bearings.core.readers.own_file import MANIFEST
from sonde.bearings.core.readers.reading import start_reading
from sonde.bearings.core.simulate.describing import simulate_recording
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.understand import understand
from sonde.bearings.services.generation_local import FileWish, generate_file
from sonde.platform.core.errors import SondeError, Unreadable

CONFIG = GenerationConfig(
    classes=("healthy", "oil_whirl"), per_class=2, duration_s=0.1, channels=("x", "y")
)
GOOD = np.ones((1, 100), dtype=np.float32)
ONE = json.dumps({"recordings": {"a": {"channels": ["x"]}}})


def _read(path):
    reading = start_reading(path)
    try:
        return reading.content()
    finally:
        reading.close()


def test_a_generated_file_is_understood_without_a_word(tmp_path):
    path = tmp_path / "set.h5"
    content = generate_file(CONFIG, FileWish(path), lambda *_: None)
    rows = understand("set.h5", _read(path), Given())
    recordings = []
    for index, (row, samples) in enumerate(rows):
        recording, made = simulate_recording(CONFIG, index)
        recordings.append(recording)
        assert np.array_equal(samples, made)
        for name in ("label", "severity", "bearing", "lineage", "channels", "unit", "load"):
            assert getattr(row, name) == getattr(recording, name), name
        assert (row.speed_rpm, row.sampling_rate_hz) == (recording.speed_rpm, 20_480.0)
        assert row.content_hash == recording.content_hash
        assert row.conditions == recording.conditions
    assert content_hash(recordings) == content


def _file(path, manifest, **arrays):
    with h5py.File(path, "w") as file:
        is_text = isinstance(manifest, str)
        file[MANIFEST] = np.frombuffer(manifest.encode(), np.uint8) if is_text else manifest
        for name, values in arrays.items():
            file[name] = values
    return path


@pytest.mark.parametrize(
    ("manifest", "array"),
    [
        ("{", GOOD),
        ("[" * 5000, GOOD),
        ("{}", GOOD),
        (json.dumps({"recordings": {"b": {}}}), GOOD),
        (json.dumps({"recordings": {"a": 3}}), GOOD),
        (ONE, np.ones(100)),
        (ONE, np.full((1, 100), np.nan)),
        (5.0, GOOD),
    ],
)
def test_a_bad_manifest_is_refused_with_a_sentence(tmp_path, manifest, array):
    path = _file(tmp_path / "bad.h5", manifest, a=array)
    with pytest.raises(Unreadable, match=r"manifest|signal|numbers"):
        _read(path)


def test_a_manifest_leads_nowhere_else(tmp_path):
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file["secret"] = GOOD
    path = _file(tmp_path / "bad.h5", ONE)
    with h5py.File(path, "a") as file:
        file["a"] = h5py.ExternalLink(str(other), "secret")
    with pytest.raises(SondeError):
        _read(path)


def test_strange_facts_are_left_out(tmp_path):
    facts = {
        "label": "x" * 1000,
        "severity": "terrible",
        "bearing": 7,
        "channels": ["x"],
        "sampling_rate_hz": -3,
        "speed_rpm": "fast",
        "conditions": {"deep": {"a": 1}, "load": 0.5},
    }
    path = _file(tmp_path / "odd.h5", json.dumps({"recordings": {"a": facts}}), a=GOOD)
    (record,) = _read(path).records
    assert len(record.declared["label"]) <= 200
    assert "severity" not in record.declared
    assert record.declared["conditions"] == {"load": 0.5}
    assert (record.speed_rpm, record.channels[0].sampling_rate_hz) == (None, None)
