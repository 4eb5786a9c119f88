"""Live feeds as people switch and see them, and the prices that they told last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sonde.markets.core.feeds.ccxt_client import ExchangeSettings
from sonde.markets.core.feeds.events import Bar, Tick, Top, decoded
from sonde.markets.core.feeds.port import FeedStanding, FeedState
from sonde.markets.core.feeds.quotes import Quote, QuoteBoard, no_quote
from sonde.markets.persistence import feeds as rows
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.services.work import ports

LEASE: Final = "feeds"
MOST_SYMBOLS: Final = 30
KEPT_S: Final = 86_400
_TAKEN_UP_WITHIN: Final = timedelta(seconds=30)
_NOBODY: Final = "The process of live feeds does not answer; see its log."
_NEVER_ON: Final = "It is switched off. An administrator can switch it on."


@dataclass(frozen=True)
class LiveFeed:
    """A live feed, as people see it.

    Parameters
    ----------
    name : str
        Such as ``"binance"``.
    is_on : bool
        Whether somebody wants it.
    symbols : tuple of str
    state : FeedState
        How it stands; ``off: ...`` says why there are no prices.
    """

    name: str
    is_on: bool
    symbols: tuple[str, ...]
    state: FeedState


def switch_on(
    actor: Actor,
    name: str,
    symbols: Sequence[str],
    *,
    rest_origin: str = "",
    stream_origin: str = "",
) -> LiveFeed:
    """Want the prices of some symbols from an exchange; administrators only.

    The origins name another server that speaks for the exchange. Raises Forbidden, NotFound for
    an unknown exchange and Invalid for no symbols or too many.
    """
    actor.require(Role.ADMIN)
    check_exchange(name)
    chosen = sorted({symbol.strip().upper() for symbol in symbols} - {""})
    if not 1 <= len(chosen) <= MOST_SYMBOLS:
        raise Invalid(f"Choose 1 to {MOST_SYMBOLS} symbols, not {len(chosen)}.", field="symbols")
    for origin, schemes in ((rest_origin, ("http", "https")), (stream_origin, ("ws", "wss"))):
        if origin and origin.partition("://")[0] not in schemes:
            raise Invalid(
                f"An address begins with {schemes[0]}://, not {origin!r}.", field="origin"
            )
    origins = {"rest_origin": rest_origin, "stream_origin": stream_origin}
    _switch(actor, name, FeedStanding.CONNECTING, is_on=True, symbols=chosen, **origins)
    return get(actor, name)


def switch_off(actor: Actor, name: str) -> LiveFeed:
    """Want no prices of an exchange any more; administrators only. Raises NotFound."""
    actor.require(Role.ADMIN)
    row = _row(name)
    _switch(actor, name, FeedStanding.OFF, is_on=False, symbols=row.symbols)
    return get(actor, name)


def get(_actor: Actor, name: str) -> LiveFeed:
    """Return one live feed; raises NotFound for one that nobody ever switched on."""
    return _view(_row(name))


def list_feeds(_actor: Actor) -> tuple[LiveFeed, ...]:
    """Return every live feed of this installation; everybody may see them."""
    return tuple(_view(row) for row in rows.all_of())


def quote(_actor: Actor, key: str) -> Quote:
    """Return the last price that a live feed told of ``venue:SYMBOL``, or the reason for none."""
    name, _, symbol = key.partition(":")
    row = rows.find(name)
    if row is None or not row.is_on:
        return no_quote(key, "live", name, f"off: {_NEVER_ON}")
    if symbol not in row.symbols:
        return no_quote(key, "live", name, f"{name} is not asked for prices of {symbol}.")
    board = QuoteBoard("live", name)
    for part in ("tick", "top"):
        told = ports().cache.get(cache_name(key, part))
        if told is not None:
            event = decoded(told)
            if isinstance(event, Tick | Top | Bar):
                board.note(event)
    found = board.quote(key, round(ports().clock().timestamp() * 1000))
    state = _view(row).state
    if found.price is None and state.reason:
        return no_quote(key, "live", name, state.words)
    return found


def settings_of(name: str) -> ExchangeSettings:
    """Return how an exchange is reached from here."""
    row = rows.find(name)
    if row is None:
        return ExchangeSettings(name)
    return ExchangeSettings(name, row.rest_origin, row.stream_origin)


def cache_name(key: str, part: str) -> str:
    """Return where the last ``tick`` or ``top`` of an instrument is kept."""
    return f"markets:last:{part}:{key}"


def channel_of(key: str) -> str:
    """Return the broadcast channel on which prices are told, one for each venue."""
    return f"markets:feed:{key.partition(':')[0]}"


def check_exchange(name: str) -> None:
    """Raise NotFound unless ccxt knows the exchange; reads no more than the names of its files."""
    spec = find_spec("ccxt")
    folders = (spec.submodule_search_locations or ()) if spec is not None else ()
    plain = name.isidentifier() and not name.startswith("_")
    if not plain or not any((Path(one) / "pro" / f"{name}.py").is_file() for one in folders):
        raise NotFound(
            f"There is no exchange {name!r} here; use ccxt's name, such as 'binance'.",
            exchange=name,
        )


def _row(name: str) -> rows.FeedRow:
    row = rows.find(name)
    if row is None:
        raise NotFound(f"There is no live feed {name!r}; switch it on first.", feed=name)
    return row


def _switch(actor: Actor, name: str, standing: FeedStanding, **values: object) -> None:
    now = ports().clock()
    rows.put(
        name,
        standing=standing.value,
        reason="",
        since_ms=round(now.timestamp() * 1000),
        changed_by=actor.user_id,
        workspace_id=actor.workspace_id,
        changed_at=now,
        **values,
    )


def _view(row: rows.FeedRow) -> LiveFeed:
    return LiveFeed(row.name, row.is_on, tuple(row.symbols), _state(row))


def _state(row: rows.FeedRow) -> FeedState:
    if not row.is_on:
        return FeedState(FeedStanding.OFF, row.since_ms, _NEVER_ON)
    is_new = ports().clock() - row.changed_at < _TAKEN_UP_WITHIN
    if not is_new and not rows.is_lease_alive(LEASE):
        return FeedState(FeedStanding.OFF, row.since_ms, _NOBODY)
    return FeedState(FeedStanding(row.standing), row.since_ms, row.reason)


def wanted() -> Mapping[str, tuple[ExchangeSettings, tuple[str, ...]]]:
    """Return the feeds that somebody wants, with their symbols."""
    return {
        row.name: (
            ExchangeSettings(row.name, row.rest_origin, row.stream_origin),
            tuple(row.symbols),
        )
        for row in rows.all_of()
        if row.is_on
    }
