"""The lives of a machine: its measurements, cut where a part was replaced or had failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.condition.machines import Node, NodeKind
from sonde.bearings.persistence import condition as rows
from sonde.bearings.persistence import machines as machine_rows
from sonde.bearings.services import machines
from sonde.platform.core.actor import Actor

ENDS: Final = ("replaced", "failed")
_SHORTEST = 2


@dataclass(frozen=True)
class Life:
    """What was measured on a channel from one replacement to the next.

    Parameters
    ----------
    moments : tuple of datetime
        Increasing.
    values : ndarray of float64, shape (time, figure)
        NaN where a figure could not be had.
    is_over : bool
        Whether the part was replaced, or failed, at the end.
    """

    moments: tuple[datetime, ...]
    values: NDArray[np.float64]
    is_over: bool

    @property
    def hours(self) -> NDArray[np.float64]:
        """Return the moments in hours from the first."""
        first = self.moments[0]
        return np.array([(one - first).total_seconds() / 3600 for one in self.moments])

    def finite(self) -> "Life":
        """Return the measurements that have every figure."""
        good: NDArray[np.bool_] = np.atleast_1d(np.isfinite(self.values).all(axis=1))
        moments = tuple(one for one, is_good in zip(self.moments, good, strict=True) if is_good)
        return Life(moments, self.values[good], self.is_over)


def lives_of(actor: Actor, channel_id: str, names: Sequence[str]) -> tuple[Life, ...]:
    """Return the lives of a channel, oldest first; the last one is the present one.

    A replacement or failure that is noted at the channel, its point or its machine counts.
    Raises NotFound.
    """
    above = machines.way(actor, channel_id)
    ends = sorted(rows.moments_of([one.id for one in above], ENDS))
    series = machine_rows.series(channel_id, tuple(names))
    lives: list[Life] = []
    start = 0
    for end in ends:
        stop = start + sum(1 for one in series[start:] if one.taken_at <= end)
        if stop - start >= _SHORTEST:
            lives.append(_life(series[start:stop], names, is_over=True))
        start = stop
    return (*lives, _life(series[start:], names, is_over=False))


def present_life(actor: Actor, channel_id: str, names: Sequence[str]) -> Life:
    """Return what was measured since the last replacement; raises NotFound."""
    return lives_of(actor, channel_id, names)[-1]


def past_lives(actor: Actor, channel_id: str, names: Sequence[str]) -> tuple[Life, ...]:
    """Return the lives that are over of this channel and of its siblings.

    Siblings are channels of the same name at a measuring point of the same name, on any machine
    that the actor may see.
    """
    nodes = machines.tree(actor)
    by_id = {node.id: node for node in nodes}
    alike = _alike(by_id[channel_id], by_id)
    siblings = [
        node for node in nodes if node.kind is NodeKind.CHANNEL and _alike(node, by_id) == alike
    ]
    found = (life for one in siblings for life in lives_of(actor, one.id, names))
    return tuple(life.finite() for life in found if life.is_over)


def _alike(node: Node, by_id: dict[str, Node]) -> tuple[str, str]:
    return node.name.casefold(), by_id[node.parent_id].name.casefold()


def _life(series: Sequence[machine_rows.SeriesRow], names: Sequence[str], *, is_over: bool) -> Life:
    values = np.array([one.values for one in series], dtype=np.float64)
    return Life(
        tuple(one.taken_at for one in series), values.reshape(len(series), len(names)), is_over
    )
