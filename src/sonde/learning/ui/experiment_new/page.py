"""One visit of the page that starts an experiment."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.core.experiment_document import document_of, document_of_experiment
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.sources import ProblemChoice
from sonde.learning.core.splits.catalogue import POLICIES
from sonde.learning.services import experiments, templates
from sonde.learning.ui.experiment_new.form import form_of
from sonde.learning.ui.experiment_new.layout import Offer, new_view
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

_MOST_TEACHERS = 200


def show(request: PageRequest) -> PageView:
    """Return the page; ``?clone=``, ``?template=`` or ``?source=&ref=&model=`` begin it."""
    actor = request.actor
    choices = experiments.problem_choices(actor)
    form, begun_from = beginning(actor, request.query, choices)
    finished = experiments.list_experiments(actor, limit=_MOST_TEACHERS).items
    return new_view(
        Offer(
            choices=choices,
            models=tuple(MODELS.values()),
            policies=tuple(POLICIES.values()),
            teachers=tuple((one.id, one.title) for one in finished if one.finished_at),
            templates=templates_of(actor),
            deep=tuple(name for name, one in MODELS.items() if one.uses_training),
            form=form,
            begun_from=begun_from,
        )
    )


def templates_of(actor: Actor) -> tuple[tuple[str, str, bool], ...]:
    """Return every template: id, name, and whether the actor may delete it."""
    return tuple(
        (one.id, one.name, one.owner_id == actor.user_id or actor.role is Role.ADMIN)
        for one in templates.list_templates(actor)
    )


def beginning(
    actor: Actor, query: Mapping[str, str], choices: tuple[tuple[str, ProblemChoice], ...]
) -> tuple[Mapping[str, Any], str]:
    """Return what stands in the form at first, and where it comes from, in words."""
    if query.get("clone"):
        experiment = experiments.get(actor, query["clone"])
        return form_of(document_of_experiment(experiment)), f"As {experiment.summary.title}."
    if query.get("template"):
        template = templates.get(actor, query["template"])
        wanted = templates.wanted_of(actor, template.id)
        return form_of(document_of(wanted)), f"From the template {template.name}."
    return form_of_query(query, choices), ""


def form_of_query(
    query: Mapping[str, str], choices: tuple[tuple[str, ProblemChoice], ...]
) -> dict[str, Any]:
    """Return what a link says: data by source and ref or ref alone, model, the data's options."""
    named = query.get("ref") or query.get("dataset", "")
    found = [f"{source}|{one.ref}" for source, one in choices if one.ref == named]
    source = query.get("source")
    known = {"source", "ref", "dataset", "model"}
    return {
        "data": f"{source}|{named}" if source else next(iter(found), ""),
        "model": query.get("model", ""),
    } | {f"options/{name}": value for name, value in query.items() if name not in known}
