"""A real worker with the jobs of bearings."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from sonde.app.beat import make_beat, run_beat
from sonde.app.worker import make_worker, run_worker
from sonde.bearings.domain import BEARINGS
from sonde.learning.plugin import LEARNING
from sonde.platform.core.parts import Parts
from sonde.platform.persistence.files import open_files
from tests.chaos.toy_worker import SWEEP_EVERY_S, TIMING, make_ports

PARTS = Parts((replace(BEARINGS, schedules=()), LEARNING))


def make_generation_ports(folder, **servers):
    """Connect to the real servers; files lie in `folder`."""
    files = open_files(Path(folder).as_uri(), Path(folder))
    return replace(make_ports(**servers), files=files, parts=PARTS)


def main():
    role, servers = sys.argv[1], json.loads(sys.argv[2])
    if role == "beat":
        run_beat(make_beat(servers["broker_url"], PARTS, SWEEP_EVERY_S))
    else:
        connect = lambda: make_generation_ports(**servers)  # noqa: E731
        run_worker(make_worker(servers["broker_url"], connect, TIMING), role)


if __name__ == "__main__":
    main()
