"""``sonde datasets`` against the real database: everything without a running server."""

from collections.abc import Iterator

import h5py
import pytest
from click.testing import Result
from typer.testing import CliRunner

from sonde.bearings.api.dataset_commands import DATASETS
from sonde.bearings.services import datasets
from sonde.platform.services import accounts
from sonde.platform.services.local import LOCAL, LocalAccess
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.make_datasets import store

pytestmark = pytest.mark.integration


@pytest.fixture
def sonde(ports) -> Iterator:
    token = LOCAL.set(LocalAccess(lambda: ports))

    def run(*words: object, say: str = "") -> Result:
        return CliRunner().invoke(DATASETS, [str(word) for word in words], input=say)

    yield run
    LOCAL.reset(token)


@pytest.fixture
def boss(ports, people):
    people("Somebody")
    with unit_of_work(ports):
        return accounts.actor_for(accounts.first_administrator().id)


def test_acceptance_manage_by_command(sonde, ports, boss, tmp_path):
    with unit_of_work(ports):
        store(boss, "Command", 9)
    assert "called Commanded" in sonde("rename", "Command", "Commanded").output
    assert "pump, plant a" in sonde("tag", "Commanded", "Pump", "plant a").output
    assert "Commanded" in sonde("list", "--tag", "pump").output
    assert "Commanded" not in sonde("list", "--text", "nowhere").output
    made = sonde("subset", "Commanded", "--name", "Part", "--label", "inner", "--text", "run")
    assert "Stored 3 recordings as Part" in made.output
    with unit_of_work(ports):
        assert datasets.find(boss, "Part").classes == ("inner",)
    taken = sonde("subset", "Commanded", "--name", "Part", "--label", "outer")
    assert taken.exit_code == 2
    assert "already" in taken.output
    newer = sonde("subset", "Commanded", "--name", "Part", "--label", "outer", "--as-new-version")
    assert newer.exit_code == 0, newer.output
    merged = sonde("merge", "Commanded", "Part", "--name", "Both", "--apart")
    assert "Stored 9 recordings as Both" in merged.output
    out = tmp_path / "both.h5"
    assert "Wrote 3 recordings" in sonde("export", "Both", "--out", out, "--label", "inner").output
    with h5py.File(out) as file:
        assert file["r000001"].attrs["label"] == "inner"
    assert sonde("export", "Both", "--out", tmp_path / "both.docx").exit_code == 2
    assert not (tmp_path / "both.docx").exists()


def test_delete_restore_and_for_good(sonde, ports, boss):
    with unit_of_work(ports):
        stored = store(boss, "Gone by command", 3)
    assert "brings it back" in sonde("delete", "Gone by command", "--yes").output
    assert "Gone by command" in sonde("list", "--trash").output
    assert "Restored Gone by command" in sonde("restore", stored.id).output
    assert sonde("delete", "Gone by command", say="n\n").exit_code == 0
    assert "for good" in sonde("delete", "Gone by command", "--yes", "--for-good").output
    assert sonde("restore", stored.id).exit_code == 2
    assert not ports.files.exists(stored.file_key)
