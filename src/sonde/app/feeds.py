"""The process of prices: ``python -m sonde.app.feeds``.

It runs the live feeds, takes accounts along with replays and lets strategies decide. Beat starts it
when one of these is wanted; it leaves when nothing was to be done for a minute.
"""

import asyncio
import ctypes
import os
import signal
import socket
import sys

from sonde.app.domains import PARTS
from sonde.app.logs import configure_logging
from sonde.app.pauses import keep_pauses_short
from sonde.app.runtime import open_ports
from sonde.app.settings import load_settings
from sonde.platform.core.ports import Ports

_IDLE_S = 60.0
_PR_SET_PDEATHSIG = 1


async def run_feeds(outside: Ports, idle_s: float = _IDLE_S) -> bool:
    """Run feeds, replays and strategies until `idle_s` without any; False if it shall stop."""
    from sonde.markets.services.feed_running import FeedRunner, RunnerTiming
    from sonde.markets.services.paper_running import PaperRunner

    holder = f"{socket.gethostname()}:{os.getpid()}"
    loop = asyncio.get_running_loop()
    paper = PaperRunner(outside, holder)
    working = asyncio.create_task(paper.run())
    try:
        while True:
            runner = FeedRunner(outside, holder, timing=RunnerTiming(idle_s=idle_s))
            for one in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(one, runner.end)
            is_idle = await runner.run()
            if not is_idle or paper.idle_s(loop.time()) > idle_s:
                return is_idle
    finally:
        paper.end()
        await working


def main() -> None:
    """Run the live feeds of the product."""
    if sys.platform == "linux":  # whoever started it was killed: nobody would end it
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    keep_pauses_short()
    settings = load_settings()
    configure_logging(settings.log_level)
    import uvloop  # prices wait less for their turn than in the loop of asyncio

    with (
        open_ports(settings, PARTS) as outside,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(run_feeds(outside))


if __name__ == "__main__":
    main()
