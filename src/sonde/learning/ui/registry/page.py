"""Visits of the registry: the list, and one model."""

from typing import cast

from sonde.learning.core.registry import RegisteredModel
from sonde.learning.core.sources import ProblemSource
from sonde.learning.services import (
    experiments,
    model_batches,
    prediction_log,
    promotion,
    registry,
)
from sonde.learning.ui.registry.layout import models_view
from sonde.learning.ui.registry.model_view import TABS, Shown, model_view
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.services.work import ports
from sonde.platform.ui.components import PageView

_LOGGED = 50


def show_list(request: PageRequest) -> PageView:
    """Return the list of models."""
    archived = request.query.get("archived") == "1"
    return models_view(registry.list_models(request.actor, archived=archived), archived=archived)


def show_model(request: PageRequest) -> PageView:
    """Return the page of one model."""
    actor, name = request.actor, request.params["model_name"]
    model = registry.get(actor, name)
    may_work = actor.role is not Role.VIEWER
    tab = request.query.get("tab", "")
    return model_view(
        Shown(
            model=model,
            moves=registry.history(actor, name),
            before_champion=promotion.before_champion(actor, model),
            asks=_source(model).asks if model.versions else (),
            problems=experiments.problem_choices(actor) if may_work else (),
            batches=model_batches.list_batches(actor, name),
            log=prediction_log.page(actor, name, limit=_LOGGED).items,
            verdicts=prediction_log.verdicts(actor, name),
            may_work=may_work,
            may_change=may_work and _is_own(actor, model),
            tab=tab if tab in TABS else "versions",
        )
    )


def _is_own(actor: Actor, model: RegisteredModel) -> bool:
    return actor.role is Role.ADMIN or model.owner_id == actor.user_id


def _source(model: RegisteredModel) -> ProblemSource:
    slug = (model.answering or model.versions[0]).lineage.source
    return cast(ProblemSource, ports().parts.problem_source(slug))
