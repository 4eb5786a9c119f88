"""``sonde import-recordings`` and ``sonde datasets`` against the real database."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from sonde.bearings.api.commands import import_recordings
from sonde.bearings.api.dataset_commands import DATASETS
from sonde.platform.core.actor import Role
from sonde.platform.services.local import LOCAL, LocalAccess

pytestmark = pytest.mark.integration

APP = typer.Typer()
APP.command("import-recordings")(import_recordings)
APP.add_typer(DATASETS, name="datasets")


@pytest.fixture
def sonde(ports, people) -> Iterator:
    people("Ada", Role.ADMIN)
    token = LOCAL.set(LocalAccess(lambda: ports))

    def run(*words: object, say: str = "") -> Result:
        return CliRunner().invoke(APP, [str(word) for word in words], input=say)

    yield run
    LOCAL.reset(token)


def test_a_folder_is_shown_then_stored_then_deleted(sonde, folder: Path) -> None:
    asked = ("import-recordings", folder, "--name", "Shown", "--bearing", "6205-2RS")
    refused = sonde(*asked, say="n\n")
    assert refused.exit_code == 1
    assert "Nothing was stored." in refused.output
    stored = sonde(*asked, say="y\n")
    assert stored.exit_code == 0, stored.output
    for expected in (
        "faulty/two.mat",
        "inner",
        "copy.mat: It holds the same samples as one.mat.",
        "broken.mat: ",
        "3 recordings of 2 physical bearings; 2 left out.",
        "Stored 3 recordings as Shown",
    ):
        assert expected in stored.output
    assert "already" in sonde(*asked, "--yes").output
    listed = sonde("datasets")
    assert "Shown" in listed.output
    shown = sonde("datasets", "show", "Shown")
    assert "bearing type 6205-2RS" in shown.output
    assert "faulty/three.mat" in shown.output
    assert sonde("datasets", "delete", "Shown", say="n\n").exit_code == 0
    assert sonde("datasets", "delete", "Shown", "--yes").exit_code == 0
    gone = sonde("datasets", "show", "Shown")
    assert gone.exit_code == 2
    assert "no data set called" in gone.output


def test_every_option_of_an_import_reaches_what_is_stored(sonde, tmp_path: Path) -> None:
    pulses = np.where(np.arange(4096) % 256 < 8, 5.0, 0.0)
    noise = np.random.default_rng(8).standard_normal(4096)
    np.savez(tmp_path / "a.npz", acc=noise, spin=pulses, fs=25_600.0)
    options = "--preset none --rpm 3000 --label imbalance --severity mild --session May --unit g"
    shaping = "--tacho spin --resample 12800 --length 1024 --cut window --normalise --yes"
    asked = ("import-recordings", tmp_path, "--name", "Shaped", "--physical-bearing", "P1")
    stored = sonde(*asked, *options.split(), *shaping.split())
    assert stored.exit_code == 0, stored.output
    assert "Stored 2 recordings as Shaped" in stored.output
    assert "Resampled from 25600 Hz to 12800 Hz." in stored.output
    shown = sonde("datasets", "show", "Shaped").output
    assert "imbalance" in shown
    assert "window 2" in shown


def test_what_is_missing_names_its_option(sonde, folder: Path) -> None:
    (folder / "labels.csv").unlink()
    asked = ("import-recordings", folder, "--name", "Missing", "--yes")
    nothing = sonde(*asked)
    assert nothing.exit_code == 2
    assert "--label" in nothing.output
    stored = sonde(*asked, "--label", "healthy", "--channel", "x")
    assert stored.exit_code == 0, stored.output
    assert "all recordings of this class and size count as one" in stored.output


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nowhere", "--name", "x"), "no folder"),
        ((".", "--name", ""), "1 to 120"),
        ((".", "--name", "x", "--bearing", "0000"), "catalogue"),
        ((".", "--name", "x", "--label-table", "none.csv"), "no label table"),
        ((".", "--name", "x", "--preset", "nasa"), "no preset"),
        ((".", "--name", "x", "--severity", "awful"), "no severity"),
        ((".", "--name", "x", "--length", "3"), "64 to"),
    ],
)
def test_a_wrong_wish_is_one_line(sonde, words: tuple, reason: str, tmp_path: Path) -> None:
    place = tmp_path if words[0] == "." else tmp_path / words[0]
    answer = sonde("import-recordings", place, *words[1:])
    assert answer.exit_code == 2
    assert reason in answer.output
    assert len(answer.output.strip().splitlines()) == 1


def test_no_data_sets(sonde, ports, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = sonde("datasets", "show", "None")
    assert answer.exit_code == 2
