"""From single points to blocks: points are put at the end of their series, or told anew."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.runs import POINT, points_of, smaller_is_better
from sonde.learning.persistence import metrics
from sonde.learning.persistence.metrics import BLOCK, Series, Tail

Point = tuple[int, float, float]
"""Step, value, seconds since 1970."""


def write_points(
    owner: Mapping[str, str],
    points: Mapping[Series, Sequence[Point]],
    tails: Mapping[Series, Tail],
) -> dict[Series, Tail]:
    """Write points of one experiment; return where every series ends now.

    `owner` has `experiment_id`, `workspace_id` and `owner_id`. A series whose first new step was
    told before is cut there: a fit that goes on from an older state tells its steps again.
    """
    ends, blocks, anew = dict(tails), [], set()
    for series, new in points.items():
        if not new:
            continue
        told = np.array(new, dtype=POINT)
        tail = tails.get(series, Tail())
        if told["step"][0] <= tail.last_step:
            told = np.concatenate([_kept(owner["experiment_id"], series, told["step"][0]), told])
            metrics.drop_series(owner["experiment_id"], series)
            tail = Tail()
            anew.add(series[0])
        for block, end in _blocks(series, told, tail):
            blocks.append({**owner, **block})
            ends[series] = end
    metrics.append(blocks)
    _note(owner, points, anew)
    return ends


def is_counted(part: str) -> bool:
    """Say whether a part's metrics are the experiment's: its folds', and those of the whole."""
    return not part or part.startswith("fold ")


def _kept(experiment_id: str, series: Series, first_new: int) -> NDArray[np.void]:
    found = metrics.blocks_of([experiment_id], [series[0]])
    points = points_of([content for _, _, part, content in found if part == series[1]])
    return points[points["step"] < first_new]


def _blocks(
    series: Series, told: NDArray[np.void], tail: Tail
) -> Iterator[tuple[dict[str, Any], Tail]]:
    start = 0
    while start < len(told):
        if tail.n_points >= BLOCK:
            tail = Tail(tail.number + 1)
        piece = told[start : start + BLOCK - tail.n_points]
        start += len(piece)
        last_step = int(piece["step"][-1])
        tail = Tail(tail.number, tail.n_points + len(piece), last_step)
        yield (
            {
                "key": series[0],
                "part": series[1],
                "number": tail.number,
                "n_points": len(piece),
                "first_step": int(piece["step"][0]),
                "last_step": last_step,
                "content": piece.tobytes(),
            },
            tail,
        )


def _note(
    owner: Mapping[str, str], points: Mapping[Series, Sequence[Point]], anew: set[str]
) -> None:
    """Write the latest and best value of every metric that was told."""
    by_key: dict[str, list[Point]] = {}
    for (key, part), new in points.items():
        if is_counted(part) and key not in anew:
            by_key.setdefault(key, []).extend(new)
    for key in anew:
        metrics.drop_metric(owner["experiment_id"], key)
        by_key[key] = [
            point
            for _, _, part, content in metrics.blocks_of([owner["experiment_id"]], [key])
            if is_counted(part)
            for point in points_of([content]).tolist()
        ]
    rows = [_summary(key, told) for key, told in by_key.items()]
    metrics.note_metrics([{**owner, **row} for row in rows if row])


def _summary(key: str, told: Sequence[Point]) -> dict[str, Any]:
    finite = [point for point in told if math.isfinite(point[1])]
    if not finite:
        return {}
    latest = max(finite, key=lambda point: point[2])
    best = (min if smaller_is_better(key) else max)(finite, key=lambda point: point[1])
    return {
        "key": key,
        "value": latest[1],
        "step": latest[0],
        "at": datetime.fromtimestamp(latest[2], UTC),
        "best_value": best[1],
        "best_step": best[0],
    }
