"""Experiments side by side: what can be said of them, what they were made of, how they learned."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sonde.learning.core.comparison import comparison as science
from sonde.learning.core.comparison.agreement import FEWEST, MOST, Tested
from sonde.learning.core.comparison.comparison import Comparison, NotComparable, distinct_titles
from sonde.learning.core.comparison.configuration import ConfigRow, config_rows
from sonde.learning.core.comparison.pairs import PairSettings
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.fitting.training_config import TRAINING_KNOBS, training_document
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.result import ExperimentResult
from sonde.learning.core.runs import SYSTEM, Curve
from sonde.learning.services import experiments, runs
from sonde.learning.services.held_out import held_out
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.jobs import JobState
from sonde.platform.services.work import ports

_FORM: Final = "4"
_TTL_S: Final = 7 * 86_400
_LARGEST_ROPE: Final = 0.2
_CURVE_POINTS: Final = 300
_OF_FOLDS: Final = "fold/"


@dataclass(frozen=True)
class Compared:
    """Experiments side by side.

    Parameters
    ----------
    experiments : tuple of Experiment
    titles : tuple of str
        Of which no two are the same.
    comparison : Comparison, optional
        None where they cannot be compared.
    reasons : tuple of str
        Why not.
    configuration : tuple of ConfigRow
    is_waiting : bool
        Whether a result is missing, so that nothing can be said of their tests yet.
    """

    experiments: tuple[Experiment, ...]
    titles: tuple[str, ...]
    comparison: Comparison | None
    reasons: tuple[str, ...]
    configuration: tuple[ConfigRow, ...]
    is_waiting: bool = False


def ids_of(text: str) -> tuple[str, ...]:
    """Return the ids of a comma-separated list, each once.

    Raises Invalid for fewer than two or more than twenty.
    """
    ids = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not FEWEST <= len(ids) <= MOST:
        raise Invalid(
            f"Choose {FEWEST} to {MOST} different experiments; these are {len(ids)}.", field="ids"
        )
    return ids


def still_there(actor: Actor, ids: Sequence[str]) -> tuple[str, ...]:
    """Return those of the ids that name experiments of the actor's; others were deleted."""
    return tuple(one for one in ids if _is_there(actor, one))


def side_by_side(actor: Actor, ids: Sequence[str], rope: float = 0.01) -> Compared:
    """Return experiments with their comparison, or with the reasons why there is none.

    Raises NotFound for what is not the actor's to see, and Invalid for a bad number or region.
    """
    ids = ids_of(",".join(ids))
    found = tuple(experiments.get(actor, one) for one in ids)
    comparison: Comparison | None = None
    waiting = tuple(_waits(one) for one in found if one.result is None)
    reasons = waiting
    try:
        comparison = None if waiting else compare(actor, ids, rope)
    except NotComparable as error:
        reasons = error.reasons
    except Conflict as error:
        reasons = waiting = (error.message,)
    rows = config_rows([_made_of(one) for one in found])
    return Compared(
        found, distinct_titles(_titles(found)), comparison, reasons, rows, bool(waiting)
    )


def compare(actor: Actor, ids: Sequence[str], rope: float = 0.01) -> Comparison:
    """Return what can be said of experiments; kept for a week.

    Raises NotFound, Invalid, Conflict for one without held-out predictions, and NotComparable
    with the reasons where test sets or certificates differ.
    """
    if not 0.0 <= rope <= _LARGEST_ROPE:
        raise Invalid(
            f"The region of practical equivalence lies between 0 and {_LARGEST_ROPE}.", field="rope"
        )
    ids = ids_of(",".join(ids))
    found = [experiments.get(actor, one) for one in ids]
    key = _key(actor, found, rope)
    kept = ports().cache.get(key)
    if kept is not None:
        return science.from_bytes(kept)
    named = zip(found, _titles(found), strict=True)
    tested = [_tested(actor, one, title) for one, title in named]
    comparison = science.compare(tested, PairSettings(rope=rope))
    ports().cache.set(key, science.to_bytes(comparison), _TTL_S)
    return comparison


def curves(actor: Actor, ids: Sequence[str], key: str = "") -> tuple[Curve, ...]:
    """Return the learning curves of experiments for one metric, thinned; raises NotFound."""
    return runs.curves(actor, ids, (key,) if key else (), _CURVE_POINTS)


