"""The child's side of the jail: close every door, then run the parser.

Imports happen before the doors close, because a jailed process can open no file. Every wall that
the operating system does not offer is left out; the others still stand.
"""

import codecs
import ctypes
import gc
import importlib
import json
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

from sonde.platform.core.errors import Invalid

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_SECCOMP_SET_MODE_FILTER, _ON_EVERY_THREAD = 1, 1
_SECCOMP_CALLS: Mapping[str, int] = {"x86_64": 317, "aarch64": 277}
_EACCES = 13
# Python loads these when text in them is first met, which is too late here.
_CODINGS = ("utf-8", "utf-8-sig", "latin-1", "ascii", "utf-16", "utf-16-le", "utf-16-be", "utf-32")

# Numbers of the refused system calls: opening files, sockets, programs, processes, changing the
# file system, modes of files, namespaces, mounts, limits, other processes' memory, descriptors and
# signals, io_uring, bpf. From Linux's
# arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
_REFUSED: Mapping[str, tuple[int, str]] = {
    "x86_64": (
        0xC000003E,
        "2 41 42 53 56 57 58 59 62 76 82 83 84 85 86 87 88 90 92 101 129 133 160 165 200 234 257 "
        "258 259 263 264 265 266 268 272 297 302 303 304 308 310 311 316 321 322 424 425 428 429 "
        "430 431 432 433 434 435 437 438 442 452",
    ),
    "aarch64": (
        0xC00000B7,
        "33 34 35 36 37 38 40 45 53 56 97 117 129 130 131 138 164 198 199 203 220 221 240 261 264 "
        "265 268 270 271 276 280 281 424 425 428 429 430 431 432 433 434 435 437 438 442 452",
    ),
}


def main(told: Mapping[str, Any]) -> None:
    """Run the parser that the parent named and write its answer to standard output."""
    limits = told["limits"]
    _die_with(told["parent"])
    _leave_network()
    module, _, name = told["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    for coding in _CODINGS:
        codecs.lookup(coding)
    _limit(limits)
    refuse_system_calls()
    with os.fdopen(0, "rb") as stream, os.fdopen(1, "wb") as answer:
        _answer(function, stream, answer, told)
        answer.flush()
    os._exit(0)


def _answer(function: Any, stream: BinaryIO, answer: BinaryIO, told: Mapping[str, Any]) -> None:
    try:
        facts, arrays = function(stream, told["arguments"], told["limits"]["answer_bytes"])
    except Invalid as error:
        _write(answer, {"error": error.code, "message": error.message})
        return
    except MemoryError:
        gc.collect()
        _write(answer, {"error": "too_large", "message": "This file needs too much memory."})
        return
    except (ArithmeticError, AttributeError, EOFError, LookupError, OSError) as error:
        _write(answer, _broken(error))
        return
    except (RuntimeError, TypeError, ValueError, struct.error) as error:
        _write(answer, _broken(error))
        return
    declared = [{"dtype": each.dtype.str, "shape": each.shape} for each in arrays]
    _write(answer, {"facts": facts, "arrays": declared})
    for each in arrays:
        answer.write(memoryview(each).cast("B") if each.size else b"")


def _broken(error: Exception) -> Mapping[str, str]:
    text: object = error
    if isinstance(error, OSError) and error.filename is not None:
        text = error.strerror
    reason = " ".join(str(text).split())[:200]
    return {"error": "unreadable", "message": f"This file is damaged or incomplete ({reason})."}


def _write(answer: BinaryIO, facts: Mapping[str, Any]) -> None:
    text = json.dumps(facts, allow_nan=False).encode()
    answer.write(len(text).to_bytes(8, "little") + text)


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _leave_network() -> None:
    """Move to an empty network namespace where the kernel permits it."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _limit(limits: Mapping[str, Any]) -> None:
    """Limit memory, time, files and core dumps of this process."""
    used = _address_space_bytes()
    if used:
        _lower(resource.RLIMIT_AS, used + int(limits["memory_bytes"]))
    _lower(resource.RLIMIT_CPU, int(limits["cpu_s"]))
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, 16)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _address_space_bytes() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse_system_calls() -> bool:
    """Install the seccomp filter on every thread; return whether this machine has one."""
    known = _REFUSED.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, refused = known
    program = seccomp_program(architecture, tuple(int(number) for number in refused.split()))
    libc = ctypes.CDLL(None)
    value = _Program(len(program) // 8, program)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    # A reader's library may have started threads; what prctl installs would not hold them.
    call = _SECCOMP_CALLS[platform.machine()]
    place = ctypes.byref(value)
    if libc.syscall(call, _SECCOMP_SET_MODE_FILTER, _ON_EVERY_THREAD, place) == 0:
        return True
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, place, 0, 0) == 0)


def seccomp_program(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Return a BPF program that answers EACCES to the `refused` calls and allows the others.

    Parameters
    ----------
    architecture : int
        AUDIT_ARCH number; another architecture's calls kill the process.
    refused : tuple of int
        Numbers of system calls.

    Examples
    --------
    >>> len(seccomp_program(0xC000003E, (2, 41))) // 8
    11
    """
    load, equal, above, leave = 0x20, 0x15, 0x35, 0x06
    kill, errno, allow = 0x80000000, 0x00050000 | _EACCES, 0x7FFF0000
    steps = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (leave, 0, 0, kill),
        (load, 0, 0, 0),
        (above, 0, 1, 0x40000000),
        (leave, 0, 0, kill),
    ]
    for number in refused:
        steps += [(equal, 0, 1, number), (leave, 0, 0, errno)]
    steps.append((leave, 0, 0, allow))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
