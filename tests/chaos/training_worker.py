"""A real worker of the queue ``train`` with a source of slow toy problems."""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from sonde.app.beat import make_beat, run_beat
from sonde.app.worker import make_worker, run_worker
from sonde.learning.plugin import LEARNING
from sonde.platform.core.domain import Domain
from sonde.platform.core.parts import Parts
from sonde.platform.persistence.files import open_files
from tests.chaos.toy_worker import SWEEP_EVERY_S, TIMING, make_ports
from tests.integration.learning.toy_source import ToySource
from tests.unit.learning.toy_problem import toy_problem

# Loading torch holds the interpreter for seconds where the machine is busy; no heartbeat then.
PATIENT = replace(TIMING, lease_s=4.0)


class SlowSource(ToySource):
    """Reads features slowly enough to be killed in between."""

    slug = "slow"

    def _problem(self, ref):
        groups = 10 if ref == "ten" else 6
        problem = toy_problem(groups_per_class=groups, recordings_per_group=1)

        def read(indices):
            time.sleep(0.002 * len(indices))
            return problem.read_features(indices)

        return replace(problem, read_features=read)


PARTS = Parts((Domain("slow", "Slow", problem_sources=lambda: (SlowSource(),)), LEARNING))


def make_training_ports(folder, **servers):
    """Connect to the real servers; files lie in `folder`."""
    files = open_files(Path(folder).as_uri(), Path(folder))
    return replace(make_ports(**servers), files=files, parts=PARTS)


def main():
    role, servers = sys.argv[1], json.loads(sys.argv[2])
    if role == "beat":
        run_beat(make_beat(servers["broker_url"], PARTS, SWEEP_EVERY_S))
    else:
        connect = lambda: make_training_ports(**servers)  # noqa: E731
        run_worker(make_worker(servers["broker_url"], connect, PATIENT), role)


if __name__ == "__main__":
    main()
