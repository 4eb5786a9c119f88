"""Strategies that an administrator wrote: loaded, proved by a job, listed, withdrawn.

The code runs only in jailed children (decision 79), never in the server or the worker themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from sonde.markets.core.strategies.loading import LIMITS, OwnStrategy, load_strategy
from sonde.markets.persistence import own_strategies as rows
from sonde.markets.services.strategies import as_strategy
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from sonde.platform.core.jobs import JobOutcome, JobRun
from sonde.platform.services import audit, events, jobs

JOB: Final = "markets.prove_strategy"
CHECKED: Final = "markets.strategy_checked"
# To say what it is, a strategy has to do nothing: whoever uploads waits for this.
_FIRST_LOOK: Final = replace(LIMITS, cpu_s=3, wall_s=30.0)


@dataclass(frozen=True)
class OwnVersion:
    """One version of a strategy, as administrators see it.

    Parameters
    ----------
    name, title, words, source, sha256 : str
    version : int
    state : str
        checking, ready, refused or withdrawn.
    reason : str
        Why it was refused.
    proof : mapping
        Bars, cuts and entries of the look-ahead analysis.
    job_id : str
    created_at : datetime
    """

    name: str
    version: int
    title: str
    words: str
    state: str
    reason: str
    sha256: str
    source: str
    job_id: str
    created_at: datetime
    proof: Mapping[str, Any] = field(default_factory=dict)


def upload(actor: Actor, source: str) -> OwnVersion:
    """Load the strategy in a source; it can be used once a job has proved it.

    The same source again is the same version. Raises Forbidden for everybody but administrators,
    Invalid with the line for what is no strategy, Conflict if two are uploaded at once.
    """
    actor.require(Role.ADMIN)
    own = load_strategy(source.replace("\r\n", "\n"), _FIRST_LOOK)
    before = rows.versions(own.name)
    if before and before[0].sha256 == own.sha256 and _is_good(actor, before[0]):
        return _view(before[0])
    version = before[0].version + 1 if before else 1
    row = rows.add(
        owner_id=actor.user_id,
        name=own.name,
        version=version,
        source=own.source,
        sha256=own.sha256,
        described=_described(own),
        state=rows.CHECKING,
    )
    if row is None:
        raise Conflict("Somebody uploads this strategy at this moment; look at the list.")
    title = f"Prove strategy {own.name}, version {version}"
    row.job_id = jobs.enqueue(actor, kind=JOB, params={"strategy_id": row.id}, title=title).id
    audit.record(actor.user_id, "market_strategy.upload", row.id, name=own.name, sha256=own.sha256)
    return _view(row)


def prove(job: JobRun, strategy_id: str) -> JobOutcome:
    """Look whether a version answers and does not look ahead; then it can be used."""
    from sonde.markets.core.backtesting.proving import prove as prove_strategy

    job.progress("Cutting the candles", 0.1)
    with job.work():
        row = _row(strategy_id)
        strategy, title = as_strategy(row), f"{row.name} version {row.version}"
    try:
        proof = asdict(prove_strategy(strategy, np.random.default_rng(1)))
    except Invalid as error:
        with job.work():
            _settle(strategy_id, rows.REFUSED, error.message, {})
            events.emit(job.actor, kind=CHECKED, title=f"{title} was refused", body=error.message)
        raise

    def keep() -> None:
        _settle(strategy_id, rows.READY, "", proof)
        events.emit(job.actor, kind=CHECKED, title=f"{title} can be used")

    return JobOutcome({"name": row.name, **proof}, effect=keep)


def mine(actor: Actor) -> Sequence[OwnVersion]:
    """Return every version by name, the newest first; raises Forbidden but for administrators."""
    actor.require(Role.ADMIN)
    return [_view(row) for row in rows.every()]


def versions(actor: Actor, name: str) -> Sequence[OwnVersion]:
    """Return the versions of one, the newest first; raises Forbidden and NotFound."""
    actor.require(Role.ADMIN)
    found = rows.versions(name)
    if not found:
        raise NotFound(f"There is no strategy {name!r:.80} of your own.", name=name)
    return [_view(row) for row in found]


def withdraw(actor: Actor, name: str) -> int:
    """Let nobody use a strategy any more; what runs with it stops. Return how many versions.

    Results that were computed with it stay. Raises Forbidden and NotFound.
    """
    versions(actor, name)
    count = 0
    for row in rows.versions(name):
        if row.state != rows.WITHDRAWN:
            row.state, count = rows.WITHDRAWN, count + 1
    audit.record(actor.user_id, "market_strategy.withdraw", name, versions=count)
    return count


def _is_good(actor: Actor, row: rows.StrategyRow) -> bool:
    if row.state == rows.CHECKING:
        return not jobs.get(actor, row.job_id).state.is_final
    return row.state == rows.READY


def _row(strategy_id: str) -> rows.StrategyRow:
    row = rows.find(strategy_id)
    if row is None:
        raise NotFound("There is no such strategy any more.", id=strategy_id)
    return row


def _settle(strategy_id: str, state: str, reason: str, proof: Mapping[str, Any]) -> None:
    row = _row(strategy_id)
    if row.state == rows.CHECKING:
        row.state, row.reason, row.proof = state, reason, dict(proof)


def _described(own: OwnStrategy) -> dict[str, Any]:
    parameters = [asdict(each) for each in own.parameters]
    return {"title": own.title, "words": own.words, "parameters": parameters}


def _view(row: rows.StrategyRow) -> OwnVersion:
    return OwnVersion(
        name=row.name,
        version=row.version,
        title=row.described["title"],
        words=row.described["words"],
        state=row.state,
        reason=row.reason,
        sha256=row.sha256,
        source=row.source,
        job_id=row.job_id,
        created_at=row.created_at,
        proof=row.proof,
    )
