"""Run a parser of untrusted files in a child process that can do nothing else.

The child gets the file as its standard input, has limits on memory, time and files, no network,
a bare environment and, on Linux, a seccomp filter under which it can open no file, make no
socket and start no program. It answers with JSON and raw array bytes; nothing is unpickled.
What the child can do is in ``jail_child``; this module is the parent's side.
"""

import json
import math
import os
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid, NotFound, TooLarge, Unreadable

_MEBIBYTE = 1 << 20
_FACTS_BYTES = 4 * _MEBIBYTE
_DTYPES = frozenset({"<f4", "<f8", "<i8"})
_CHILD = (
    "import json, sys; told = json.loads(sys.argv[1]); sys.path[:] = told['path'];"
    "from sonde.platform.core.jail_child import main; main(told)"
)


@dataclass(frozen=True)
class JailLimits:
    """What a jailed parser may use.

    Parameters
    ----------
    file_bytes : int
        Largest file that is looked at.
    answer_bytes : int
        Largest answer: the expanded size of the file.
    memory_bytes : int
        Address space beyond what the interpreter takes.
    cpu_s : int
    wall_s : float
    """

    file_bytes: int = 512 * _MEBIBYTE
    answer_bytes: int = 256 * _MEBIBYTE
    memory_bytes: int = 1024 * _MEBIBYTE
    cpu_s: int = 20
    wall_s: float = 30.0


@dataclass(frozen=True)
class JailAnswer:
    """What a jailed parser answered.

    Parameters
    ----------
    facts : mapping
        JSON.
    arrays : tuple of ndarray
    """

    facts: Mapping[str, Any]
    arrays: tuple[NDArray[Any], ...]


class JailedCall:
    """A parser at work in its child process."""

    def __init__(self, child: "subprocess.Popen[bytes]", limits: JailLimits) -> None:
        self._child = child
        self._limits = limits
        self._deadline = time.monotonic() + limits.wall_s

    def result(self) -> JailAnswer:
        """Wait for the answer; the child is gone afterwards, whatever happened.

        Raises
        ------
        Unreadable, TooLarge, Invalid
            What the parser said, or that it died or took too long.
        """
        try:
            head = self._read(8)
            if len(head) < 8:
                raise self._died()
            facts_bytes = int.from_bytes(head, "little")
            if facts_bytes > _FACTS_BYTES:
                raise TooLarge("The description of this file is too large.")
            answer = json.loads(bytes(self._read(facts_bytes)))
            if "error" in answer:
                raise _error(answer)
            return JailAnswer(answer["facts"], self._arrays(answer["arrays"]))
        finally:
            self.close()

    def close(self) -> None:
        """Kill the child if it still runs."""
        self._child.kill()
        self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _arrays(self, declared: list[Mapping[str, Any]]) -> tuple[NDArray[Any], ...]:
        left = self._limits.answer_bytes
        arrays = []
        for each in declared:
            shape = tuple(int(length) for length in each["shape"])
            if each["dtype"] not in _DTYPES or any(length < 0 for length in shape):
                raise Unreadable("The reader gave an answer that makes no sense.")
            n_bytes = math.prod(shape) * int(each["dtype"][2])
            left -= n_bytes
            if left < 0:
                raise TooLarge(_too_large_text(self._limits.answer_bytes))
            content = self._read(n_bytes)
            if len(content) < n_bytes:
                raise self._died()
            arrays.append(np.frombuffer(content, dtype=each["dtype"]).reshape(shape))
        return tuple(arrays)

    def _read(self, n_bytes: int) -> bytearray:
        """Read up to `n_bytes`; fewer only if the child closed its end."""
        assert self._child.stdout is not None  # noqa: S101
        descriptor = self._child.stdout.fileno()
        content = bytearray(n_bytes)
        view = memoryview(content)
        filled = 0
        while filled < n_bytes:
            left_s = self._deadline - time.monotonic()
            ready = select.select([descriptor], [], [], max(left_s, 0.0))[0]
            if not ready:
                raise Unreadable(
                    f"Reading this file took longer than {self._limits.wall_s:g} s; it was stopped."
                )
            count = os.readv(descriptor, [view[filled:]])
            if count == 0:
                view.release()
                return content[:filled]
            filled += count
        return content

    def _died(self) -> Invalid:
        status = self._child.wait()
        if -status in {signal.SIGKILL, signal.SIGXCPU}:
            return TooLarge("Reading this file used up its memory or time; it was stopped.")
        return Unreadable("The reader could not make sense of this file.")


def start_jailed(
    function: str, path: Path, arguments: Mapping[str, Any], limits: JailLimits | None = None
) -> JailedCall:
    """Start `function` on the file at `path` in a jailed child.

    Parameters
    ----------
    function : str
        ``"package.module:function"`` of a function that takes a binary stream, the arguments and
        the largest number of bytes to answer with, and returns ``(facts, arrays)``. Its module
        must import everything that it needs at its top: the jailed function can import no more.
    path : Path
        A regular file; symbolic links are refused.
    arguments : mapping
        JSON-ready.
    limits : JailLimits, optional

    Raises
    ------
    NotFound, Unreadable, TooLarge
        If there is no such file, it is no regular file, or it is too large to look at.
    """
    limits = limits or JailLimits()
    told = json.dumps(
        {
            "path": [entry for entry in sys.path if os.path.isabs(entry)],
            "function": function,
            "arguments": dict(arguments),
            "limits": asdict(limits),
            "parent": os.getpid(),
        }
    )
    descriptor = open_untrusted(path, limits.file_bytes)
    try:
        child = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _CHILD, told],
            stdin=descriptor,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    return JailedCall(child, limits)


def open_untrusted(path: Path, file_bytes: int) -> int:
    """Open a regular file of at most `file_bytes` for reading; return its descriptor.

    Raises
    ------
    NotFound, Unreadable, TooLarge
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path.name!r}.", file=path.name) from None
    except OSError as error:
        reason = "it is a symbolic link" if path.is_symlink() else (error.strerror or "").lower()
        raise Unreadable(f"{path.name!r} cannot be opened: {reason}.", file=path.name) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise Unreadable(f"{path.name!r} is not a regular file.", file=path.name)
    if status.st_size > file_bytes:
        os.close(descriptor)
        raise TooLarge(
            f"{path.name!r} has {status.st_size / 1e6:.0f} MB; "
            f"at most {file_bytes / 1e6:.0f} MB are read.",
            file=path.name,
        )
    return descriptor


def _too_large_text(limit: int) -> str:
    return f"This file expands to more than {limit / 1e6:.0f} MB."


def _error(answer: Mapping[str, Any]) -> Invalid:
    kinds: dict[str, type[Invalid]] = {
        "too_large": TooLarge,
        "unreadable": Unreadable,
        "invalid": Invalid,
    }
    kind = kinds.get(str(answer["error"]), Unreadable)
    return kind(str(answer["message"])[:500])
