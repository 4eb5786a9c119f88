"""The clock that sends sweeps and scheduled jobs: ``python -m sonde.app.beat``.

It also starts the process of live feeds while a feed is switched on.
"""

from typing import Any

from celery import Celery
from celery.signals import setup_logging

from sonde.app.broker import broker_settings, database_address
from sonde.app.feed_watch import feeds_while_wanted
from sonde.platform.core.parts import Parts
from sonde.platform.core.queues import SWEEP_EVERY_S
from sonde.platform.persistence.queue import make_celery
from sonde.platform.tasks.waking import beat_schedule


def make_beat(broker_url: str, parts: Parts, sweep_every_s: float = SWEEP_EVERY_S) -> Celery:
    """Make the Celery application of beat; it imports neither web nor science."""
    app = make_celery(broker_url)
    app.conf.beat_schedule = beat_schedule(parts, sweep_every_s)
    # The schedule lives in memory: what it sends is due again within seconds of any start.
    app.conf.beat_scheduler = "celery.beat:Scheduler"
    return app


def run_beat(app: Celery) -> None:
    """Run beat until it is told to stop."""
    app.Beat(loglevel="WARNING", quiet=True).run()


def main() -> None:
    """Run beat for the product."""
    from sonde.app.domains import PARTS
    from sonde.app.logs import configure_logging

    broker_url, log_level = broker_settings()
    configure_logging(log_level)
    setup_logging.connect(_keep_our_logging, weak=False)
    with feeds_while_wanted(database_address()):
        run_beat(make_beat(broker_url, PARTS))


def _keep_our_logging(**_: Any) -> None:
    """Celery sets up no logging where somebody listens to this signal."""


if __name__ == "__main__":
    main()
