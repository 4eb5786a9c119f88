"""What goes along when an experiment is deleted: everything that was asked about it."""

from collections.abc import Sequence

from sonde.learning.persistence import analyses as rows
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Forbidden, NotFound
from sonde.platform.core.ports import FileStore
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports


def remove_of_experiments(actor: Actor, experiment_ids: Sequence[str]) -> None:
    """Delete every analysis of these experiments with its file; running ones are cancelled."""
    files = ports().files
    for key, job_id in rows.remove_of_experiments(experiment_ids):
        _stop(actor, job_id)
        if key:
            _delete_after_commit(files, key)


def _stop(actor: Actor, job_id: str) -> None:
    """Cancel a job if it runs and is the actor's; any other finds its question gone."""
    try:
        if job_id and not jobs.get(actor, job_id).state.is_final:
            jobs.cancel(actor, job_id)
    except (NotFound, Forbidden, Conflict):
        return


def _delete_after_commit(files: FileStore, key: str) -> None:
    after_commit(lambda: files.delete(key))
