"""The process that runs the live feeds: ``python -m sonde.app.feeds``.

It waits small until a feed is switched on, loads the machinery then, and when none has been on for
a minute it starts itself anew, to be small again.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable

from sonde.platform.core.ports import Ports

_ASK_EVERY_S = 5.0
_IDLE_S = 60.0


def wait_until_wanted(
    is_wanted: Callable[[], bool], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Wait until a live feed is switched on."""
    while not is_wanted():
        sleep(_ASK_EVERY_S)


async def run_feeds(outside: Ports, idle_s: float = _IDLE_S) -> bool:
    """Run the live feeds until none is on for `idle_s`; False if the process shall stop."""
    from sonde.markets.services.feed_running import FeedRunner, RunnerTiming

    holder = f"{socket.gethostname()}:{os.getpid()}"
    runner = FeedRunner(outside, holder, timing=RunnerTiming(idle_s=idle_s))
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, runner.end)
    return await runner.run()


def main() -> None:
    """Run the live feeds of the product."""
    from sonde.markets.persistence.feeds_wanted import is_any_wanted

    address = _database_url()
    wait_until_wanted(lambda: is_any_wanted(address))
    from sonde.app.domains import PARTS
    from sonde.app.logs import configure_logging
    from sonde.app.runtime import open_ports
    from sonde.app.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_level)
    with open_ports(settings, PARTS) as outside:
        is_idle = asyncio.run(run_feeds(outside))
    if is_idle:
        os.execv(sys.executable, [sys.executable, "-P", "-m", "sonde.app.feeds"])  # noqa: S606


def _database_url() -> str:
    """Return the database's address, from the environment where it stands there."""
    address = os.environ.get("DATABASE_URL")
    if address:
        return address
    from sonde.app.settings import load_settings

    return load_settings().database_url


if __name__ == "__main__":
    main()
