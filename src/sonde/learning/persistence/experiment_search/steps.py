"""Values of metrics at a step: one point out of each packed block."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum, isfinite
from typing import Any, Final, cast

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
    around = (_B.key == key, _B.first_step <= step, _B.last_step >= step)
    # one row of arrays: ten thousand rows of one point each would cost more than finding them
    query = (
        select(func.array_agg(_B.experiment_id), func.string_agg(point, literal(b"", LargeBinary)))
        .join(ExperimentRow, ExperimentRow.id == _B.experiment_id)
        .where(kept, *around)
    )
    ids, content = cast(Any, session().execute(query).one())
    points: Any = np.frombuffer(content or b"", POINT)
    is_there = points["step"] == step
    told = list(zip(ids or (), is_there.tolist(), points["value"].tolist(), strict=True))
    uneven = sorted({one for one, here, _ in told if not here}, reverse=True)[:_MOST_SEARCHED]
    found: dict[str, list[float]] = {}
    for experiment_id, here, value in told:
        if here:
            found.setdefault(experiment_id, []).append(value)
    for experiment_id, value in _searched(step, uneven, around):
        found.setdefault(experiment_id, []).append(value)
    means = {one: fsum(values) / len(values) for one, values in found.items()}
    return {one: mean for one, mean in means.items() if isfinite(mean)}


def _searched(
    step: int, experiment_ids: Sequence[str], around: Sequence[ColumnElement[bool]]
) -> Iterator[tuple[str, float]]:
    """Yield values of the blocks where another step stands in the place of the one wanted."""
    if not experiment_ids:
        return
    query = select(_B.experiment_id, _B.last_step, _B.content)
    for experiment_id, last, content in session().execute(
        query.where(_B.experiment_id.in_(experiment_ids), *around)
    ):
        steps: Any = np.frombuffer(content, POINT)
        place = max(len(steps) - 1 - (last - step), 0)
        here = np.flatnonzero(steps["step"] == step)
        if len(here) and steps["step"][place] != step:
            yield experiment_id, float(steps["value"][here[-1]])
