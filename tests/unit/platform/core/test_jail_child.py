"""The child's side of the jail, without the walls: what it answers for what a parser does."""

import io
import json
from typing import Any

import numpy as np
import pytest

from sonde.platform.core import jail_child
from sonde.platform.core.errors import TooLarge

TOLD = {"arguments": {"word": "hello"}, "limits": {"answer_bytes": 100}}


def answer(function: Any) -> tuple[dict, bytes]:
    out = io.BytesIO()
    jail_child._answer(function, io.BytesIO(b"content"), out, TOLD)
    raw = out.getvalue()
    size = int.from_bytes(raw[:8], "little")
    return json.loads(raw[8 : 8 + size]), raw[8 + size :]


def test_facts_come_first_then_the_arrays_bytes() -> None:
    values = np.arange(6, dtype="<f4").reshape(2, 3)

    def parse(stream: Any, arguments: Any, limit: int) -> Any:
        assert stream.read() == b"content"
        return {"word": arguments["word"], "limit": limit}, [values, values[:0]]

    facts, content = answer(parse)
    assert facts["facts"] == {"word": "hello", "limit": 100}
    assert facts["arrays"][1]["shape"] == [0, 3]
    assert content == values.tobytes()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (TooLarge("Too much."), "too_large", "Too much."),
        (MemoryError(), "too_large", "too much memory"),
        (ValueError("bad   header"), "unreadable", "(bad header)"),
        (OSError("truncated file"), "unreadable", "(truncated file)"),
        (KeyError("x"), "unreadable", "damaged"),
        (FileNotFoundError(2, "No such file", "/secret/place"), "unreadable", "(No such file)"),
    ],
)
def test_errors_become_sentences_without_paths(error: Exception, code: str, words: str) -> None:
    def parse(stream: Any, arguments: Any, limit: int) -> Any:
        raise error

    facts, _ = answer(parse)
    assert facts["error"] == code
    assert words in facts["message"]
    assert "secret" not in facts["message"]


def test_the_address_space_is_known_on_linux() -> None:
    assert jail_child._address_space_bytes() >= 0


def test_a_limit_is_never_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []
    monkeypatch.setattr(jail_child.resource, "getrlimit", lambda what: (10, 20))
    monkeypatch.setattr(jail_child.resource, "setrlimit", lambda what, to: limits.append(to))
    jail_child._lower(0, 50)
    jail_child._lower(0, 5)
    assert limits == [(20, 20), (5, 5)]
