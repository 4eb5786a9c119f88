"""Follows an account, or a person's notifications and jobs, as long as somebody listens."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

import structlog

from sonde.markets.services import accounts, desks
from sonde.markets.services.streams.accounts import AccountFollower
from sonde.markets.services.streams.hub import Hub, ended
from sonde.markets.services.streams.personal import PersonalFollower
from sonde.markets.services.streams.sharing import Line, SharedFollowing
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Unavailable
from sonde.platform.core.ports import Broadcast, Ports, Reads
from sonde.platform.services.work import unit_of_work

# What a lost word would have told is found by looking.
LOOK_S: Final = 2.0
_HINTS: Final = {"job": "jobs", "notification": "notifications"}
_log = structlog.get_logger(__name__)
T = TypeVar("T")
Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class AccountEars:
    """How a process hears that accounts changed, and what it follows for all its clients."""

    hub: Hub[bytes]
    shared: SharedFollowing = field(default_factory=SharedFollowing)


def account_ears(broadcast: Broadcast) -> AccountEars:
    """Return how a process hears that accounts changed: that something is said is all there is."""
    return AccountEars(Hub(broadcast, lambda said, _: [("", said)]))


async def follow_account(
    outside: Ports,
    actor: Actor,
    account_id: str,
    after: int | None,
    ears: AccountEars,
    tell: Tell,
) -> None:
    """Tell how an account stands, or what happened after an entry; then whatever happens in it.

    However many connections of a person follow it, it is read once. Runs until it is cancelled.
    Without an id it is the person's oldest account. Raises NotFound, Forbidden for viewers without
    one, Invalid for an entry that is not there yet.
    """
    wanted = account_id or await _worked(outside, lambda: accounts.first(actor).id)
    follower = AccountFollower(wanted)
    work = partial(_follow_for_all, outside, actor, wanted, ears.hub)
    async with ears.shared.listening(f"{wanted} {actor.user_id}", work) as queue:
        if after is None:
            told = await _worked(outside, lambda: follower.snapshot(actor))
        else:
            told = await _worked(outside, lambda: follower.missed(actor, after))
        for topic, message in told:
            tell(topic, message)
        while True:
            said = await queue.get()
            if isinstance(said, BaseException):
                raise said
            seq, topic, message = said
            # What was told already was read again meanwhile; risk settings have no entry.
            if seq > follower.seq or topic == "risk":
                tell(topic, message)


async def _follow_for_all(
    outside: Ports,
    actor: Actor,
    account_id: str,
    hub: Hub[bytes],
    begin: Callable[[], None],
    tell: Callable[[Line], None],
) -> None:
    """Tell whatever happens in an account from now on; runs until it is cancelled."""
    follower, changed = AccountFollower(account_id), asyncio.Event()
    async with hub.listening(desks.channel_of(account_id), lambda _: changed.set()):
        await _worked(outside, lambda: follower.snapshot(actor))
        begin()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_S)
            changed.clear()
            seen = follower.seq
            try:
                told = await asyncio.to_thread(_in_work, outside, lambda: follower.news(actor))
            except Unavailable as error:
                _log.warning("stream.account_not_read", error=error.message)
                follower.go_back(seen)
                continue
            for topic, message in told:
                tell((follower.seq, topic, message))


async def follow_personal(
    outside: Ports, actor: Actor, topic: str, keep: Callable[[str], None]
) -> None:
    """Tell notifications or jobs, and what becomes of them; runs until it is cancelled."""
    follower, changed = PersonalFollower(), asyncio.Event()
    ear = asyncio.create_task(_hear_hints(outside, actor, topic, changed))
    try:
        while True:
            told = await _worked(outside, lambda: follower.news(actor, topic))
            for _, message in told:
                keep(message)
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_S)
            changed.clear()
    finally:
        await ended(ear)


async def _hear_hints(outside: Ports, actor: Actor, topic: str, changed: asyncio.Event) -> None:
    while True:
        try:
            async for hint in outside.hints.listen(actor.user_id):
                if hint == _HINTS[topic]:
                    changed.set()
        except Unavailable as error:
            _log.warning("stream.no_hints", error=error.message)
        await asyncio.sleep(LOOK_S)


async def _worked(outside: Ports, look: Callable[[], T]) -> T:
    """Return what a look finds, once the database answers."""
    while True:
        try:
            return await asyncio.to_thread(_in_work, outside, look)
        except Unavailable as error:
            _log.warning("stream.not_read", error=error.message)
            await asyncio.sleep(LOOK_S)


def _in_work(outside: Ports, look: Callable[[], T]) -> T:
    with unit_of_work(outside, Reads.ANEW):
        return look()
