"""One child process: started in a session of its own, watched, restarted, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT_BYTES = 10_000_000
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 30.0
# A child that ran this long was well: its next death is not counted with earlier ones.
_WELL_AFTER_S = 60.0


@dataclass(frozen=True)
class Program:
    """How a child is started and stopped.

    Parameters
    ----------
    name : str
    command : tuple of str
    environment : mapping of str to str
    inherited : tuple of int
        File descriptors that it gets.
    stop_signal : int
        Asks it to leave.
    death_signal : int
        What it gets from the kernel when the supervisor is gone (Linux).
    patience_s : float
        Time to leave in after `stop_signal`.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    inherited: tuple[int, ...] = ()
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    patience_s: float = 8.0


def pause_before_restart_s(failures: int) -> float:
    """Return how long to wait before the next start after `failures` deaths in a row.

    Examples
    --------
    >>> [pause_before_restart_s(failures) for failures in (1, 2, 3, 20)]
    [0.25, 0.5, 1.0, 30.0]
    """
    return float(min(_FIRST_PAUSE_S * 2.0 ** min(failures - 1, 16), _LONGEST_PAUSE_S))


class Child:
    """A program that runs, or should."""

    def __init__(self, program: Program, logs: Path) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.failures = 0
        self.due_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's id; 0 before the first start."""
        return self._process.pid if self._process else 0

    def start(self, extra: tuple[str, ...] = (), inherited: tuple[int, ...] = ()) -> None:
        """Start the program, its output going to its log.

        The options `extra` and the descriptors `inherited` are for this one start.
        """
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.program.command, *extra],
                env=dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(*self.program.inherited, *inherited),
                start_new_session=True,
                preexec_fn=_die_with(self.program.death_signal),  # noqa: PLW1509 - one thread
            )
        self._started_at = time.monotonic()

    def look_after(self) -> str:
        """Start it again when it is time; return how it ended if it was found dead just now."""
        if self.is_running:
            return ""
        if self.due_at == 0.0:
            return self.note_death()
        if time.monotonic() >= self.due_at:
            self.due_at = 0.0
            self.start()
        return ""

    def note_death(self) -> str:
        """Plan the restart of a process that ended; return how it ended, in words."""
        ran_s = time.monotonic() - self._started_at
        self.failures = 1 if ran_s > _WELL_AFTER_S else self.failures + 1
        self.due_at = time.monotonic() + pause_before_restart_s(self.failures)
        status = self._process.returncode if self._process else 0
        if status < 0:
            return f"was ended by {signal.Signals(-status).name}"
        return f"ended with status {status}"

    def ask_to_stop(self) -> None:
        """Send the stop signal."""
        if self._process is not None and self.is_running:
            self._process.send_signal(self.program.stop_signal)

    def wait_or_kill(self) -> bool:
        """Wait for it to leave; what stays is killed with its own children. Was it orderly?"""
        if self._process is None:
            return True
        try:
            self._process.wait(self.program.patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            return False
        return True

    def last_line(self) -> str:
        """Return the last line of the log."""
        if not self.log.exists():
            return ""
        tail = self.log.read_bytes()[-4096:].decode(errors="replace").strip()
        return tail.splitlines()[-1] if tail else ""


def _die_with(death_signal: int) -> Callable[[], None] | None:
    """Return what makes a child follow its parent into death (Linux)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def set_death_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return set_death_signal
