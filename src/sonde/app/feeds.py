"""The process that runs the live feeds: ``python -m sonde.app.feeds``.

It is small while no feed is on: an exchange's client is loaded with the first feed.
"""

import asyncio
import os
import signal
import socket

from sonde.platform.core.ports import Ports


async def run_feeds(outside: Ports) -> None:
    """Run the live feeds until the process is told to stop."""
    from sonde.markets.services.feed_running import FeedRunner

    runner = FeedRunner(outside, f"{socket.gethostname()}:{os.getpid()}")
    loop = asyncio.get_running_loop()
    running = asyncio.create_task(runner.run())
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, runner.end)
    await running


def main() -> None:
    """Run the live feeds of the product."""
    from sonde.app.domains import PARTS
    from sonde.app.logs import configure_logging
    from sonde.app.runtime import open_ports
    from sonde.app.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_level)
    with open_ports(settings, PARTS) as outside:
        asyncio.run(run_feeds(outside))


if __name__ == "__main__":
    main()