def curve_keys(actor: Actor, ids: Sequence[str]) -> tuple[str, ...]:
    """Return the metrics that any of the experiments noted while it learned; raises NotFound."""
    keys = {one.key for each in ids for one in runs.latest(actor, each)}
    return tuple(sorted(key for key in keys if not key.startswith((SYSTEM, _OF_FOLDS))))


def _is_there(actor: Actor, experiment_id: str) -> bool:
    try:
        experiments.find(actor, experiment_id)
    except NotFound:
        return False
    return True


def _titles(found: Sequence[Experiment]) -> list[str]:
    """Return titles; those of a family of seeds tell their seed."""
    times = Counter(one.summary.title for one in found)
    return [
        one.summary.title
        if times[one.summary.title] == 1 or not one.summary.family_id
        else f"{one.summary.title}, seed {one.summary.seed}"
        for one in found
    ]


def _tested(actor: Actor, experiment: Experiment, title: str) -> Tested:
    if experiment.result is None:
        raise Conflict(_waits(experiment))
    table = held_out(actor, experiment.id)
    return Tested(experiment.id, title, table, experiment.result.certificate)


def _waits(experiment: Experiment) -> str:
    if experiment.summary.state in {JobState.FAILED, JobState.CANCELLED}:
        is_failed = experiment.summary.state is JobState.FAILED
        ended = "failed" if is_failed else "was cancelled"
        return f"{experiment.summary.title} {ended}, so it has no result."
    return f"{experiment.summary.title} is not finished, so it has no result yet."


def _key(actor: Actor, found: Sequence[Experiment], rope: float) -> str:
    named = [
        (one.id, one.summary.title, one.result.model_hash if one.result else "") for one in found
    ]
    stamp = json.dumps([_FORM, named, rope]).encode()
    return f"learning:compare:{actor.workspace_id}:{hashlib.sha256(stamp).hexdigest()}"


def _made_of(experiment: Experiment) -> dict[str, Mapping[str, Any]]:
    summary, model, result = experiment.summary, experiment.model, experiment.result
    knobs = MODELS[model.model].hyper_parameters if model.model in MODELS else ()
    titles = {knob.name: knob.title for knob in knobs}
    data: dict[str, Any] = {"Data set": summary.ref_title, **experiment.options}
    cost: dict[str, Any] = {}
    if result is not None:
        data |= {
            "Data hash": result.data_hash[:12],
            "Channels": result.window_shape[0],
            "Window, samples": result.window_shape[1],
            "Sampling rate, Hz": result.sampling_rate_hz,
            "Features": result.feature_recipe,
        }
        cost = {
            "Trained in, s": round(result.train_seconds, 1),
            "Model size, kB": round(result.model_bytes / 1024),
        }
    return {
        "Model": {
            "Model": summary.model_title,
            "Seed": model.seed,
            **{titles.get(name, name): value for name, value in model.values.items()},
        },
        "Training": _training_of(experiment),
        "Data": data,
        "Split": {"Policy": summary.policy_title, **_split_of(experiment)},
        "Cost": cost,
        "Made by": _made_by(result) if result else {},
    }


def _made_by(result: ExperimentResult) -> dict[str, Any]:
    """Return the code and what it ran on, where that was kept."""
    libraries = {"Libraries": _named(result.versions)}
    kept = result.provenance
    if kept is None:
        return libraries
    ran_on = kept.environment
    return {
        "Code": kept.code.words,
        "Python": ran_on.python,
        "Platform": ran_on.platform,
        "Device": ran_on.device,
        "Threads": ran_on.threads,
        "Libraries": _named(ran_on.libraries or result.versions),
    }


def _named(libraries: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {version}" for name, version in libraries)


def _split_of(experiment: Experiment) -> dict[str, Any]:
    split = experiment.split
    return {
        "Detail": experiment.summary.split_detail.replace("_", " "),
        "Split seed": split.seed,
        "Folds": len(experiment.result.certificate.folds) if experiment.result else "",
        "Certificate": _certified(experiment.result) if experiment.result else "",
    }


def _certified(result: ExperimentResult) -> str:
    return "honest" if result.certificate.is_honest else "leaky"


def _training_of(experiment: Experiment) -> dict[str, Any]:
    """Return how a deep model learned; the others have no such settings."""
    if experiment.model.model not in ARCHITECTURES:
        return {}
    titles = {knob.name: knob.title for knob in TRAINING_KNOBS}
    said = training_document(experiment.model.training)
    return {titles.get(name, name.replace("_", " ")): value for name, value in said.items()}
