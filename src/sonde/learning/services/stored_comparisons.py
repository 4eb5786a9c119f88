"""Comparisons that people keep under a name, for themselves and their workspace."""

from collections.abc import Sequence

from sonde.learning.core.comparison.stored import StoredComparison
from sonde.learning.persistence import comparisons as rows
from sonde.learning.services import experiments
from sonde.learning.services.comparison import ids_of
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id
from sonde.platform.core.paging import Slice

_NAME_LENGTH = 120
_NOTE_LENGTH = 4000


def keep(
    actor: Actor, experiment_ids: Sequence[str], name: str, note: str = ""
) -> StoredComparison:
    """Keep a comparison; raises Forbidden for viewers, NotFound, and Invalid for a bad name."""
    actor.require(Role.ANALYST)
    ids = ids_of(",".join(experiment_ids))
    titles = [experiments.get(actor, one).summary.title for one in ids]
    said = name.strip() or f"{titles[0]} and {len(titles) - 1} more"[:_NAME_LENGTH]
    comparison_id = rows.add(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        owner_name=actor.name,
        name=_checked_name(said),
        note=_checked_note(note),
        experiment_ids=list(ids),
    )
    return get(actor, comparison_id)


def get(actor: Actor, comparison_id: str) -> StoredComparison:
    """Return one; raises NotFound for what is not the actor's to see."""
    row = rows.find(comparison_id, actor.workspace_ids) if is_id(comparison_id) else None
    if row is None:
        raise NotFound(f"There is no comparison {comparison_id}.", comparison_id=comparison_id)
    return _stored(row)


def list_kept(actor: Actor, *, cursor: str = "", limit: int = 50) -> Slice[StoredComparison]:
    """Return the comparisons of the actor's workspaces, newest first; raises Invalid."""
    if cursor and not is_id(cursor):
        raise Invalid("This cursor leads nowhere.", field="cursor")
    found = [_stored(row) for row in rows.page(actor.workspace_ids, before=cursor, limit=limit + 1)]
    return Slice.cut(found, limit, key=lambda one: one.id)


def change(
    actor: Actor,
    comparison_id: str,
    name: str | None = None,
    note: str | None = None,
    experiment_ids: Sequence[str] | None = None,
) -> StoredComparison:
    """Give another name, note or other experiments; None leaves what was.

    Raises NotFound, Forbidden for other people's, and Invalid.
    """
    before = _mine(actor, comparison_id)
    ids = before.experiment_ids if experiment_ids is None else ids_of(",".join(experiment_ids))
    for one in set(ids) - set(before.experiment_ids):
        experiments.find(actor, one)
    rows.change(
        comparison_id,
        name=before.name if name is None else _checked_name(name.strip()),
        note=before.note if note is None else _checked_note(note),
        experiment_ids=list(ids),
    )
    return get(actor, comparison_id)


def delete(actor: Actor, comparison_id: str) -> None:
    """Delete one; its experiments stay. Raises NotFound, and Forbidden for other people's."""
    _mine(actor, comparison_id)
    rows.remove(comparison_id)


def link(stored: StoredComparison) -> str:
    """Return the path of the page that shows it."""
    return f"/compare/{stored.id}"


def _mine(actor: Actor, comparison_id: str) -> StoredComparison:
    found = get(actor, comparison_id)
    actor.require(Role.ANALYST)
    if found.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can change this comparison.")
    return found


def _checked_name(name: str) -> str:
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise Invalid(f"A name has 1 to {_NAME_LENGTH} printable characters.", field="name")
    return name


def _checked_note(note: str) -> str:
    if len(note) > _NOTE_LENGTH or "\0" in note:
        raise Invalid(f"A note has at most {_NOTE_LENGTH:,} characters, none NUL.", field="note")
    return note.strip()


def _stored(row: rows.ComparisonRow) -> StoredComparison:
    return StoredComparison(
        id=row.id,
        name=row.name,
        note=row.note,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        experiment_ids=tuple(row.experiment_ids),
        created_at=row.created_at,
    )
