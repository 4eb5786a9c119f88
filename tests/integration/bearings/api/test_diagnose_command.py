"""``sonde diagnose`` as a person runs it: a shell, a file, an exit status."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import simulate_recording
from sonde.bearings.core.simulate.sample import sample_plan

RUN = "from sonde.app.cli import main; main()"


def _sonde(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", RUN, "diagnose", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def outer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated outer race fault, as an array without rate or speed."""
    plan = sample_plan()
    index = max(
        position
        for position, each in enumerate(plan.recordings)
        if each.fault is Fault.OUTER and each.speed_rpm == 1800.0
    )
    path = tmp_path_factory.mktemp("files") / "outer.npy"
    np.save(path, simulate_recording(plan, index).samples)
    return path


def test_json_is_exactly_one_object_with_everything_promised(outer_file: Path) -> None:
    answer = _sonde(
        outer_file, "--bearing", "6205-2RS", "--rpm", 1800, "--sampling-rate", 12_000, "--json"
    )
    assert answer.returncode == 0, answer.stderr
    facts = json.loads(answer.stdout)
    assert facts["verdict"] == "outer"
    assert facts["strength"] > 4
    assert len(facts["band_hz"]) == 2
    assert {"line", "order", "expected_hz", "found_hz", "strength"} == set(facts["evidence"][0])
    assert facts["assumptions"]


def test_the_page_for_people_names_the_verdict_and_the_assumptions(outer_file: Path) -> None:
    answer = _sonde(
        outer_file, "--geometry", "n=9,d=7.94,D=39.04", "--rpm", 1800, "--sampling-rate", 12_000
    )
    assert answer.returncode == 0, answer.stderr
    assert "Outer race fault" in answer.stdout
    assert "Taken as given" in answer.stdout


def test_an_odd_size_warns_and_is_answered(outer_file: Path) -> None:
    answer = _sonde(
        outer_file,
        "--geometry", "n=9,d=0.3126,D=1.537,angle=0",
        "--rpm", 1800,
        "--sampling-rate", 12_000,
        "--json",
    )  # fmt: skip
    assert answer.returncode == 0
    assert any("Odd size" in line for line in json.loads(answer.stdout)["assumptions"])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--bearing", "6205", "--rpm", 1800), "--sampling-rate"),
        (("--bearing", "6205", "--sampling-rate", 12_000), "--rpm"),
        (("--rpm", 1800, "--sampling-rate", 12_000), "--bearing"),
        (("--bearing", "9999", "--rpm", 1800, "--sampling-rate", 12_000), "--geometry"),
        (("--geometry", "n=2,d=1,D=9", "--rpm", 1800, "--sampling-rate", 12_000), "n=2"),
        (("--bearing", "6205", "--rpm", -5, "--sampling-rate", 12_000), "speed"),
        (
            ("--bearing", "6205", "--rpm", 1800, "--sampling-rate", 12_000, "--channel", "XX"),
            "--channel",
        ),
    ],
)
def test_what_is_missing_is_named_in_one_line(
    outer_file: Path, arguments: tuple[object, ...], named: str
) -> None:
    answer = _sonde(outer_file, *arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert len(answer.stderr.strip().splitlines()) == 1
    assert named in answer.stderr


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00garbage", b"hello"])
def test_what_cannot_be_read_says_so_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.npy"
    path.write_bytes(content)
    answer = _sonde(path, "--bearing", "6205", "--rpm", 1800, "--sampling-rate", 12_000)
    assert answer.returncode == 2
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "Traceback" not in answer.stderr


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    answer = _sonde(tmp_path / "none.mat", "--bearing", "6205", "--rpm", 1800)
    assert answer.returncode == 2
    assert "none.mat" in answer.stderr


@pytest.mark.real_data
def test_acceptance_diagnose_from_shell_to_answer(real_data: Path) -> None:
    file = real_data / "bearings" / "cwru" / "12k_drive_end" / "105.mat"
    arguments = ("--bearing", "6205-2RS", "--rpm", 1797, "--sampling-rate", 12_000, "--json")
    answer = json.loads(_sonde(file, *arguments).stdout)
    assert answer["verdict"] == "inner"
    assert {"verdict", "strength", "band_hz", "evidence", "assumptions"} <= set(answer)
    assert {"line", "order", "expected_hz", "found_hz", "strength"} <= set(answer["evidence"][0])
