"""A small plant with one channel, and signals whose vibration grows."""

from datetime import UTC, datetime, timedelta

import numpy as np

from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.services import machines
from sonde.bearings.services.condition import measurements
from sonde.bearings.services.condition.measurements import Taken
from sonde.bearings.services.machines import NewNode

RATE_HZ = 4096.0
START = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = {"speed_rpm": 1500, "machine_group": "2", "support": "rigid"}


def channel(actor, name="Pump", plant="Plant"):
    """Add a plant with a machine, a point and a channel; return the ids, plant first."""
    ids = [""]
    for kind, called, details in (
        (NodeKind.PLANT, plant, {}),
        (NodeKind.MACHINE, name, FACTS),
        (NodeKind.POINT, "Drive end", {"bearing": "6205"}),
        (NodeKind.CHANNEL, "Radial", {"unit": "g"}),
    ):
        ids.append(machines.add(actor, NewNode(kind, called, ids[-1], details)).id)
    return ids[1:]


def signal(level=1.0, seed=0, n_samples=4096):
    """Return noise of an RMS of about `level`."""
    rng = np.random.default_rng([7, seed % 1000])
    return (level * rng.standard_normal(n_samples)).astype(np.float32)


def taken(number, level=1.0, **facts):
    """Return the measurement of hour `number`."""
    return Taken(signal(level, number), RATE_HZ, START + timedelta(hours=number), **facts)


def measure(actor, channel_id, levels, first=0):
    """Measure once for every level, an hour apart."""
    return [
        measurements.add(actor, channel_id, taken(first + n, level))
        for n, level in enumerate(levels)
    ]
