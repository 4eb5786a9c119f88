"""Parsers that misbehave, for the jail to hold."""

import ctypes
import os
import resource
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np

Answer = tuple[Mapping[str, Any], list[Any]]


def echo(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    values = np.frombuffer(stream.read(), dtype="<f4")
    return {"said": arguments["say"], "limit": limit}, [values.reshape(2, -1), values[:0]]


def allocate(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    return {"bytes": len(bytearray(3 << 30))}, []


def sleep(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    time.sleep(60)
    return {}, []


def spin(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    while True:
        pass


def crash(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    ctypes.string_at(0)
    return {}, []


def leave(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    os._exit(0)


def answer_too_much(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    return {}, [np.zeros(limit // 4 + 1, dtype="<f4")]


def answer_with_objects(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    return {}, [np.zeros(4, dtype="<U4")]


def _refused(action: Callable[[], object]) -> bool:
    try:
        action()
    except OSError:
        return True
    return False


def try_everything(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    def connect() -> None:
        socket.create_connection(("127.0.0.1", int(arguments["port"])), timeout=1)

    def more_memory() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    tries = {
        "read a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "write a file": lambda: os.open(arguments["target"], os.O_WRONLY | os.O_CREAT),
        "connect": connect,
        "start a program": lambda: subprocess.run(["/bin/true"], check=True),
        "fork": os.fork,
        "kill the parent": lambda: os.kill(os.getppid(), 0),
        "take hold of the parent": lambda: os.pidfd_open(os.getppid()),
        "change a file's mode": lambda: os.chmod(arguments["victim"], 0o666),
        "make a pipe in the file system": lambda: os.mkfifo(f"{arguments['target']}.pipe"),
        "raise its limits": more_memory,
        "delete": lambda: os.unlink(arguments["victim"]),
    }
    environment = sorted(os.environ)
    return {"refused": {k: _refused(v) for k, v in tries.items()}, "environment": environment}, []


class _Before:
    """A thread that a library started while its module was loaded."""

    def __init__(self) -> None:
        self.asked, self.told = threading.Event(), threading.Event()
        self.was_refused = False
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        self.asked.wait()
        self.was_refused = _refused(lambda: os.open("/etc/passwd", os.O_RDONLY))
        self.told.set()


_before = _Before()


def ask_the_other_thread(stream: BinaryIO, arguments: Mapping[str, Any], limit: int) -> Answer:
    _before.asked.set()
    _before.told.wait(10)
    return {"refused": _before.was_refused}, []
