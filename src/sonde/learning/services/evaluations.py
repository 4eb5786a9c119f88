"""Evaluations: a trained experiment looked at from every side, as pages, REST and terminal do."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sonde.learning.core.analyses import analysis
from sonde.learning.core.evaluating.subject import Subject
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.persistence import evaluations as rows
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.services import analyses, experiments
from sonde.learning.services.analyses import Analysis
from sonde.learning.services.sample_links import sample_links
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid

QUESTIONS: Final = (
    "curves",
    "errors",
    "architectures",
    "robustness",
    "calibration",
    "prediction-sets",
    "unseen",
)
_LISTED: Final = 200


def subjects(actor: Actor) -> tuple[Subject, ...]:
    """Return the experiments that can be evaluated, newest first."""
    return tuple(_subject(row) for row in rows.finished(actor.workspace_ids, _LISTED))


def subject(actor: Actor, experiment_id: str) -> Subject:
    """Return one experiment; raises NotFound."""
    return _subject(experiments.find(actor, experiment_id)[0])


def rivals(actor: Actor, experiment_id: str) -> tuple[Subject, ...]:
    """Return other experiments that were tested on the very same samples; raises NotFound."""
    row, _ = experiments.find(actor, experiment_id)
    if not row.test_key:
        return ()
    alike = rows.tested_alike(row.test_key, actor.workspace_ids, _LISTED)
    return tuple(_subject(one) for one in alike if one.id != experiment_id)


def ask(
    actor: Actor, what: str, experiment_ids: Sequence[str], params: Mapping[str, object]
) -> Analysis:
    """Ask one question of an evaluation; raises what `analyses.ask` raises."""
    if what not in QUESTIONS:
        raise Invalid(
            f"An evaluation knows no {what!r}; choose one of {', '.join(QUESTIONS)}.",
            field="what",
            choices=list(QUESTIONS),
        )
    return analyses.ask(actor, what, experiment_ids, params)


def look(
    actor: Actor, what: str, experiment_ids: Sequence[str], params: Mapping[str, object]
) -> Analysis | None:
    """Return what is known; a quick question that nobody asked yet is asked now.

    Nothing is asked for viewers. Raises what `analyses.ask` raises.
    """
    found = analyses.look(actor, what, experiment_ids, params)
    if found is None and analysis(what).is_quick and actor.role is not Role.VIEWER:
        return analyses.ask(actor, what, experiment_ids, params)
    return found


def links(
    actor: Actor, experiment_id: str, samples: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """Return where each sample of an answer can be looked at; empty where it cannot."""
    places = [(str(one["recording"]), int(one["first"]), int(one["last"])) for one in samples]
    return sample_links(actor, experiment_id, places)


def _subject(row: ExperimentRow) -> Subject:
    return Subject(
        id=row.id,
        title=row.title,
        model_title=MODELS[row.model].title if row.model in MODELS else row.model,
        ref_title=row.ref_title,
        macro_f1=row.macro_f1 or 0.0,
        is_honest=bool(row.is_honest),
    )
