"""Runs replays and strategies for accounts while nobody looks: one process at a time, fenced.

The lease is like that of the live feeds. Every unit of work keeps it anew before it changes an
account: nobody can take it meanwhile, and a process that was replaced writes nothing any more.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from sonde.markets.persistence import automations as rows
from sonde.markets.persistence import feeds as leases
from sonde.markets.persistence import paper_work
from sonde.markets.services import account_news, price_store, replay_trading
from sonde.markets.services.automations import living
from sonde.platform.core.errors import Conflict, SondeError, Unavailable
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts as people
from sonde.platform.services.work import unit_of_work

LEASE: Final = "paper"
_UNITS: Final = 40
_log = structlog.get_logger(__name__)


class LeaseGone(Conflict):
    """Another process runs paper trading now."""


@dataclass(frozen=True)
class PaperTiming:
    """How often accounts are looked at, and how long a silent process is waited for."""

    lease_s: float = 8.0
    round_s: float = 0.25
    idle_round_s: float = 1.0


@dataclass
class PaperRunner:
    """Takes accounts along with their replays, and lets strategies decide at live prices.

    Parameters
    ----------
    outside : Ports
    holder : str
        Names this process.
    timing : PaperTiming
    """

    outside: Ports
    holder: str
    timing: PaperTiming = field(default_factory=PaperTiming)
    _is_ending: bool = False
    _worked_at: float = 0.0

    async def run(self) -> None:
        """Go round while the lease is ours, until the end."""
        while not self._is_ending:
            token = await asyncio.to_thread(self._tried, self.take)
            while token is not None and not self._is_ending:
                try:
                    n_found = await asyncio.to_thread(self._tried, partial(self.round, token))
                except LeaseGone:
                    break
                if n_found:
                    self._worked_at = asyncio.get_running_loop().time()
                await asyncio.sleep(self.timing.round_s if n_found else self.timing.idle_round_s)
            if token is None:
                await asyncio.sleep(self.timing.idle_round_s)
            else:
                await asyncio.to_thread(self._tried, partial(self.drop, token))

    def end(self) -> None:
        """End after this round."""
        self._is_ending = True

    def idle_s(self, now_s: float) -> float:
        """Return for how long there was nothing to do."""
        return now_s - self._worked_at

    def take(self) -> int | None:
        """Take the lease if nobody holds it; return its token."""
        with unit_of_work(self.outside):
            return leases.take_lease(LEASE, self.holder, self.timing.lease_s)

    def drop(self, token: int) -> None:
        """Let somebody else take the lease at once."""
        with unit_of_work(self.outside):
            leases.drop_lease(LEASE, token)

    def round(self, token: int) -> int:
        """Go once through all accounts that prices may concern; return how many those were.

        Raises LeaseGone where another process has the lease.
        """
        with unit_of_work(self.outside):
            if not leases.extend_lease(LEASE, token, self.timing.lease_s):
                raise LeaseGone("Another process runs paper trading now.")
            replayed = paper_work.replayed_accounts(price_store.now_ms())
            live = paper_work.live_automations()
        for owner_id, account_id in replayed:
            work = partial(_catch_up, owner_id, account_id)
            for _ in range(_UNITS):
                if not self._worked(token, work, ""):
                    break
        for owner_id, automation_id in live:
            self._worked(token, partial(_decide, owner_id, automation_id), automation_id)
        return len(replayed) + len(live)

    def _worked(self, token: int, work: Callable[[], int], automation_id: str) -> int:
        """Do one account's work in a unit of its own: one that fails holds up no other."""
        try:
            with unit_of_work(self.outside):
                if not leases.extend_lease(LEASE, token, self.timing.lease_s):
                    raise LeaseGone("Another process runs paper trading now.")
                return work()
        except (LeaseGone, Unavailable):
            raise
        except SondeError as error:
            _log.warning("paper.failed", error=error.message, automation=automation_id)
            return 0

    def _tried(self, work: Callable[[], int | None]) -> int | None:
        try:
            return work()
        except Unavailable as error:
            _log.warning("paper.not_reached", error=error.message)
            return None


def _catch_up(owner_id: str, account_id: str) -> int:
    automation = rows.of_account(account_id)
    try:
        with rows.attempt():
            return replay_trading.catch_up(people.actor_for(owner_id), account_id)
    except (Conflict, Unavailable):
        raise
    except SondeError as error:
        if automation is None:
            raise
        _give_up(automation.id, error.message)
        return 0


def _decide(owner_id: str, automation_id: str) -> int:
    try:
        with rows.attempt():
            return living.decide(people.actor_for(owner_id), automation_id)
    except (Conflict, Unavailable):
        raise
    except SondeError as error:
        _give_up(automation_id, error.message)
        return 0


def _give_up(automation_id: str, reason: str) -> None:
    """Stop a strategy that cannot go on, and tell why."""
    row = rows.lock(automation_id)
    if row is None or row.state != rows.RUNNING:
        return
    row.state, row.reason = rows.STOPPED, reason
    account = paper_work.account_of(row.account_id)
    account_news.tell(account, "automation_stopped", f"{row.title} was stopped", reason)
