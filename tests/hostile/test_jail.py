"""Promise 20: a parser's child can do nothing else, and its death harms nobody."""

import os
import platform
import socket
from pathlib import Path

import numpy as np
import pytest

from sonde.platform.core.errors import Invalid, NotFound, TooLarge, Unreadable
from sonde.platform.core.jail import JailLimits, start_jailed
from sonde.platform.core.jail_child import seccomp_program

SECCOMP = platform.machine() in {"x86_64", "aarch64"} and platform.system() == "Linux"
SHORT = JailLimits(wall_s=3.0, cpu_s=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "signal.bin"
    path.write_bytes(np.arange(8, dtype="<f4").tobytes())
    return path


def call(name: str, path: Path, limits: JailLimits | None = None, **arguments: object):
    return start_jailed(f"tests.hostile.jailed_parsers:{name}", path, arguments, limits).result()


def test_facts_and_arrays_come_back(file: Path) -> None:
    answer = call("echo", file, say="hello", limits=JailLimits(answer_bytes=1000))
    assert answer.facts == {"said": "hello", "limit": 1000}
    np.testing.assert_array_equal(answer.arrays[0], np.arange(8).reshape(2, 4))
    assert answer.arrays[1].shape == (0,)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("allocate", TooLarge),
        ("spin", TooLarge),
        ("crash", Unreadable),
        ("leave", Unreadable),
        ("answer_with_objects", Unreadable),
    ],
)
def test_check_20_a_misbehaving_parser_is_stopped_and_the_parent_lives(
    name: str, error: type[Invalid], file: Path
) -> None:
    with pytest.raises(error):
        call(name, file, SHORT)
    assert call("echo", file, say=1).facts["said"] == 1


def test_check_20_a_parser_that_takes_too_long_is_stopped(file: Path) -> None:
    running = start_jailed("tests.hostile.jailed_parsers:sleep", file, {}, JailLimits(wall_s=0.3))
    with pytest.raises(Unreadable, match=r"longer than 0\.3 s"):
        running.result()
    assert running._child.returncode == -9


def test_check_20_an_answer_beyond_the_limit_is_not_read(file: Path) -> None:
    with pytest.raises(TooLarge):
        call("answer_too_much", file, JailLimits(answer_bytes=1000))


@pytest.mark.skipif(not SECCOMP, reason="no seccomp filter for this machine")
def test_check_20_the_child_can_open_nothing_and_reach_nobody(file: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        os.environ["SONDE_TEST_SECRET"] = "secret"
        try:
            answer = call(
                "try_everything",
                file,
                port=server.getsockname()[1],
                target=str(tmp_path / "made"),
                victim=str(victim),
            )
        finally:
            del os.environ["SONDE_TEST_SECRET"]
    assert [what for what, refused in answer.facts["refused"].items() if not refused] == []
    assert "SONDE_TEST_SECRET" not in answer.facts["environment"]
    assert victim.exists()


@pytest.mark.skipif(not SECCOMP, reason="no seccomp filter for this machine")
def test_check_20_threads_from_before_the_doors_closed_can_open_nothing_either(file: Path) -> None:
    assert call("ask_the_other_thread", file).facts == {"refused": True}


def test_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        call("echo", tmp_path / "none.npy")


def test_the_filter_allows_what_it_does_not_name() -> None:
    program = seccomp_program(0xC000003E, (2,))
    assert program[-8:] == bytes.fromhex("06000000") + (0x7FFF0000).to_bytes(4, "little")
