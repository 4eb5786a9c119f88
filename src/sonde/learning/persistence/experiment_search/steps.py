"""Values of metrics at a step: one point out of each packed block."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, LargeBinary, func, literal, select

from sonde.learning.core.runs import POINT
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.persistence.metrics import MetricBlockRow
from sonde.platform.persistence.database import session

_B = MetricBlockRow
_MOST_SEARCHED: Final = 2000
"""Blocks with uneven steps that are read as a whole, of the newest experiments."""


def at_step(key: str, step: int, kept: ColumnElement[bool]) -> Mapping[str, float]:
    """Return the value of a metric at a step, its mean over the parts, of each experiment.

    Steps mostly go up by one, so the place of the point is known from the block's last step; only
    where another step stands there the whole block is read.
    """
    size = POINT.itemsize
    place = func.greatest(_B.n_points - 1 - (_B.last_step - step), 0)
    point = func.substring(_B.content, place * size + 1, size)
    # one row of arrays: ten thousand rows of one point each would cost more than finding them
    columns = (_B.experiment_id, _B.part, _B.number)
    query = (
        select(
            *(func.array_agg(one) for one in columns),
            func.string_agg(point, literal(b"", LargeBinary)),
        )
        .join(ExperimentRow, ExperimentRow.id == _B.experiment_id)
        .where(kept, _B.key == key, _B.first_step <= step, _B.last_step >= step)
    )
    row: Any = session().execute(query).one()
    ids, parts, numbers, content = row
    points: Any = np.frombuffer(content or b"", POINT)
    found: dict[str, list[float]] = {}
    is_there = points["step"] == step
    for place in np.flatnonzero(is_there):
        found.setdefault(ids[place], []).append(float(points["value"][place]))
    uneven = [(ids[n], parts[n], numbers[n]) for n in np.flatnonzero(~is_there)]
    newest = sorted(uneven, reverse=True)[:_MOST_SEARCHED]
    for experiment_id, value in _searched(key, step, newest):
        found.setdefault(experiment_id, []).append(value)
    means = {one: float(np.mean(values)) for one, values in found.items()}
    return {one: mean for one, mean in means.items() if np.isfinite(mean)}


def _searched(
    key: str, step: int, blocks: Sequence[tuple[str, str, int]]
) -> list[tuple[str, float]]:
    if not blocks:
        return []
    query = select(_B.experiment_id, _B.part, _B.number, _B.content).where(
        _B.key == key, _B.experiment_id.in_({block[0] for block in blocks})
    )
    wanted = set(blocks)
    found = []
    for experiment_id, part, number, content in session().execute(query):
        if (experiment_id, part, number) in wanted:
            points: Any = np.frombuffer(content, POINT)
            here = points["value"][points["step"] == step]
            found += [(experiment_id, float(here[-1]))] if len(here) else []
    return found
