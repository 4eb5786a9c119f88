"""What a person has chosen at the desk: symbol, account, signal filters, real time.

Choices of view only, remembered for a quarter of a year; what limits trades is in the account's
risk settings.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sonde.markets.core.signal_votes import FILTERS
from sonde.markets.services import accounts, instruments, replays
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

_KEPT_S: Final = 90 * 86_400


@dataclass(frozen=True)
class DeskChoice:
    """What somebody looks at.

    Parameters
    ----------
    symbol : str
        Key of an instrument; empty where there is none at all.
    account_id : str
        Empty for viewers, who have no account.
    filters : tuple of str
        Signal filters that are asked.
    is_live : bool
        Whether prices and results are followed.
    """

    symbol: str = ""
    account_id: str = ""
    filters: tuple[str, ...] = ()
    is_live: bool = True


def of(actor: Actor) -> DeskChoice:
    """Return the actor's choice; what is not there any more gives way to what is."""
    kept = ports().cache.get(_key(actor))
    return _valid(actor, DeskChoice() if kept is None else _read(json.loads(kept)))


def choose(actor: Actor, **changes: Any) -> DeskChoice:
    """Change fields of the choice.

    Raises NotFound for an unknown instrument or account, Invalid for an unknown filter.
    """
    wanted = replace(of(actor), **changes)
    for name in wanted.filters:
        if name not in FILTERS:
            raise Invalid(f"There is no signal filter {name!r}.", field="filters")
    if wanted.symbol:
        instruments.get(actor, wanted.symbol)
    if wanted.account_id:
        accounts.get(actor, wanted.account_id)
    ports().cache.set(_key(actor), json.dumps(asdict(wanted)).encode(), _KEPT_S)
    return _valid(actor, wanted)


def symbols(actor: Actor) -> tuple[str, ...]:
    """Return the keys of every instrument that there is; what is replayed now comes first."""
    known = [one.key for one in instruments.list_instruments(actor)]
    played = [key for key in _replayed(actor) if key in known]
    return tuple(dict.fromkeys([*played, *known]))


def _valid(actor: Actor, choice: DeskChoice) -> DeskChoice:
    there = symbols(actor)
    symbol = choice.symbol if choice.symbol in there else next(iter(there), "")
    return replace(choice, symbol=symbol, account_id=_account(actor, choice.account_id))


def _account(actor: Actor, account_id: str) -> str:
    """Return the account where it is the actor's own, else the actor's oldest."""
    own = [one.id for one in accounts.mine(actor)]
    if account_id in own:
        return account_id
    if own:
        return own[0]
    return "" if actor.role is Role.VIEWER else accounts.first(actor).id


def _replayed(actor: Actor) -> Iterable[str]:
    for one in replays.list_replays(actor):
        if one.is_playing:
            yield from (key.partition(" ")[0] for key in one.keys)


def _read(document: dict[str, Any]) -> DeskChoice:
    told = {name: document[name] for name in asdict(DeskChoice()) if name in document}
    return DeskChoice(**{**told, "filters": tuple(told.get("filters", ()))})


def _key(actor: Actor) -> str:
    return f"markets:desk:{actor.user_id}"
