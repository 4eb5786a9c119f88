"""The home folder of an installation: can it be used, and does somebody use it already."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sonde.platform.core.errors import Conflict, Unavailable

LEAST_FREE_MB = 256
_LOCK = "run/lock"
_FOLDERS = ("", "run", "logs", "secrets")


def prepare_home(home: Path) -> None:
    """Make the folders of an installation, private to its owner.

    Raises
    ------
    Unavailable
        If nothing can be written there, in words that say why.
    """
    with explained(home):
        for name in _FOLDERS:
            (home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = home / "run" / "probe"
        probe.write_bytes(b"\0" * 65_536)
        probe.unlink()
    check_disk(home)


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn what the operating system says about a folder into one sentence."""
    try:
        yield
    except OSError as error:
        raise Unavailable(_sentence(home, error), home=str(home)) from error


def _sentence(home: Path, error: OSError) -> str:
    other = "free some space, or choose another folder with --home or SONDE_HOME."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk of {home} is full: {other}"
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return f"{home} cannot be written: change its rights, or choose another folder with --home."
    return f"{home} cannot be used ({error.strerror}): choose another folder with --home."


def free_mb(home: Path) -> float:
    """Return the free space of the disk that holds `home`, in megabytes."""
    there = home
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free / 1e6


def check_disk(home: Path) -> None:
    """Raise Unavailable if there is too little space to start."""
    free = free_mb(home)
    if free < LEAST_FREE_MB:
        raise Unavailable(
            f"The disk of {home} is full: {free:.0f} MB are free and at least {LEAST_FREE_MB} MB "
            "are needed. Free some space, or choose another folder with --home or SONDE_HOME.",
            free_mb=free,
        )


@contextmanager
def sole_user(home: Path) -> Iterator[None]:
    """Hold the installation for oneself; the operating system lets go when the process ends.

    Raises
    ------
    Conflict
        If another supervisor holds it.
    """
    descriptor = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(descriptor):
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "?"
            raise Conflict(
                f"Sonde runs already in {home} (process {holder}). Stop it with Ctrl-C there, "
                "or choose another folder with --home or SONDE_HOME.",
                process=holder,
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_in_use(home: Path) -> bool:
    """Say whether a supervisor runs in `home`."""
    try:
        descriptor = os.open(home / _LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _take(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _take(descriptor: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
