"""Experiments written straight into the database, for tests of the list."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from sonde.learning.core.runs import POINT
from sonde.learning.persistence import experiments as rows
from sonde.learning.persistence import metrics
from sonde.platform.core.actor import Actor
from sonde.platform.persistence.database import session

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def add(actor: Actor, title: str, **columns: Any) -> str:
    """Add a finished experiment; return its id."""
    score = columns.pop("score", None)
    values = columns.pop("values", {})
    accuracy = columns.pop("accuracy", None)
    if accuracy is not None:
        columns["result"] = {"evaluation": {"accuracy": accuracy}}
    return rows.add(
        **{
            "workspace_id": actor.workspace_id,
            "owner_id": actor.user_id,
            "title": title,
            "source": "tones",
            "ref": "tones",
            "ref_title": "Toy tones",
            "model": "random-forest",
            "policy": "group-k-fold",
            "seed": 1,
            "config": {"model": {"model": "random-forest", "seed": 1, "values": values,
                                 "training": {}}, "split": {}, "options": {}},
            "finished_at": NOW,
            "created_at": NOW - timedelta(minutes=10),
            "macro_f1": score,
            "is_honest": None if score is None else True,
            "n_groups": 12,
        }
        | columns
    )  # fmt: skip


def tell(actor: Actor, experiment_id: str, key: str, values: Mapping[int, float]) -> None:
    """Store the points of a metric as a training does."""
    points = np.array([(step, value, 0.0) for step, value in values.items()], POINT)
    owned = {"workspace_id": actor.workspace_id, "owner_id": actor.user_id}
    last = max(values)
    smaller = "loss" in key
    best = (min if smaller else max)(values.values())
    metrics.append(
        [
            {"experiment_id": experiment_id, "key": key, "part": "", "number": 0, **owned,
             "n_points": len(points), "first_step": min(values), "last_step": last,
             "content": points.tobytes()}
        ]
    )  # fmt: skip
    metrics.note_metrics(
        [
            {"experiment_id": experiment_id, "key": key, **owned, "value": values[last],
             "step": last, "at": NOW, "best_value": best, "best_step": last}
        ]
    )  # fmt: skip
    session().flush()
