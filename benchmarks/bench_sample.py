"""From ``sonde up`` on an empty home to the finished sample project, and to its page on screen.

The peer is the same work in one plain process: simulate, measure features, train, judge.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.bench_startup import SONDE, page_answers
from sonde.app.settings import Settings, environment_name
from sonde.app.supervisor.valkey import free_port

LIMIT_S = 60.0
PEER = """
import numpy as np
from sonde.bearings.core.features.windows import window_features
from sonde.bearings.core.simulate.rolling import simulate_recording
from sonde.bearings.core.simulate.sample import sample_plan
from sklearn.svm import SVC
plan = sample_plan()
made = [simulate_recording(plan, n) for n in range(len(plan.recordings))]
windows = np.concatenate([one.samples[: 2 * 12000].reshape(2, 12000) for one in made])
speeds = np.repeat([one.plan.speed_rpm for one in made], 2)
labels = np.repeat([one.plan.fault.value for one in made], 2)
features = window_features(windows, 12000.0, speeds, plan.geometry)
SVC(C=10.0).fit(features, labels).predict(features)
"""


def _plain_s() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", PEER], check=True)
    return time.perf_counter() - began


def _wait_for(what, running, out: Path):
    """Ask until there is an answer; leave with the output where the product ended."""
    while True:
        found = what()
        if found:
            return found
        if running.poll() is not None:
            sys.exit(out.read_text())
        time.sleep(0.1)


def _finished(client: httpx.Client) -> dict | None:
    items = client.get("/api/v1/experiments").json()["items"]
    done = [one for one in items if one["state"] in {"succeeded", "failed"}]
    return done[0] if done else None


def main() -> int:
    """Print the times; return 1 if the limit is missed."""
    known = {environment_name(name) for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in known}
    with tempfile.TemporaryDirectory() as folder:
        out, port = Path(folder) / "out", free_port()
        with out.open("w") as written:
            began = time.perf_counter()
            running = subprocess.Popen(
                [SONDE, "up", "--home", Path(folder) / "home", "--port", str(port)],
                stdout=written,
                stderr=written,
                cwd=folder,
                env=environment,
            )
        try:
            _wait_for(lambda: page_answers(port), running, out)
            first_s = time.perf_counter() - began
            link = _wait_for(
                lambda: re.search(r"http://\S+/sign-in/link/\S+", out.read_text()), running, out
            ).group()
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                client.post(link)
                made = _wait_for(lambda: _finished(client), running, out)
                done_s = time.perf_counter() - began
                client.get(f"/experiment/{made['id']}/results").raise_for_status()
            print(f"first page                     {first_s:5.1f} s")
            print(f"sample finished ({made['state']}) {done_s:8.1f} s  (limit {LIMIT_S:.0f} s)")
            print(f"its macro-F1                   {made['macro_f1']:5.3f}")
            print(f"its leaky score                {made['leaky_macro_f1']:5.3f}")
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)
    print(f"the same work in one process   {_plain_s():5.1f} s")
    return int(done_s > LIMIT_S or made["state"] != "succeeded")


if __name__ == "__main__":
    raise SystemExit(main())
