"""The runner of paper trading in child processes that are killed without warning.

One JSON document on the command line: ``database_url``, ``broker_url``, ``folder`` (of the files),
``kills``, ``seed`` and ``until`` (a file that appears when nobody is needed any more).
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from sonde.markets.core.engine import engine
from sonde.markets.services.paper_running import PaperRunner, PaperTiming
from sonde.platform.persistence.files import open_files
from tests.chaos.toy_worker import make_ports

QUICK = PaperTiming(lease_s=0.3, round_s=0.01, idle_round_s=0.02)
LOADED = engine  # with its compiled code, so that children begin at once


def child(asked, number):
    """Start a process that runs strategies; return its id."""
    pid = os.fork()
    if pid:
        return pid
    ports = make_ports(asked["database_url"], asked["broker_url"])
    folder = Path(asked["folder"])
    ports = replace(ports, files=open_files(folder.as_uri(), folder))
    asyncio.run(PaperRunner(ports, f"runner-{number}", QUICK).run())
    os._exit(0)


def main():
    asked = json.loads(sys.argv[1])
    dice = random.Random(asked["seed"])
    for number in range(asked["kills"]):
        pid = child(asked, number)
        time.sleep(dice.uniform(0.4, 0.9))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    pid = child(asked, "last")
    while not Path(asked["until"]).exists():
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
