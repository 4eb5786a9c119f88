"""``sonde generate`` without any server: the same file by one or several processes."""

import hashlib
import json

import h5py
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from sonde.bearings.api.generate.commands import generate
from sonde.bearings.core.readers.own_file import MANIFEST
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.plan import PRESETS, GenerationConfig
from sonde.bearings.services import generation_local

APP = typer.Typer()
APP.command("generate")(generate)
SMALL = ("--preset", "quick", "--per-class", "1", "--duration", "0.1")


def _run(*words):
    return CliRunner().invoke(APP, [str(word) for word in words])


def test_acceptance_simulate_by_command_gives_the_same_file_with_any_number_of_workers(tmp_path):
    digests = set()
    for workers in (1, 2, 8):
        target = tmp_path / f"by_{workers}.h5"
        done = _run(*SMALL, "--seed", 42, "--workers", workers, "--out", target)
        assert done.exit_code == 0, done.output
        assert "11 signals" in done.output
        digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
    assert len(digests) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["by_1.h5", "by_2.h5", "by_8.h5"]


def test_the_file_holds_signals_labels_and_the_configuration(tmp_path):
    target = tmp_path / "set.h5"
    done = _run(
        "--class", "jeu", "--class", "sain", "--severity", "mild", "--per-class", 2,
        "--duration", 0.2, "--sampling-rate", 10_240, "--set", "noise.pink=false",
        "--set", "conditions.load=[0.5,0.5]", "--out", target,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    with h5py.File(target) as file:
        manifest = json.loads(file[MANIFEST][()])
        config = GenerationConfig.from_json(manifest["made_from"]["config"])
        assert config.classes == ("clearance", "healthy")
        assert not config.noise.pink
        names = [name for name in file if name != MANIFEST]
        assert [file[name].attrs["label"] for name in names] == ["clearance"] * 2 + ["healthy"] * 2
        for index, name in enumerate(names):
            assert np.array_equal(file[name][...], simulate(config, index).samples)
            assert json.loads(file[name].attrs["conditions"])["load"] == 0.5
        assert file[names[0]].attrs["severity"] == "mild"


@pytest.mark.parametrize("name", ["mat", "csv", "parquet", "npz"])
def test_every_format_can_be_written(tmp_path, name):
    target = tmp_path / "set"
    done = _run(*SMALL, "--format", name, "--out", target)
    assert done.exit_code == 0, done.output
    assert target.stat().st_size > 10_000
    assert list(tmp_path.iterdir()) == [target]


def test_a_configuration_file_and_options_beside_it(tmp_path):
    saved = tmp_path / "config.json"
    saved.write_text(json.dumps(PRESETS["rolling-6205"].config.to_json()))
    target = tmp_path / "rolling.npz"
    words = ("--config", saved, "--per-class", 1, "--duration", 0.1, "--format", "npz")
    done = _run(*words, "--out", target)
    assert done.exit_code == 0, done.output
    with np.load(target) as arrays:
        assert len([name for name in arrays if name != MANIFEST]) == 4


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--class", "foo"), "'foo' is not one"),
        (("--kind", "gear"), "journal, rolling, rotor"),
        (("--preset", "none"), "There is no preset"),
        (("--per-class", "10000"), "choose fewer"),
        (("--workers", "0"), "1 to 64 workers"),
        (("--set", "noise.pink"), "NAME=VALUE"),
        (("--set", "seed.x=1"), "no group"),
        (("--set", "noise.pinc=true"), "'pinc'"),
        (("--format", "docx"), "'docx'"),
        (("--config", "absent.json"), "cannot be read"),
        (("--config", "pyproject.toml"), "not a configuration"),
        (("--kind", "rolling", "--set", "rolling.designation=nothing"), "nothing"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path, words, sentence):
    done = _run("--seed", 1, *words, "--out", tmp_path / "no.h5")
    assert done.exit_code == 2, done.output
    assert sentence in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_there_is_refused(tmp_path):
    assert "no folder" in _run(*SMALL, "--out", tmp_path / "absent" / "x.h5").output
    assert "is a folder" in _run(*SMALL, "--out", tmp_path).output


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "kept.h5"
    target.write_bytes(b"old")
    original = generation_local.simulate_recording

    def fail(config, index):
        if index == 5:
            raise KeyboardInterrupt
        return original(config, index)

    monkeypatch.setattr(generation_local, "simulate_recording", fail)
    assert _run(*SMALL, "--out", target).exit_code != 0
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
