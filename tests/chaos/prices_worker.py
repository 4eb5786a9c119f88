"""A real worker with the jobs of markets, whose disk takes its time for each file of candles."""

import json
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sonde.app.beat import make_beat, run_beat
from sonde.app.worker import make_worker, run_worker
from sonde.markets.domain import MARKETS
from sonde.markets.services.price_store import PREFIX
from sonde.platform.core.parts import Parts
from sonde.platform.persistence.files import StoredFiles, open_files
from tests.chaos.toy_worker import SWEEP_EVERY_S, TIMING, make_ports

PARTS = Parts((replace(MARKETS, schedules=()),))


@dataclass(frozen=True)
class SlowFiles(StoredFiles):
    """Files that wait `wait_s` before they take one more file of candles."""

    wait_s: float = 0.0

    def put(self, key, source):
        """Store a file."""
        if key.startswith(PREFIX):
            time.sleep(self.wait_s)
        return super().put(key, source)


def make_price_ports(folder, wait_s=0.0, **servers):
    """Connect to the real servers; files lie in `folder`."""
    files = SlowFiles(**vars(open_files(Path(folder).as_uri(), Path(folder))), wait_s=wait_s)
    return replace(make_ports(**servers), files=files, parts=PARTS)


def main():
    role, servers = sys.argv[1], json.loads(sys.argv[2])
    if role == "beat":
        run_beat(make_beat(servers["broker_url"], PARTS, SWEEP_EVERY_S))
    else:
        connect = lambda: make_price_ports(**servers)  # noqa: E731
        run_worker(make_worker(servers["broker_url"], connect, TIMING), role)


if __name__ == "__main__":
    main()
