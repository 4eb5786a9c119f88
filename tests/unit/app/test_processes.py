"""A child process: started, found dead, started again, stopped."""

import os
import signal
import sys
import time

import psutil
import pytest

from sonde.app.supervisor.gate import Gate
from sonde.app.supervisor.processes import Child, Program


def _child(tmp_path, code, **more):
    command = (sys.executable, "-c", code)
    return Child(Program("toy", command, dict(os.environ), **more), tmp_path)


def _until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_dead_child_is_told_once_and_started_again(tmp_path):
    child = _child(tmp_path, "print('last words'); raise SystemExit(3)")
    child.start()
    _until(lambda: not child.is_running)
    assert child.look_after() == "ended with status 3"
    assert child.look_after() == ""
    assert child.last_line() == "last words"
    before = child.pid
    child.due_at = time.monotonic() - 1
    assert child.look_after() == ""
    assert child.pid != before
    child.wait_or_kill()


def test_deaths_in_a_row_make_it_wait_longer(tmp_path):
    child = _child(tmp_path, "import time; time.sleep(60)")
    pauses = []
    for _ in range(3):
        child.start()
        os.kill(child.pid, signal.SIGKILL)
        _until(lambda: not child.is_running)
        assert child.note_death() == "was ended by SIGKILL"
        pauses.append(child.due_at - time.monotonic())
    assert pauses == pytest.approx([0.25, 0.5, 1.0], abs=0.05)


def test_who_does_not_leave_is_ended_with_its_children(tmp_path):
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print('up', flush=True); time.sleep(60)"
    )
    child = _child(tmp_path, code, patience_s=0.1)
    child.start()
    _until(lambda: child.last_line() == "up")
    below = psutil.Process(child.pid).children()
    child.ask_to_stop()
    assert not child.wait_or_kill()
    _until(lambda: not any(process.is_running() for process in below))


def test_an_old_log_makes_room(tmp_path):
    child = _child(tmp_path, "print('new')")
    child.log.write_bytes(b"x" * 10_000_001)
    child.start()
    child.wait_or_kill()
    assert child.last_line() == "new"
    assert child.log.with_suffix(".log.1").stat().st_size == 10_000_001


def test_a_child_waits_at_the_gate(tmp_path):
    gate = Gate.closed()
    code = (
        "import sys; from sonde.app.supervisor.gate import wait_at;"
        "print('waiting', flush=True); wait_at(int(sys.argv[1])); print('through')"
    )
    child = _child(tmp_path, code)
    child.start((str(gate.waiting_end),), (gate.waiting_end,))
    _until(lambda: child.last_line() == "waiting")
    assert child.is_running
    gate.open()
    child.wait_or_kill()
    assert child.last_line() == "through"
