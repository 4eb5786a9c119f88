"""Computing a result again from what is kept of it, and saying whether it is the same."""

from dataclasses import dataclass
from typing import cast

from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.provenance import code_version, differences
from sonde.learning.core.result import ExperimentResult
from sonde.learning.core.sources import ProblemSource
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, NotFound
from sonde.platform.services.work import ports

_TITLE_LENGTH = 200
_AGAIN = " (again)"


@dataclass(frozen=True)
class Rerun:
    """A repetition that was queued.

    Parameters
    ----------
    experiment : Experiment
    told : tuple of str
        Why its figures may be other ones: changed data, other code.
    """

    experiment: Experiment
    told: tuple[str, ...]


def rerun(actor: Actor, experiment_id: str) -> Rerun:
    """Train once more exactly what an experiment was; queue it as a new one.

    Raises NotFound, Forbidden for viewers, and Conflict where the experiment is not finished or
    was trained before its provenance was kept.
    """
    before = experiments.get(actor, experiment_id)
    provenance = before.result.provenance if before.result else None
    if provenance is None:
        raise Conflict(
            f"{before.summary.title} has no provenance: it is not finished, or was trained before "
            "it was kept.",
            experiment_id=experiment_id,
        )
    summary = before.summary
    source = cast(ProblemSource, ports().parts.problem_source(summary.source))
    problem = source.load(actor, summary.ref, before.options)
    told = differences(provenance, problem.data_hash, code_version())
    title = summary.title.removesuffix(_AGAIN)[: _TITLE_LENGTH - len(_AGAIN)] + _AGAIN
    wanted = NewExperiment(
        source=summary.source,
        ref=summary.ref,
        model=before.model,
        split=before.split,
        title=title,
        options=before.options,
        notes=" ".join([f"Repeats {summary.title} ({before.id}).", *told]),
    )
    return Rerun(experiments.create(actor, wanted, rerun_of=before.id), told)


def compared(actor: Actor, repetition: Experiment, result: ExperimentResult) -> tuple[str, ...]:
    """Return in words whether a repetition came to the figures of what it repeats."""
    if not repetition.rerun_of:
        return ()
    try:
        before = experiments.get(actor, repetition.rerun_of).result
    except NotFound:
        return ("The experiment that this one repeats is deleted.",)
    if before is None:
        return ()
    same_figures = before.evaluation == result.evaluation
    same_model = before.model_hash == result.model_hash
    words = ["The figures are identical to those" if same_figures else "The figures differ from"]
    if not same_figures:
        words.append(f"macro-F1 {before.evaluation.macro_f1:.6f}")
        words.append(f"(now {result.evaluation.macro_f1:.6f})")
    words.append(f"of {repetition.rerun_of};")
    words.append("the model is the same, bit for bit." if same_model else "the model is another.")
    told: tuple[str, ...] = ()
    if before.provenance and result.provenance:
        told = differences(before.provenance, result.data_hash, result.provenance.code)
    return (" ".join(words), *told)
