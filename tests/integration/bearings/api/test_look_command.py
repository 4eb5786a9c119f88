"""``sonde look`` against the real database."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from sonde.bearings.api.look_command import look
from sonde.platform.core.actor import Role
from sonde.platform.services.local import LOCAL, LocalAccess
from tests.integration.bearings.signal_data import rolling, store

pytestmark = pytest.mark.integration
APP = typer.Typer()
APP.command("look")(look)


@pytest.fixture
def sonde(ports, people, tmp_path: Path):
    """Run the command as an administrator who owns four recordings."""
    admin = people("Ada", Role.ADMIN)
    token = LOCAL.set(LocalAccess(lambda: ports))
    from sonde.platform.services.local import local_request

    with local_request() as request:
        admin = request.actor
    store(ports, admin, tmp_path)
    yield lambda *words: CliRunner().invoke(APP, [str(word) for word in words])
    LOCAL.reset(token)


def test_acceptance_look_in_the_terminal(sonde, tmp_path: Path) -> None:
    target = tmp_path / "taken.npy"
    shown = sonde("outer_7", "--json", "--out", target)
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.output)
    assert "outer race" in told["diagnosis"]
    assert np.array_equal(np.load(target), rolling()[0][1][0])
    plain = sonde(told["id"], "--channel", "FE")
    assert "Impacts repeat" in plain.output
    several = sonde("healthy")
    assert several.exit_code == 2
    assert "2 recordings hold 'healthy'" in several.output
    assert sonde("nothing like it").exit_code == 2
    assert sonde("outer_7", "--out", tmp_path / "x.docx").exit_code == 2
