"""How long until the first page, cold and warm, and how much memory everything takes when idle.

The peer is the machine itself: starting Python and importing the web framework alone, which no
start of a web product in Python can beat.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from sonde.app.settings import Settings, environment_name
from sonde.app.supervisor.valkey import free_port

SONDE = Path(sys.executable).with_name("sonde")
LIMIT_S = {"cold": 6.0, "warm": 5.0}
LIMIT_MB = 550.0
IDLE_AFTER_S = 20.0


def page_answers(port: int) -> bool:
    """Say whether the sign-in page comes."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=0.5) as page:
            return page.status == 200
    except (OSError, urllib.error.URLError):
        return False


def start(home: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """Start everything; return the supervisor and the seconds to the first page."""
    known = {environment_name(name) for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in known}
    with (home.parent / "out").open("ab") as out:
        began = time.perf_counter()
        running = subprocess.Popen(
            [SONDE, "up", "--home", home, "--port", str(port)],
            stdout=out,
            stderr=out,
            cwd=home.parent,
            env=environment | {"SONDE_SAMPLE_PROJECT": "false"},
        )
    while not page_answers(port):
        if running.poll() is not None:
            sys.exit((home.parent / "out").read_text())
        time.sleep(0.02)
    return running, time.perf_counter() - began


def stop(running: subprocess.Popen[bytes]) -> float:
    """Stop everything; return the seconds that took."""
    began = time.perf_counter()
    running.send_signal(signal.SIGINT)
    running.wait(60)
    return time.perf_counter() - began


def shares_mb(running: subprocess.Popen[bytes]) -> dict[str, float]:
    """Return the proportional memory of every process, by what it is."""
    top = psutil.Process(running.pid)
    shares: dict[str, float] = {}
    for process in (top, *top.children(recursive=True)):
        line = " ".join(process.cmdline())
        module = re.search(r"sonde\.app\.(\w+)(?: (\w+))?", line)
        name = (
            " ".join(filter(None, module.groups()))
            if module
            else next((word for word in ("valkey", "postgres") if word in line), "supervisor")
        )
        shares[name] = shares.get(name, 0.0) + process.memory_full_info().pss / 1e6
    return shares


def bare_s() -> float:
    """Return the seconds that Python and the web framework alone need."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import dash, fastapi, uvicorn"], check=True)
    return time.perf_counter() - began


def main() -> int:
    """Print the table; return 1 if a limit is missed."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "home", free_port()
        peer_s = bare_s()
        print(f"{'bare Python + Dash + FastAPI import':<40} {peer_s:6.2f} s")
        for name in ("cold", "warm"):
            running, first_s = start(home, port)
            if name == "warm":
                time.sleep(IDLE_AFTER_S)
                shares = shares_mb(running)
            stopped_s = stop(running)
            failed |= first_s > LIMIT_S[name]
            print(
                f"{name + ' start to first page':<40} {first_s:6.2f} s"
                f"  (limit {LIMIT_S[name]:.0f} s, {first_s / peer_s:.1f}x bare;"
                f" stop {stopped_s:.1f} s)"
            )
    total = sum(shares.values())
    for name, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        print(f"  {name:<38} {share:6.1f} MB")
    print(f"{'idle memory of everything (PSS)':<40} {total:6.1f} MB  (limit {LIMIT_MB:.0f} MB)")
    return int(failed or total > LIMIT_MB)


if __name__ == "__main__":
    raise SystemExit(main())
