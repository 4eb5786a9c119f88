"""Trainings while they run and afterwards: curves, latest metrics, log lines, and controls."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from sonde.learning.core.runs import (
    LEVELS,
    Action,
    Curve,
    LogLine,
    Metric,
    PartProgress,
    RunView,
    Wish,
    points_of,
    thinned,
)
from sonde.learning.persistence import metrics, runs
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.services import jobs
from sonde.platform.services.work import ports

_MOST_CURVES = 100
_MOST_LINES = 5000
_WISHES = {Action.PAUSE: Wish.PAUSE, Action.RESUME: Wish.NOTHING, Action.STOP: Wish.STOP}
_CSV_ROWS = 10_000


def curves(
    actor: Actor, experiment_ids: Sequence[str], keys: Sequence[str] = (), n_points: int = 1000
) -> tuple[Curve, ...]:
    """Return the curves of some metrics (all if none is named), one for each part.

    At most `n_points` points each, the extrema of every stretch exactly among them. Raises
    NotFound for what is not the actor's to see, Invalid for too many experiments.
    """
    if n_points < 4 or len(set(experiment_ids)) > _MOST_CURVES:
        raise Invalid(f"Ask for at least 4 points of at most {_MOST_CURVES} experiments.")
    for experiment_id in experiment_ids:
        experiments.find(actor, experiment_id)
    found = _curves(tuple(experiment_ids), tuple(keys))
    return tuple(thinned(curve, n_points) for curve in found)


def all_points(actor: Actor, experiment_id: str, key: str = "") -> tuple[Curve, ...]:
    """Return every point of a metric (of all of them if `key` is empty); raises NotFound."""
    experiments.find(actor, experiment_id)
    return tuple(_curves((experiment_id,), (key,) if key else ()))


def points_csv(actor: Actor, experiment_id: str, key: str = "") -> Iterator[str]:
    """Return the complete points as lines of CSV, piece by piece; raises NotFound."""
    found = all_points(actor, experiment_id, key)

    def pieces() -> Iterator[str]:
        yield "metric,part,step,value,at\n"
        for curve in found:
            part = '"' + curve.part.replace('"', '""') + '"'
            for start in range(0, len(curve.steps), _CSV_ROWS):
                chosen = slice(start, start + _CSV_ROWS)
                rows = zip(
                    curve.steps[chosen].tolist(),
                    curve.values[chosen].tolist(),
                    curve.at[chosen].tolist(),
                    strict=True,
                )
                yield "".join(
                    f"{curve.key},{part},{step},{value!r},{at:.3f}\n" for step, value, at in rows
                )

    return pieces()


def latest(actor: Actor, experiment_id: str) -> tuple[Metric, ...]:
    """Return the latest and best value of every metric, by name; raises NotFound."""
    experiments.find(actor, experiment_id)
    return tuple(
        Metric(row.key, row.value, row.step, row.at, row.best_value, row.best_step)
        for row in metrics.latest([experiment_id])
    )


def stamp(actor: Actor, experiment_id: str) -> str:
    """Return a mark that changes with every new point; raises NotFound."""
    experiments.find(actor, experiment_id)
    return metrics.stamp(experiment_id)


def log_lines(
    actor: Actor,
    experiment_id: str,
    level: str = "debug",
    text: str = "",
    after: int = 0,
    limit: int = 500,
) -> tuple[LogLine, ...]:
    """Return lines of at least a level that contain `text`, oldest first.

    The next ones after the line with the id `after`, else the latest ones. Raises NotFound, and
    Invalid for an unknown level.
    """
    experiments.find(actor, experiment_id)
    if level not in LEVELS:
        raise Invalid(f"A level is one of {', '.join(LEVELS)}, not {level!r}.", field="level")
    found = runs.lines(
        experiment_id,
        levels=LEVELS[LEVELS.index(level) :],
        text=text.replace("\0", ""),
        after=after,
        limit=max(1, min(limit, _MOST_LINES)),
    )
    return tuple(LogLine(row.id, row.at, row.level, row.part, row.text) for row in found)


def files(actor: Actor, experiment_id: str) -> Mapping[str, str]:
    """Return the keys of the files that a training kept, by name; raises NotFound."""
    experiments.find(actor, experiment_id)
    run = runs.find(experiment_id)
    return dict(sorted(run.files.items())) if run else {}


def read_file(actor: Actor, experiment_id: str, name: str) -> bytes:
    """Return a file that a training kept, such as ``fold 1/best.safetensors``; raises NotFound."""
    kept = files(actor, experiment_id)
    if name not in kept:
        raise NotFound(f"This training kept no file {name!r}.", name=name)
    return ports().files.read(kept[name])


def view(actor: Actor, experiment_id: str) -> RunView:
    """Return what a person sees of a training: its state, its wish, its parts; raises NotFound."""
    row, job = experiments.find(actor, experiment_id)
    run = runs.find(experiment_id)
    return RunView(
        summary=experiments.summary_of(row, job),
        job=None if job is None else jobs.get(actor, job.id),
        wish=Wish(run.wish) if run else Wish.NOTHING,
        parts=tuple(PartProgress(*part) for part in run.parts) if run else (),
        may_control=row.owner_id == actor.user_id or actor.role is Role.ADMIN,
    )


def control(actor: Actor, experiment_id: str, action: str) -> RunView:
    """Pause, resume, stop (keeping the best) or cancel a training; its worker sees it in a second.

    A paused training keeps its worker. Raises NotFound, Forbidden for other people's trainings,
    Invalid for an unknown action, and Conflict where the training is finished.
    """
    actor.require(Role.ANALYST)
    row, job = experiments.find(actor, experiment_id)
    if action not in set(Action):
        raise Invalid(f"An action is one of {', '.join(Action)}, not {action!r}.", field="action")
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can control this training.")
    if job is None or job.finished_at is not None:
        raise Conflict("This training is finished already.", experiment_id=experiment_id)
    if action == Action.CANCEL:
        jobs.cancel(actor, job.id)
    else:
        _wish(actor, row, _WISHES[Action(action)])
    return view(actor, experiment_id)


def _wish(actor: Actor, row: ExperimentRow, wish: Wish) -> None:
    if runs.wish_of(row.id) == Wish.STOP and wish is not Wish.STOP:
        raise Conflict("This training is stopping already and keeps its best.")
    owner = {"workspace_id": row.workspace_id, "owner_id": row.owner_id}
    runs.write(row.id, owner, wish=wish.value)
    words = {
        Wish.PAUSE: "asked to pause",
        Wish.STOP: "asked to stop now and keep the best",
        Wish.NOTHING: "asked to go on",
    }
    line = {
        "experiment_id": row.id,
        **owner,
        "at": ports().clock(),
        "level": "info",
        "part": "",
        "text": f"{actor.name} {words[wish]}.",
    }
    runs.add_lines([line])
    jobs.hint_after_commit(row.owner_id)


def _curves(experiment_ids: Sequence[str], keys: Sequence[str]) -> Iterator[Curve]:
    found = metrics.blocks_of(experiment_ids, keys)
    for (experiment_id, key, part), blocks in groupby(found, key=lambda block: block[:3]):
        points = points_of([block[3] for block in blocks])
        yield Curve(
            experiment_id,
            key,
            part,
            points["step"].astype(np.int64),
            np.ascontiguousarray(points["value"]),
            np.ascontiguousarray(points["at"]),
            len(points),
        )
