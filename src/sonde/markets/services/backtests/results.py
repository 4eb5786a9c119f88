"""Backtests as people see them: listed, looked at, deleted."""

from sonde.markets.core.backtesting.stored_runs import Backtest
from sonde.markets.persistence import backtests as rows
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import is_id
from sonde.platform.core.jobs import JobState
from sonde.platform.core.paging import Slice
from sonde.platform.services import jobs
from sonde.platform.services.work import after_commit, ports


def get(actor: Actor, backtest_id: str) -> Backtest:
    """Return one with its results; raises NotFound for what is not the actor's to see."""
    return view(find(actor, backtest_id), whole=True)


def page(
    actor: Actor, *, kind: str = "", symbol: str = "", cursor: str = "", limit: int = 50
) -> Slice[Backtest]:
    """Return those of the actor's workspaces without their results, newest first."""
    if cursor and not is_id(cursor):
        raise Invalid("This cursor leads nowhere.", field="cursor")
    found = rows.page(actor.workspace_ids, kind=kind, symbol=symbol, before=cursor, limit=limit + 1)
    views = [view(one, whole=False) for one in found]
    return Slice.cut(views, limit, key=lambda one: one.backtest_id)


def delete(actor: Actor, backtest_id: str) -> None:
    """Delete one with its columns; a running job is cancelled.

    Raises NotFound, and Forbidden for viewers and for other people's.
    """
    actor.require(Role.ANALYST)
    found = find(actor, backtest_id)
    row, job = found
    if row.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can delete this backtest.")
    if job is not None and not JobState(job.state).is_final:
        jobs.cancel(actor, row.job_id)
    rows.remove(backtest_id)
    prefix = prefix_of(row.workspace_id, row.id)
    files = ports().files

    def forget() -> None:
        for key in list(files.keys(prefix)):
            files.delete(key)

    after_commit(forget)


def find(actor: Actor, backtest_id: str) -> rows.Found:
    """Return the row and its job; raises NotFound."""
    found = rows.find(backtest_id, actor.workspace_ids) if is_id(backtest_id) else None
    if found is None:
        raise NotFound("There is no such backtest, or it is not yours to see.")
    return found


def prefix_of(workspace_id: str, backtest_id: str) -> str:
    """Return where the files of one lie."""
    return f"backtests/{workspace_id}/{backtest_id}/"


def view(found: rows.Found, *, whole: bool) -> Backtest:
    """Return a row as people see it."""
    row, job = found
    state = rows.state_of(found)
    return Backtest(
        backtest_id=row.id,
        owner_id=row.owner_id,
        kind=row.kind,
        title=row.title,
        strategy=row.strategy,
        symbol=row.symbol,
        timeframe=row.timeframe,
        state=state,
        job_id=row.job_id,
        asked=row.asked,
        source=row.source,
        summary=row.summary,
        error=job.error if job is not None and row.finished_at is None else "",
        created_at=row.created_at,
        finished_at=row.finished_at,
        results=row.result if whole else None,
    )
