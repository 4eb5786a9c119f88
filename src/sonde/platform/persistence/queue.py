"""The broker: Celery carries a job's id to a worker, and nothing else."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sonde.platform.core.errors import Unavailable
from sonde.platform.core.queues import QUEUES, RUN_JOB
from sonde.platform.persistence import valkey

if TYPE_CHECKING:
    from celery import Celery
    from redis import Redis

_VISIBILITY_S = 12 * 3600


def make_celery(broker_url: str, *, impatient: bool = False) -> "Celery":
    """Make the Celery application that producers, workers and beat have in common.

    An impatient one gives up on a dead broker within a second.
    """
    from celery import Celery

    options: dict[str, object] = {"visibility_timeout": _VISIBILITY_S}
    if impatient:
        options |= {
            "socket_connect_timeout": valkey.PATIENCE_S,
            "socket_timeout": valkey.PATIENCE_S,
            "max_retries": 0,
            "connect_retries_timeout": valkey.PATIENCE_S,
        }
    app = Celery("sonde", broker=broker_url, set_as_current=not impatient)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_default_queue=QUEUES[0],
        # A wake that is lost is sent again by a sweep, so it is acknowledged when it is taken.
        # Late acknowledgement leaves a worker deaf for good if the broker dies while a job runs:
        # the acknowledgement fails, and its place among the unacknowledged is never free again.
        task_acks_late=False,
        # One message at a time all the same: others may go to a worker that is idle.
        worker_disable_prefetch=True,
        worker_prefetch_multiplier=0,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=options,
        broker_pool_limit=4,
        timezone="UTC",
    )
    return app


@dataclass(frozen=True)
class CeleryQueue:
    """Wakes workers by Celery messages.

    Parameters
    ----------
    app : Celery
        An impatient one.
    client : Redis
        Asks the broker whether it is there.
    """

    app: "Celery"
    client: "Redis"

    @classmethod
    def connect(cls, broker_url: str) -> "CeleryQueue":
        """Make the queue; no connection is opened yet."""
        return cls(make_celery(broker_url, impatient=True), valkey.connect(broker_url))

    def wake(self, queue: str, job_id: str) -> None:
        """Tell a worker of `queue` to look at `job_id`; raises Unavailable."""
        from kombu.exceptions import OperationalError
        from redis import RedisError

        # Asked first, because Celery's own way to a dead broker can take several seconds.
        self.check()
        try:
            self.app.send_task(RUN_JOB, args=[job_id], queue=queue, retry=False)
        except (OperationalError, RedisError, OSError) as error:
            raise Unavailable("The job queue does not answer.") from error

    def check(self) -> None:
        """Raise Unavailable if the broker does not answer."""
        from redis import RedisError

        try:
            self.client.ping()
        except RedisError as error:
            raise Unavailable("The job queue does not answer.") from error
