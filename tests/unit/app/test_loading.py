"""What the processes of the product load before anybody asks them for anything: little."""

import os
import subprocess
import sys

SCIENCE = (
    "aeon",
    "ccxt",
    "h5py",
    "lightgbm",
    "numba",
    "onnxruntime",
    "pandas",
    "polars",
    "pywt",
    "scipy.fft",
    "scipy.linalg",
    "scipy.ndimage",
    "scipy.signal",
    "scipy.special",
    "scipy.stats",
    "sklearn",
    "talib",
    "torch",
    "umap",
)
CLIENTS = ("psycopg", "redis", "sqlalchemy", "celery")
SHELL = ("click_repl", "prompt_toolkit", "celery.bin")

WEB = "from sonde.app.asgi import from_environment; from_environment()"
WORKER = """
from celery.apps.worker import Worker
from sonde.app.worker import make_worker, run_worker
Worker.start = lambda self: None
run_worker(make_worker("memory://", lambda: None), "default")
"""
SUPERVISOR = """
import sonde.app.cli, sonde.app.supervisor.run
from sonde.app.settings import load_settings
from sonde.app.supervisor.postgres import EmbeddedPostgres
from sonde.app.supervisor.valkey import EmbeddedValkey, free_port
home = load_settings().home
assert not EmbeddedValkey(home / "valkey", home / "secrets", free_port()).is_ready()
assert not EmbeddedPostgres(home / "postgres", home / "secrets").is_ready()
"""


def _loaded(program, names, home):
    """Return which modules of these names a process has when it has done this."""
    code = f"{program}\nimport sys\nprint([one for one in {tuple(names)!r} if one in sys.modules])"
    servers = {
        "DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "BROKER_URL": "redis://127.0.0.1:1/0",
        "CACHE_URL": "redis://127.0.0.1:1/1",
        "SONDE_HOME": str(home),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | servers,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_web_process_computes_with_nothing_yet(tmp_path):
    assert _loaded(WEB, SCIENCE, tmp_path) == "[]"


def test_a_worker_has_no_shell_for_people(tmp_path):
    assert _loaded(WORKER, SHELL, tmp_path) == "[]"


def test_the_supervisor_has_no_clients_of_its_servers(tmp_path):
    assert _loaded(SUPERVISOR, CLIENTS, tmp_path) == "[]"
