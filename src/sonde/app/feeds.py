"""The process that runs the live feeds: ``python -m sonde.app.feeds``.

Beat starts it when a feed is switched on; it leaves when none has been on for a minute.
"""

import asyncio
import ctypes
import os
import signal
import socket
import sys

from sonde.app.domains import PARTS
from sonde.app.logs import configure_logging
from sonde.app.runtime import open_ports
from sonde.app.settings import load_settings
from sonde.platform.core.ports import Ports

_IDLE_S = 60.0
_PR_SET_PDEATHSIG = 1


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
    if sys.platform == "linux":  # whoever started it was killed: nobody would end it
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    settings = load_settings()
    configure_logging(settings.log_level)
    with open_ports(settings, PARTS) as outside:
        asyncio.run(run_feeds(outside))


if __name__ == "__main__":
    main()
