"""What an analysis looks at, opened from the stores when it is first asked for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.material import Material
from sonde.learning.core.bundle import load as load_bundle
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.held_out import load as load_held_out
from sonde.learning.core.models.catalogue import model
from sonde.learning.core.models.specification import FittedModel, Progress
from sonde.learning.core.planning import SplitPlan, plan_split
from sonde.learning.core.sources import ProblemSource
from sonde.learning.services import experiments
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.jobs import JobRun
from sonde.platform.core.ports import FileStore
from sonde.platform.services.work import ports


def material(job: JobRun, experiment_id: str) -> Material:
    """Return an experiment ready to be analysed; call inside a unit of work.

    Raises NotFound for what is not the actor's to see, Conflict where it has no held-out table.
    """
    row, _ = experiments.find(job.actor, experiment_id)
    keys = require_finished(row)
    experiment = experiments.get(job.actor, experiment_id)
    files = ports().files
    facts = dict(row.result or {})
    opened = _Opened(job, experiment, files, facts)
    return Material(
        id=row.id,
        title=row.title,
        config=experiment.model,
        model_bytes=int(facts.get("model_bytes", 0)),
        read_plan=opened.plan,
        read_held_out=lambda: load_held_out(files.read(keys[1])),
        read_bundle=lambda: load_bundle(files.read(keys[0])),
        fit_fold=opened.fit_fold,
    )


def require_finished(row: Any) -> tuple[str, str]:
    """Return the files of an experiment's model and held-out table; raises Conflict."""
    if not (row.bundle_key and row.held_out_key):
        raise Conflict(
            f"{row.title} has no held-out predictions: it is not finished, or was trained before "
            "they were kept. Train it again.",
            experiment_id=row.id,
        )
    return row.bundle_key, row.held_out_key


class _Opened:
    """Reads the problem of one experiment, and fits its folds again."""

    def __init__(
        self, job: JobRun, experiment: Experiment, files: FileStore, facts: Mapping[str, Any]
    ) -> None:
        self._job = job
        self._experiment = experiment
        self._files = files
        self._facts = facts
        self._plan: SplitPlan | None = None

    def plan(self) -> SplitPlan:
        """Return problem and folds; raises Conflict if the data is not what it was."""
        if self._plan is None:
            summary = self._experiment.summary
            with self._job.work():
                source = cast(ProblemSource, ports().parts.problem_source(summary.source))
                problem = source.load(self._job.actor, summary.ref, self._experiment.options)
            known = self._facts.get("data_hash", "")
            if problem.data_hash != known:
                raise Conflict(
                    f"The data of {summary.title} has changed since it was trained; "
                    "train it again.",
                    experiment_id=summary.id,
                )
            self._plan = plan_split(problem, self._experiment.split)
        return self._plan

    def fit_fold(self, number: int, progress: Progress) -> FittedModel:
        """Return the model of one fold: the kept one, else fitted now on its training side."""
        plan = self.plan()
        fold = plan.folds[number]
        specification = model(self._experiment.model.model)
        key = self._key(number, fold.train)
        try:
            return specification.restore(arrays_from_bytes(self._files.read(key)))
        except NotFound:
            pass
        if len(np.unique(plan.problem.labels[fold.train])) < 2:
            raise Invalid(f"Fold {fold.name} would train on one class only.")
        fitted = specification.fit(plan.problem, fold.train, self._experiment.model, progress)
        self._files.put(key, arrays_as_bytes(fitted.arrays()))
        return fitted

    def _key(self, number: int, train: NDArray[np.intp]) -> str:
        plan = self.plan()
        meant = [
            plan.problem.data_hash,
            plan.problem.feature_recipe,
            asdict(self._experiment.model),
            hashlib.sha256(train.astype(np.int64).tobytes()).hexdigest(),
        ]
        stamp = hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()
        return f"{experiments.file_prefix(self._experiment.id)}fold-{number}-{stamp[:24]}"


def arrays_as_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as the bytes of one file."""
    from safetensors.numpy import save

    content: bytes = save({name: np.ascontiguousarray(one) for name, one in arrays.items()})
    return content


def arrays_from_bytes(content: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of such a file."""
    from safetensors.numpy import load

    arrays: dict[str, NDArray[Any]] = load(content)
    return arrays
