"""Replays of a person: recorded prices as if they came now, at any speed.

Where a replay stands is computed from its row and the clock: it needs no process, survives every
restart and is the same on all pages. The prices that it tells come from the store of candles.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sonde.markets.core.candles import Candles
from sonde.markets.core.feeds.events import FeedEvent
from sonde.markets.core.feeds.quotes import Quote, QuoteBoard, no_quote
from sonde.markets.core.feeds.recorded import bar_of, events_between
from sonde.markets.core.feeds.replay_state import ReplayState
from sonde.markets.core.prices.series import Series
from sonde.markets.persistence import replays as rows
from sonde.markets.services import price_store
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import after_commit, ports

MOST_SERIES = 20
FOLLOWED = "markets:followed:"  # begins the names of what knows where a replay stood
_LISTED = 50
_MOST_EVENTS_MS = 10_000 * 60_000


@dataclass(frozen=True)
class Replay:
    """One replay, as its owner sees it.

    Parameters
    ----------
    id, title : str
    keys : tuple of str
        The instruments with their timeframes, such as ``"binance:BTCUSDT 1m"``.
    series_ids : tuple of str
    state : ReplayState
    position_ms : int
        Where it stands now, in recorded time, milliseconds UTC.
    is_playing : bool
        Whether it moves now.
    is_over : bool
        Whether it is at its end.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    series_ids: tuple[str, ...]
    state: ReplayState
    position_ms: int
    is_playing: bool
    is_over: bool


def create(
    actor: Actor,
    series_ids: Sequence[str],
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    speed: float = 1.0,
    title: str = "",
) -> Replay:
    """Make a replay of some series; it stands at its beginning.

    Raises Forbidden for viewers, NotFound for a series that is not the actor's to see and Invalid
    for no series, too many, an empty time or a speed out of range.
    """
    actor.require(Role.ANALYST)
    chosen = [price_store.get(actor, one) for one in dict.fromkeys(series_ids)]
    if not 1 <= len(chosen) <= MOST_SERIES:
        raise Invalid(f"Choose 1 to {MOST_SERIES} series, not {len(chosen)}.", field="series")
    first_ms, last_ms = _span(chosen)
    start_ms = first_ms if from_ms is None else max(from_ms, first_ms)
    end_ms = last_ms if to_ms is None else min(to_ms, last_ms)
    state = ReplayState(start_ms, end_ms, start_ms, price_store.now_ms(), float(speed))
    row = rows.ReplayRow(
        id=new_id(),
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        title=title.strip()[:120] or ", ".join(one.instrument.symbol for one in chosen)[:120],
        series_ids=[one.id for one in chosen],
        **_columns(state),
    )
    rows.add(row)
    return _view(row, _keys(actor))


def get(actor: Actor, replay_id: str) -> Replay:
    """Return one of the actor's replays; raises NotFound."""
    return _view(_row(actor, replay_id), _keys(actor))


def list_replays(actor: Actor) -> tuple[Replay, ...]:
    """Return the actor's replays, newest first."""
    found = rows.all_of(actor.user_id, _LISTED)
    keys = _keys(actor) if found else {}
    return tuple(_view(row, keys) for row in found)


def play(actor: Actor, replay_id: str) -> Replay:
    """Go on; raises NotFound, Conflict at the end."""
    return _changed(actor, replay_id, ReplayState.play)


def pause(actor: Actor, replay_id: str) -> Replay:
    """Stand still; raises NotFound."""
    return _changed(actor, replay_id, ReplayState.pause)


def set_speed(actor: Actor, replay_id: str, speed: float) -> Replay:
    """Go on at another speed; raises NotFound, Invalid out of range."""
    return _changed(actor, replay_id, lambda state, now_ms: state.at_speed(speed, now_ms))


def seek(actor: Actor, replay_id: str, position_ms: int) -> Replay:
    """Move to a recorded time; raises NotFound, Invalid outside the recording."""
    return _changed(actor, replay_id, lambda state, now_ms: state.seek(position_ms, now_ms))


def remove(actor: Actor, replay_id: str) -> None:
    """Forget a replay; raises NotFound."""
    rows.remove(_row(actor, replay_id, held=True).id)


def candles(actor: Actor, replay_id: str, series_id: str, from_ms: int | None = None) -> Candles:
    """Return the candles that are over where the replay stands; raises NotFound."""
    replay = get(actor, replay_id)
    if series_id not in replay.series_ids:
        raise NotFound("This replay does not hold that series.", series=series_id)
    series = price_store.get(actor, series_id)
    over_ms = replay.position_ms - series.timeframe.ms + 1
    first_ms = series.first_ms or 0 if from_ms is None else from_ms
    return price_store.load(actor, series_id, first_ms, max(over_ms, first_ms))


