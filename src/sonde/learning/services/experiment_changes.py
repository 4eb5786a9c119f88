"""Changes to many experiments at once, each with its way back; the trash waits thirty days."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from sonde.learning.core.experiment_changes import BACK, Action, Changed
from sonde.learning.persistence import experiment_changes as changes
from sonde.learning.persistence import experiments as rows
from sonde.learning.persistence.experiments import ExperimentRow, Found
from sonde.learning.services import analysis_removal, tags
from sonde.learning.services.experiments import delete_files
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports

KEPT: Final = timedelta(days=30)
_BATCH: Final = 100
_MOST: Final = 10_000


_MARKS: Final[dict[Action, tuple[changes.Mark, bool]]] = {
    Action.PIN: ("pinned_at", True),
    Action.UNPIN: ("pinned_at", False),
    Action.ARCHIVE: ("archived_at", True),
    Action.UNARCHIVE: ("archived_at", False),
    Action.TRASH: ("trashed_at", True),
    Action.RESTORE: ("trashed_at", False),
}


def change(
    actor: Actor, action: Action, experiment_ids: Sequence[str], names: Sequence[str] = ()
) -> Changed:
    """Do one thing to experiments, to all of them or to none.

    A running training is cancelled on its way into the trash. Raises Forbidden for viewers and,
    where something is taken away, for other people's experiments; NotFound, Invalid.
    """
    actor.require(Role.ANALYST)
    ids = tuple(dict.fromkeys(experiment_ids))
    if not 0 < len(ids) <= _MOST:
        raise Invalid(f"Choose 1 to {_MOST:,} experiments.", field="ids")
    if action in {Action.TAG, Action.UNTAG}:
        return _retag(actor, action, ids, names)
    found = changes.found(ids, actor.workspace_ids)
    _check(actor, action, ids, [row for row, _ in found])
    if action is Action.REMOVE:
        _remove(actor, ids)
        return Changed(action, ids)
    mark, is_set = _MARKS[action]
    changed = changes.mark(ids, mark, ports().clock() if is_set else None)
    stopped = sum(_stop(actor, one) for one in found) if action is Action.TRASH else 0
    return Changed(action, tuple(changed), (), BACK[action], stopped)


def lacking(actor: Actor, experiment_ids: Sequence[str]) -> Sequence[str]:
    """Return those of the ids that name no experiment of the actor's workspaces."""
    there = {one for one, _ in changes.places(experiment_ids[:_MOST], actor.workspace_ids)}
    return [one for one in experiment_ids if one not in there]


def sweep(actor: Actor) -> int:
    """Remove for good what has been in the trash for thirty days; return how many there were."""
    old = changes.trashed_before(ports().clock() - KEPT, _BATCH)
    _remove(actor, old)
    return len(old)


def _retag(actor: Actor, action: Action, ids: Sequence[str], names: Sequence[str]) -> Changed:
    if not names:
        raise Invalid("Name at least one tag.", field="tags")
    do = tags.attach if action is Action.TAG else tags.detach
    changed = do(actor, ids, names)
    return Changed(action, tuple(changed), tuple(names), BACK[action])


def _check(
    actor: Actor, action: Action, ids: Sequence[str], found: Sequence[ExperimentRow]
) -> None:
    lacking = sorted(set(ids) - {row.id for row in found})
    if lacking:
        raise NotFound(f"There is no experiment {lacking[0]}.", experiment_id=lacking[0])
    takes_away = action in {Action.TRASH, Action.RESTORE, Action.REMOVE}
    others = [row for row in found if row.owner_id != actor.user_id]
    if takes_away and others and actor.role is not Role.ADMIN:
        raise Forbidden(
            f"{others[0].title} belongs to somebody else: only its owner or an administrator can "
            "delete or restore it.",
            experiment_id=others[0].id,
        )
    kept = [row for row in found if row.trashed_at is None]
    if action is Action.REMOVE and kept:
        raise Invalid(f"{kept[0].title} is not in the trash; put it there first.", field="ids")


def _stop(actor: Actor, found: Found) -> bool:
    """Cancel a training that is not finished; say whether it was so."""
    row, job = found
    if job is None or rows.state_of(job, row).is_final:
        return False
    jobs.cancel(actor, job.id)
    return True


def _remove(actor: Actor, experiment_ids: Sequence[str]) -> None:
    """Remove the rows, the models, every file and what was asked about them."""
    analysis_removal.remove_of_experiments(actor, experiment_ids)
    rows.remove(experiment_ids)
    files = ports().files
    for experiment_id in experiment_ids:
        after_commit(partial(delete_files, files, experiment_id))
