"""Listing, sorting, filtering 10,000 experiments with 5,000,000 metric points, and their curves.

The whole of REST but the socket: parse, search, rows, JSON, on the embedded PostgreSQL. The bars:
95 % of the answers within 150 ms; ten curves of 100,000 points within 300 ms, extrema exact; any
10 kB parsed within 50 ms. The peer is MLflow's own local server on the same runs, where its
``mlflow`` is named by ``SONDE_MLFLOW``, is installed, or lies beside this Python.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psycopg

from benchmarks import mlflow_peer
from benchmarks.bench_signal_list import database
from sonde.app.asgi import build_server
from sonde.learning.core.runs import POINT
from sonde.learning.core.search.parser import parse
from sonde.learning.core.search.syntax import SearchError
from sonde.learning.persistence.metrics import BLOCK
from sonde.learning.services import runs as run_views
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.ports import Ports
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.services.work import unit_of_work

N = 10_000
N_POINTS = 400
N_LONG, LONG = 10, 100_000
BAR_MS, CURVES_MS, PARSE_MS = 150.0, 300.0, 50.0
RUNS = 20
KEY = "validation/loss"
ADA = Actor("a" * 26, "Ada", Role.ANALYST, "w" * 26, frozenset({"w" * 26}))

EXPERIMENTS = """
insert into experiments (id, workspace_id, owner_id, title, source, ref, ref_title, model, policy,
  seed, family_id, notes, config, created_at, finished_at, macro_f1, interval_low, interval_high,
  is_honest, leaky_macro_f1, n_groups, result)
select '01M0000000' || lpad(n::text, 16, '0'), %(workspace)s, %(owner)s,
  'Run ' || n || ' of campaign ' || n %% 97, 'bench', 'd' || n %% 7, 'Data ' || n %% 7,
  (array['random-forest', 'resnet-18', 'resnet-34', 'minirocket'])[1 + n %% 4],
  case when n %% 10 = 0 then 'random-windows' else 'group-k-fold' end, n %% 5,
  '01F0000000' || lpad((n / 5)::text, 16, '0'), case when n %% 50 = 0 then 'look again' else '' end,
  jsonb_build_object('model', jsonb_build_object('model', 'x', 'values', jsonb_build_object(
    'n_trees', n %% 500, 'kernel', 'rbf', 'learning_rate', random()), 'training', '{}'::jsonb),
    'split', '{}'::jsonb, 'options', '{}'::jsonb),
  timestamptz '2026-01-01' + n * interval '1 minute',
  timestamptz '2026-01-01' + n * interval '1 minute' + interval '90 s',
  0.5 + random() / 2, 0.4, 1.0, n %% 10 <> 0, random(), 12,
  jsonb_build_object('evaluation', jsonb_build_object('accuracy', 0.5 + random() / 2),
    'text', repeat(md5(n::text), 60))
from generate_series(0, %(n)s - 1) n
"""
TAGS = """
insert into tags (id, workspace_id, owner_id, name, colour)
  select 'T' || lpad(n::text, 25, '0'), %(workspace)s, %(owner)s,
    (array['baseline', 'night', 'best', 'odd'])[n], 'teal' from generate_series(1, 4) n;
insert into experiment_tags (experiment_id, tag_id, workspace_id, owner_id)
  select '01M0000000' || lpad(n::text, 16, '0'), 'T' || lpad((1 + n %% 4)::text, 25, '0'),
    %(workspace)s, %(owner)s from generate_series(0, %(n)s - 1, 3) n
