"""The Celery worker of one queue: ``python -m sonde.app.worker default``."""

import ctypes
import gc
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

from billiard.process import active_children
from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import (
    setup_logging,
    worker_before_create_process,
    worker_process_init,
    worker_shutting_down,
)

from sonde.app.broker import broker_settings
from sonde.platform.core.jobs import LeaseTiming
from sonde.platform.core.ports import Ports
from sonde.platform.core.queues import QUEUES, TRAINING
from sonde.platform.persistence.queue import make_celery
from sonde.platform.tasks.waking import register

_PR_SET_PDEATHSIG = 1
_LEAVE = signal.SIGUSR2
# A child that has grown beyond this by a heavy job is replaced after it, so that an idle
# worker is small; its libraries load again when the next such job comes.
_CHILD_LIMIT_KB = 140_000


def make_worker(
    broker_url: str, connect: Callable[[], Ports], timing: LeaseTiming | None = None
) -> Celery:
    """Make the Celery application of a worker; `connect` is called in its child only."""
    app = make_celery(broker_url)
    app.conf.worker_max_memory_per_child = _CHILD_LIMIT_KB
    leaving = threading.Event()

    def prepare_child(**_: Any) -> None:
        # A worker that was killed must not leave a child that goes on computing.
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(_LEAVE, lambda *_: leaving.set())

    worker_before_create_process.connect(_keep_shared, weak=False)
    worker_process_init.connect(prepare_child, weak=False)
    worker_shutting_down.connect(_tell_children, weak=False)
    # Connections do not survive a fork: the child makes its own when it is first woken.
    register(app, cache(connect), timing, leaving)
    return app


def run_worker(app: Celery, queue: str) -> None:
    """Run the worker of `queue` until it is told to stop."""
    setup_logging.connect(_keep_our_logging, weak=False)
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # Not by Celery's command line, which loads a shell for people: 9 MB for each worker.
    app.Worker(
        hostname=f"{queue}@{socket.gethostname()}",
        queues=[queue],
        pool_cls="prefork",
        concurrency=1,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()


def _keep_our_logging(**_: Any) -> None:
    """Celery sets up no logging where somebody listens to this signal."""


def _keep_shared(**_: Any) -> None:
    # The child's collector would write on every page that it has in common with its parent.
    gc.collect()
    gc.freeze()


def _tell_children(**_: Any) -> None:
    # A running job is handed over at once instead of being waited for.
    for child in active_children():
        os.kill(child.pid, _LEAVE)


def main(arguments: list[str]) -> None:
    """Run the worker of the queue that is named on the command line."""
    if len(arguments) != 1 or arguments[0] not in QUEUES:
        sys.exit(f"name one queue: {' or '.join(QUEUES)}")
    from sonde.app.logs import configure_logging

    if arguments[0] != TRAINING:
        # Only trainings are worth several threads; libraries read this when they are loaded.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    broker_url, log_level = broker_settings()
    configure_logging(log_level)
    run_worker(make_worker(broker_url, _connect), arguments[0])


def _connect() -> Ports:
    from sonde.app.domains import PARTS
    from sonde.app.runtime import build_ports
    from sonde.app.settings import load_settings

    return build_ports(load_settings(), PARTS)


if __name__ == "__main__":
    main(sys.argv[1:])
