"""MLflow's own local server with the same runs, written straight into its SQLite store."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np

KEY = "validation/loss"
KEPT_POINTS = 20
"""Points of a short run; its list reads only the latest, and five million rows take minutes."""
RUNS = 10
_QUESTIONS: Mapping[str, Mapping[str, Any]] = {
    "first page": {},
    "sorted by macro-F1": {"order_by": ["metrics.macro_f1 DESC"]},
    "sorted by best loss": {"order_by": ["metrics.`validation/loss` ASC"]},
    "score and model": {
        "filter": "metrics.macro_f1 > 0.9 and params.model LIKE 'resnet%'",
        "order_by": ["metrics.macro_f1 DESC"],
    },
}


@dataclass(frozen=True)
class Peer:
    """What MLflow took, in ms, by question; nothing where there is none."""

    note: str
    took: Mapping[str, float] = field(default_factory=dict)

    def beside(self, name: str, ours_ms: float) -> str:
        """Say what MLflow takes for the same."""
        if name not in self.took:
            return "" if not self.took else "MLflow has no such question"
        theirs = self.took[name]
        return f"MLflow {theirs:8.1f} ms, {theirs / ours_ms:5.1f} x"


def measured(folder: Path, n: int, curve: Callable[[int], Any], n_long: int) -> Peer:
    """Start the server, fill it and ask it, if there is one."""
    beside = Path(sys.executable).with_name("mlflow")
    command = os.environ.get("SONDE_MLFLOW") or shutil.which("mlflow")
    command = command or (str(beside) if beside.exists() else "")
    if not command:
        return Peer("no MLflow here: SONDE_MLFLOW names its command")
    folder.mkdir()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    store = f"sqlite:///{folder / 'store.db'}"
    subprocess.run([command, "db", "upgrade", store], check=True, capture_output=True)
    words = ("server", "--backend-store-uri", store, "--host", "127.0.0.1", "--port", str(port),
             "--default-artifact-root", str(folder), "--workers", "1")  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([command, *words], stdout=log, stderr=log)
    try:
        return _asked(f"http://127.0.0.1:{port}", folder / "store.db", n, curve, n_long)
    finally:
        server.terminate()
        server.wait(30)


def _asked(url: str, store: Path, n: int, curve: Callable[[int], Any], n_long: int) -> Peer:
    with httpx.Client(base_url=url, timeout=120) as client:
        _wait(client)
        made = client.post("/api/2.0/mlflow/experiments/create", json={"name": "bench"}).json()
        began = time.perf_counter()
        _fill(store, made["experiment_id"], n, curve, n_long)
        filled = time.perf_counter() - began
        body = {"experiment_ids": [made["experiment_id"]], "max_results": 100}
        took = {
            name: _p95(partial(_search, client, body | more)) for name, more in _QUESTIONS.items()
        }
        ids = [f"{number:032x}" for number in range(n - n_long, n)]
        asked: dict[str, Any] = {
            "run_ids": ids,
            "metric_key": "validation/loss",
            "max_results": 1000,
        }
        path = "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval"
        took["curves"] = _p95(lambda: client.get(path, params=asked).raise_for_status())
        found = client.get(path, params=asked).json()["metrics"]
        highest = {one["run_id"]: -1.0 for one in found}
        for one in found:
            highest[one["run_id"]] = max(highest[one["run_id"]], float(one["value"]))
        lost = sum(
            highest.get(f"{number:032x}", -1.0) < curve(number).max()
            for number in range(n - n_long, n)
        )
    note = (
        f"MLflow holds the same runs, short ones with {KEPT_POINTS} points each, written into "
        f"its SQLite in {filled:.0f} s; its chart of long curves loses the maximum of {lost} of "
        f"{n_long}"
    )
    return Peer(note, took)


def _search(client: httpx.Client, body: Mapping[str, Any]) -> None:
    client.post("/api/2.0/mlflow/runs/search", json=dict(body)).raise_for_status()


def _wait(client: httpx.Client) -> None:
    for _ in range(240):
        with suppress(httpx.HTTPError):
            if client.get("/health").is_success:
                return
        time.sleep(0.5)
    raise RuntimeError("MLflow's server did not start")


def _fill(store: Path, experiment: str, n: int, curve: Callable[[int], Any], n_long: int) -> None:
    models = ("random-forest", "resnet-18", "resnet-34", "minirocket")
    random = np.random.default_rng(0)
    with sqlite3.connect(store, timeout=120) as connection:
        for number in range(n):
            run, start = f"{number:032x}", 1_767_000_000_000 + number * 60_000
            connection.execute(
                "insert into runs (run_uuid, name, source_type, source_name, entry_point_name, "
                "user_id, status, start_time, end_time, source_version, lifecycle_stage, "
                "artifact_uri, experiment_id) values (?, ?, 'LOCAL', '', '', 'ada', 'FINISHED', "
                "?, ?, '', 'active', '', ?)",
                (run, f"Run {number}", start, start + 90_000, experiment),
            )
            values = curve(number)
            kept = values if number >= n - n_long else values[-KEPT_POINTS:]
            score = float(0.5 + random.random() / 2)
            rows = [("validation/loss", float(value), start + step, run, step)
                    for step, value in enumerate(kept)]  # fmt: skip
            rows.append(("macro_f1", score, start, run, 0))
            connection.executemany(
                "insert into metrics (key, value, timestamp, run_uuid, step, is_nan) "
                "values (?, ?, ?, ?, ?, 0)", rows)  # fmt: skip
            connection.executemany(
                "insert into latest_metrics (key, value, timestamp, run_uuid, step, is_nan) "
                "values (?, ?, ?, ?, ?, 0)", rows[-2:])  # fmt: skip
            connection.executemany(
                "insert into params (key, value, run_uuid) values (?, ?, ?)",
                [("model", models[number % 4], run), ("n_trees", str(number % 500), run)],
            )


def _p95(call: Callable[[], Any]) -> float:
    call()
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return float(np.percentile(took, 95)) * 1e3