def events(actor: Actor, replay_id: str, from_ms: int) -> tuple[tuple[FeedEvent, ...], int]:
    """Return what became known from `from_ms` to where the replay stands, and where that is.

    Of a long time only the end is told: whoever listens reads the candles first. Raises NotFound.
    """
    replay = get(actor, replay_id)
    to_ms = replay.position_ms
    first_ms = max(from_ms, to_ms - _MOST_EVENTS_MS, replay.state.start_ms)
    recorded = []
    for series_id in replay.series_ids:
        length_ms = price_store.get(actor, series_id).timeframe.ms
        recorded.append(price_store.load(actor, series_id, first_ms - length_ms, to_ms))
    return tuple(events_between(recorded, first_ms, to_ms)), to_ms


def quote(actor: Actor, replay_id: str, key: str) -> Quote:
    """Return the price of ``venue:SYMBOL`` where the replay stands; raises NotFound.

    It is the close of the newest bar that is over, and its age is counted in recorded time.
    """
    return quote_of(actor, get(actor, replay_id), key)


def quote_of(actor: Actor, replay: Replay, key: str) -> Quote:
    """Return what `quote` does, of a replay that is at hand."""
    finest = finest_series(actor, replay, key)
    if finest is None:
        return no_quote(key, "replay", replay.title, f"{replay.title} does not hold {key}.")
    length_ms = finest.timeframe.ms
    board = QuoteBoard("replay", replay.title, max_age_ms=2 * length_ms)
    over_ms = replay.position_ms - length_ms + 1
    known = price_store.load_series(finest, over_ms - 1000 * length_ms, over_ms)
    if known.n:
        bar = bar_of(known, known.n - 1)
        board.note_close(bar, bar.open_time_ms + length_ms)
    return board.quote(key, replay.position_ms)


def finest_series(actor: Actor, replay: Replay, key: str) -> Series | None:
    """Return the series of ``venue:SYMBOL`` with the shortest bars that a replay holds."""
    held = [one for one in price_store.list_series(actor) if one.id in replay.series_ids]
    fitting = [one for one in held if one.instrument.key == key]
    return min(fitting, key=lambda one: one.timeframe.ms, default=None)


def _changed(
    actor: Actor, replay_id: str, change: Callable[[ReplayState, int], ReplayState]
) -> Replay:
    row = _row(actor, replay_id, held=True)
    state = change(_state(row), price_store.now_ms())
    for name, value in _columns(state).items():
        setattr(row, name, value)
    after_commit(partial(ports().recent.forget, f"{FOLLOWED}{actor.user_id}:"))
    return _view(row, _keys(actor))


def _row(actor: Actor, replay_id: str, *, held: bool = False) -> rows.ReplayRow:
    row = rows.find(replay_id, actor.user_id, held=held)
    if row is None:
        raise NotFound("There is no such replay, or it is not yours to see.", id=replay_id)
    return row


def _span(chosen: Sequence[Series]) -> tuple[int, int]:
    firsts = [one.first_ms for one in chosen if one.first_ms is not None]
    lasts = [one.last_ms + one.timeframe.ms for one in chosen if one.last_ms is not None]
    if not firsts:
        raise Invalid("These series hold no candles yet.", field="series")
    # What ends at the very end belongs to it.
    return min(firsts), max(lasts) + 1


def _state(row: rows.ReplayRow) -> ReplayState:
    return ReplayState(
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        position_ms=row.position_ms,
        wall_ms=row.wall_ms,
        speed=row.speed,
        is_playing=row.is_playing,
        seeks=row.seeks,
    )


def _columns(state: ReplayState) -> dict[str, float]:
    return {
        "start_ms": state.start_ms,
        "end_ms": state.end_ms,
        "position_ms": state.position_ms,
        "wall_ms": state.wall_ms,
        "speed": state.speed,
        "is_playing": state.is_playing,
        "seeks": state.seeks,
    }


def _keys(actor: Actor) -> Mapping[str, str]:
    return {one.id: one.key for one in price_store.list_series(actor)}


def _view(row: rows.ReplayRow, known: Mapping[str, str]) -> Replay:
    state, now_ms = _state(row), price_store.now_ms()
    return Replay(
        id=row.id,
        title=row.title,
        keys=tuple(known[one] for one in row.series_ids if one in known),
        series_ids=tuple(row.series_ids),
        state=state,
        position_ms=state.at(now_ms),
        is_playing=state.plays(now_ms),
        is_over=state.is_over(now_ms),
    )
