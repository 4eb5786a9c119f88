"""What a training is to do, fixed before anything is computed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from sonde.learning.core.certificate import SplitCertificate, require_honest
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.fitting.specification import ModelConfig, ModelSpecification
from sonde.learning.core.fitting.training_config import training_document
from sonde.learning.core.models.catalogue import model
from sonde.learning.core.planning import plan_split
from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.provenance import Provenance, code_version, environment, split_hash
from sonde.learning.core.sources import ProblemSource
from sonde.learning.core.splits.catalogue import plan_folds, policy
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments
from sonde.platform.core.jobs import JobRun
from sonde.platform.core.ports import FileStore
from sonde.platform.services.work import ports


@dataclass(frozen=True)
class Plan:
    """Everything that decides about a training.

    Parameters
    ----------
    experiment : Experiment
    owner : mapping
        `workspace_id` and `owner_id`.
    specification : ModelSpecification
    problem : Problem
    folds : tuple of Fold
    certificate : SplitCertificate
    leaky_folds : tuple of Fold
        Of the comparison with random windows; empty where the chosen split is that.
    teacher : ModelConfig, optional
        Which is fitted beside each fold's model, and distilled into it.
    """

    experiment: Experiment
    owner: Mapping[str, str]
    specification: ModelSpecification
    problem: Problem
    folds: tuple[Fold, ...]
    certificate: SplitCertificate
    leaky_folds: tuple[Fold, ...]
    teacher: ModelConfig | None = None

    @property
    def n_fits(self) -> int:
        """How many models are trained, the final one among them."""
        return len(self.folds) + len(self.leaky_folds) + 1


def make_plan(job: JobRun, experiment_id: str) -> tuple[Plan, FileStore]:
    """Load what is to be trained; raises Leaking for a split that nobody asked for by name."""
    with job.work():
        experiment = experiments.get(job.actor, experiment_id)
        row, _ = experiments.find(job.actor, experiment_id)
        summary = experiment.summary
        source = cast(ProblemSource, ports().parts.problem_source(summary.source))
        problem = source.load(job.actor, summary.ref, experiment.options)
        teacher = experiments.teacher_of(job.actor, experiment.model, summary.source, summary.ref)
        files = ports().files
    planned = plan_split(problem, experiment.split)
    require_honest(planned.certificate)
    leaky = SplitConfig("random-windows", seed=experiment.split.seed)
    asks_for_leak = policy(planned.certificate.policy).is_leaky
    return Plan(
        experiment=experiment,
        owner={"workspace_id": row.workspace_id, "owner_id": row.owner_id},
        specification=model(experiment.model.model),
        problem=planned.problem,
        folds=planned.folds,
        certificate=planned.certificate,
        leaky_folds=() if asks_for_leak else plan_folds(planned.problem, leaky),
        teacher=teacher,
    ), files


def configuration_of(experiment: Experiment) -> dict[str, Any]:
    """Return exactly what was asked for, as a JSON-ready document."""
    model = asdict(experiment.model) | {"training": training_document(experiment.model.training)}
    return {
        "source": experiment.summary.source,
        "ref": experiment.summary.ref,
        "model": model,
        "split": asdict(experiment.split),
        "options": dict(experiment.options),
    }


def stamp_of(plan: Plan) -> str:
    """Return what a checkpoint must agree with: data, recipe, configuration, teacher."""
    return json.dumps(
        [
            plan.problem.data_hash,
            len(plan.problem),
            plan.problem.feature_recipe,
            configuration_of(plan.experiment),
            asdict(plan.teacher) if plan.teacher else None,
        ],
        sort_keys=True,
    )


def provenance_of(plan: Plan) -> Provenance:
    """Return where the result comes from, as this process sees it."""
    experiment = plan.experiment
    return Provenance(
        data_hash=plan.problem.data_hash,
        split_hash=split_hash(plan.folds),
        configuration=configuration_of(experiment),
        seeds={"model": experiment.model.seed, "split": experiment.split.seed},
        code=code_version(),
        environment=environment(experiment.model.training.device),
        rerun_of=experiment.rerun_of,
    )
