"""The first prices of who has none: two simulated markets, stored and replayed at once."""

from collections.abc import Sequence
from typing import Final

from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.simulated import MARKETS, VENUE, simulated_candles
from sonde.markets.services import desk_choices, price_store, prices, replays
from sonde.markets.services.replays import Replay
from sonde.platform.core.actor import Actor, Role

FIRST_MS: Final = 1_767_225_600_000  # 1 January 2026
N_DAYS: Final = 60
LONGER: Final = "1h"
TITLE: Final = "Simulated markets"
_SPEED: Final = 60.0
_DAY_MS: Final = 86_400_000


def store(actor: Actor) -> Sequence[Series]:
    """Store the simulated markets in minutes and hours; what is there stays; raises Forbidden."""
    actor.require(Role.ANALYST)
    stored = []
    for market in MARKETS:
        candles = simulated_candles(market, FIRST_MS, N_DAYS)
        minutes = price_store.append_candles(actor, candles).series
        stored += [minutes, prices.resample(actor, minutes.id, LONGER).series]
    return stored


def start(actor: Actor) -> Replay:
    """Store the simulated markets and replay their second month at the desk; raises Forbidden.

    The first month lies behind whoever looks, so that indicators have a past. A replay of them
    that is not over goes on.
    """
    minutes = [one for one in store(actor) if one.timeframe.name != LONGER]
    replay = _standing(actor) or replays.create(
        actor, [one.id for one in minutes], from_ms=FIRST_MS, speed=_SPEED, title=TITLE
    )
    if replay.position_ms == replay.state.start_ms:
        replays.seek(actor, replay.id, FIRST_MS + N_DAYS // 2 * _DAY_MS)
    desk_choices.choose(actor, symbol=minutes[0].instrument.key)
    return replays.play(actor, replay.id)


def is_there(actor: Actor) -> bool:
    """Tell whether the actor sees the simulated markets."""
    return any(one.instrument.venue == VENUE for one in price_store.list_series(actor))


def _standing(actor: Actor) -> Replay | None:
    own = (one for one in replays.list_replays(actor) if one.title == TITLE and not one.is_over)
    return next(own, None)
