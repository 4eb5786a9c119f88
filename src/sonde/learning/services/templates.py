"""Templates: configurations of experiments that were kept under a name, for the whole workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sonde.learning.core.experiment_document import document_of, wanted_from
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.storable import require_storable
from sonde.learning.persistence import templates as rows
from sonde.learning.persistence.templates import TemplateRow
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id

_LONGEST_NAME = 100


@dataclass(frozen=True)
class Template:
    """One kept configuration.

    Parameters
    ----------
    id, name, owner_id : str
    document : mapping
        As of ``core.experiment_document.document_of``.
    created_at : datetime
    """

    id: str
    name: str
    owner_id: str
    document: Mapping[str, Any]
    created_at: datetime


def save(actor: Actor, name: str, wanted: NewExperiment) -> Template:
    """Keep a configuration under a name, in place of the actor's own of that name.

    Raises Forbidden for viewers, Invalid for a bad name, Conflict where the name is another's.
    """
    actor.require(Role.ANALYST)
    called = name.strip()
    if not 1 <= len(called) <= _LONGEST_NAME or not called.isprintable():
        raise Invalid(
            f"A template's name has 1 to {_LONGEST_NAME} printable characters.", field="name"
        )
    document = document_of(wanted)
    require_storable(document, "Configurations")
    template_id = rows.put(actor.workspace_id, actor.user_id, called, document)
    if template_id is None:
        raise Conflict(f"Somebody else has a template called {called!r}; choose another name.")
    return get(actor, template_id)


def list_templates(actor: Actor) -> tuple[Template, ...]:
    """Return every template of the actor's workspaces, by name."""
    return tuple(_template(row) for row in rows.of_workspaces(actor.workspace_ids))


def get(actor: Actor, template_id: str) -> Template:
    """Return one template; raises NotFound."""
    return _template(_find(actor, template_id))


def wanted_of(actor: Actor, template_id: str) -> NewExperiment:
    """Return what a template asks for; raises NotFound, and Invalid where it is outdated."""
    return wanted_from(_find(actor, template_id).document)


def delete(actor: Actor, template_id: str) -> str:
    """Forget a template and return its name; raises NotFound, and Forbidden for other people's."""
    actor.require(Role.ANALYST)
    row = _find(actor, template_id)
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can delete this template.")
    name = row.name
    rows.remove(row.id)
    return name


def _find(actor: Actor, template_id: str) -> TemplateRow:
    row = rows.find(template_id, actor.workspace_ids) if is_id(template_id) else None
    if row is None:
        raise NotFound(f"There is no template {template_id}.", template_id=template_id)
    return row


def _template(row: TemplateRow) -> Template:
    return Template(row.id, row.name, row.owner_id, row.document, row.created_at)
