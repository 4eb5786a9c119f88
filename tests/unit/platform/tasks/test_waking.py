"""What beat sends, and what a woken worker does about a database that is down."""

import subprocess
import sys

from sonde.platform.core.domain import Domain, Schedule
from sonde.platform.core.errors import Unavailable
from sonde.platform.core.parts import Parts
from sonde.platform.persistence.queue import make_celery
from sonde.platform.tasks.waking import beat_schedule, register

PARTS = Parts((Domain("toys", "Toys", schedules=(Schedule("toys.count", 60.0),)),))


def test_beat_sends_sweeps_and_schedules():
    schedule = beat_schedule(PARTS, sweep_every_s=2.0)
    assert schedule["sweep"]["schedule"] == 2.0
    assert schedule["sweep"]["options"] == {"queue": "default", "expires": 2.0}
    assert schedule["start-toys.count"]["args"] == ["toys.count"]


def test_what_cannot_be_looked_at_now_is_put_off():
    def nowhere():
        raise Unavailable

    app = make_celery("memory://")
    register(app, nowhere)
    for name, arguments in (
        ("sonde.run_job", ["01J"]),
        ("sonde.sweep", []),
        ("sonde.start_scheduled", ["toys.count"]),
    ):
        app.tasks[name].run(*arguments)


def test_only_json_is_understood():
    app = make_celery("memory://")
    assert app.conf.accept_content == ["json"]
    assert app.conf.worker_disable_prefetch


def test_workers_and_beat_load_neither_web_nor_science():
    code = (
        "import sys, sonde.app.worker, sonde.app.beat, sonde.app.domains;"
        "heavy = {'dash', 'fastapi', 'numpy', 'scipy', 'sklearn', 'sqlalchemy', 'torch', 'plotly'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