"""
QUESTIONS = {
    "first page": {},
    "sorted by macro-F1": {"sort": "-macro_f1"},
    "sorted by best loss": {"sort": f"best.{KEY}", "columns": f"title,best.{KEY},{KEY}@10"},
    "score and model": {"query": "macro_f1:>0.9 model:resnet*", "sort": "-macro_f1"},
    "free text and tag": {"query": "campaign tag:baseline status:completed split:honest"},
    "OR, NOT, metric, parameter": {
        "query": f"(best.{KEY}:<0.02 OR param.n_trees:>400) NOT tag:night created:>2026-01-02"
    },
    "loss at step 10": {"query": f"{KEY}@10:<0.5"},
    "families, mean and interval": {"group": "family"},
}


def experiment_id(number: int) -> str:
    """Return the id of an experiment."""
    return f"01M0000000{number:016d}"


def curve(number: int) -> Any:
    """Return the values of an experiment's loss: long for the last ones, with one spike."""
    n = LONG if number >= N - N_LONG else N_POINTS
    random = np.random.default_rng(number)
    values = 1.0 / np.sqrt(1 + np.arange(n)) + 0.01 * random.random(n)
    values[n // 3] = 5.0 + number
    return values


def fill(owner_url: str) -> None:
    """Store every experiment and every point, by COPY."""
    about = {"workspace": ADA.workspace_id, "owner": ADA.user_id, "n": N}
    owned = (ADA.workspace_id, ADA.user_id)
    url = owner_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(EXPERIMENTS, about)
        for statement in TAGS.split(";"):
            cursor.execute(statement, about)
        blocks = (
            "copy experiment_metric_blocks (experiment_id, key, part, number, workspace_id, "
            "owner_id, n_points, first_step, last_step, content) from stdin"
        )
        best = []
        with cursor.copy(blocks) as copy:
            for number in range(N):
                values = curve(number)
                points = np.zeros(len(values), POINT)
                points["step"], points["value"] = np.arange(1, len(values) + 1), values
                for place, start in enumerate(range(0, len(points), BLOCK)):
                    part = points[start : start + BLOCK]
                    row = (experiment_id(number), KEY, "", place, *owned, len(part))
                    ends = (int(part["step"][0]), int(part["step"][-1]))
                    copy.write_row((*row, *ends, part.tobytes()))
                best.append((number, float(values[-1]), len(values), float(values.min())))
        latest = (
            "copy experiment_metrics (experiment_id, key, workspace_id, owner_id, value, step, at, "
            "best_value, best_step) from stdin"
        )
        with cursor.copy(latest) as copy:
            for number, value, step, low in best:
                now = datetime.now(UTC)
                copy.write_row((experiment_id(number), KEY, *owned, value, step, now, low, step))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def p95(call: Callable[[], Any], runs: int = RUNS) -> float:
    """Return how many ms 95 % of the calls take at most, after one that is not counted."""
    call()
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return float(np.percentile(took, 95)) * 1e3


def asking(ports: Ports) -> Callable[[dict[str, str]], Callable[[], Any]]:
    """Return what asks the list over REST within this process."""
    server = build_server(ports, secure=False)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        REQUEST.set(RequestScope("request", ports, ADA, "key"))
        await server(scope, receive, send)

    async def get(asked: dict[str, str]) -> Any:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get("/api/v1/experiments", params={"limit": 100} | asked)
            return answer.raise_for_status().json()

    loop = asyncio.new_event_loop()

    def run(task: Awaitable[Any]) -> Any:
        return loop.run_until_complete(task)

    return lambda asked: lambda: run(get(asked))


def worst_parse() -> float:
    """Return the longest time in ms of parsing 10 kB that were made to take long."""
    deep = ("(" * 10_000, "NOT " * 2_500, "(a OR " * 1_600, "a:" * 5_000)
    long = ('"' * 10_000, '"\\' * 5_000, "seed:" + "1" * 9_995, "tag:" + "," * 9_996, "a" * 10_000)
    worst = 0.0
    for text in (*deep, *long):
        began = time.perf_counter()
        with suppress(SearchError):
            parse(text, datetime.now(UTC))
        worst = max(worst, time.perf_counter() - began)
    return worst * 1e3


def curves_of(ports: Ports) -> tuple[float, bool]:
    """Return the ms that ten long curves take, and whether their extrema are exact."""
    ids = [experiment_id(number) for number in range(N - N_LONG, N)]

    def call() -> Any:
        with unit_of_work(ports):
            return run_views.curves(ADA, ids, (KEY,), 1000)

    took = p95(call)
    exact = all(
        one.values.min() == curve(number).min() and one.values.max() == curve(number).max()
        for number, one in zip(range(N - N_LONG, N), call(), strict=True)
    )
    return took, exact


def main() -> int:
    """Print the table; return 1 if a bar is missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder, database(Path(folder)) as (ports, owner):
        fill(owner)
        ask = asking(ports)
        gc.collect()
        gc.freeze()  # as the web process does: what is there at its start is not searched for waste
        peer = mlflow_peer.measured(Path(folder) / "mlflow", N, curve, N_LONG)
        total = (N - N_LONG) * N_POINTS + N_LONG * LONG
        print(f"{N:,} experiments, {total:,} points; p95 of {RUNS}; {peer.note}")
        for name, asked in QUESTIONS.items():
            took = p95(ask(asked))
            missed += took > BAR_MS
            print(f"{name:32} {took:8.1f} ms   {peer.beside(name, took)}")
        took, exact = curves_of(ports)
        missed += took > CURVES_MS or not exact
        words = "extrema exact" if exact else "extrema LOST"
        said = f"{words}; {peer.beside('curves', took)}"
        print(f"{'ten curves of 100,000 points':32} {took:8.1f} ms   {said}")
        took = worst_parse()
        missed += took > PARSE_MS
        print(f"{'worst 10 kB parsed':32} {took:8.1f} ms")
    print("every bar is reached" if not missed else f"{missed} bars are missed")
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
