"""Trades in a replay: whoever looks at an account first replays the bars that it has missed.

A replay needs no process, and neither do its trades: the bars that are over where it stands are the
same whenever one looks, and so is what they do to the orders.
"""

from collections.abc import Iterable, Sequence

import structlog

from sonde.markets.core.bars import whole_bars
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.trades import TradeState
from sonde.markets.persistence import accounts as rows
from sonde.markets.persistence import automations, journal, watches
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.persistence.accounts import AccountRow
from sonde.markets.persistence.automations import AutomationRow
from sonde.markets.persistence.watches import WatchRow
from sonde.markets.services import accounts, instruments, price_store, quotes, replays, trade_prices
from sonde.markets.services.automations import stepping
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

_log = structlog.get_logger(__name__)
_AT_ONCE = 20_000
_AGAIN_MS = 200
_MOST_PASSING = 60
Missed = tuple[str, Bar, int]


def catch_up(actor: Actor, account_id: str) -> int:
    """Replay what an account has missed of the replays that play; return how many bars.

    Only the owner's replays concern an account. A strategy that runs in one decides on the way.
    Raises NotFound.
    """
    row = accounts.row_to_see(actor, account_id)
    if row.owner_id != actor.user_id:
        return 0
    strategy = _strategy_of(account_id)
    count = 0 if strategy is None else stepping.step(actor, strategy.id)
    missed = _missed_of(actor, row, strategy)[:_AT_ONCE]
    if missed:
        trade_prices.take_many(account_id, missed)
    return count + len(missed)


def keep_up(actor: Actor, account_id: str) -> int:
    """Do as `catch_up` for who only looks: five times a second at most, and never waiting.

    Somebody who holds the account is about to change it; what comes of that is seen next time. Bars
    that would change nothing are left for later.
    """
    name = f"{replays.FOLLOWED}{actor.user_id}:{account_id}"
    recent, now_ms = ports().recent, price_store.now_ms()
    if recent.is_within(name, _AGAIN_MS, now_ms):
        return 0
    row, strategy = accounts.row_to_see(actor, account_id), _strategy_of(account_id)
    matters = strategy is not None or _matter(actor, account_id, _missed_of(actor, row, None))
    works = matters and rows.is_free(account_id)
    recent.note(name, now_ms)
    return catch_up(actor, account_id) if works else 0


def _matter(actor: Actor, account_id: str, missed: Sequence[Missed]) -> bool:
    """Say whether bars change more than the newest price of an account in which nothing is held."""
    if not missed or len(missed) > _MOST_PASSING:
        return bool(missed)
    trades = [one.view() for one in trade_rows.active(account_id)]
    if any(one.state is not TradeState.PENDING or one.entry.expires_ms for one in trades):
        return True
    watched = {one.symbol: one for one in watches.of_account(account_id)}
    return any(_reaches(actor, watched[key], bar) for key, bar, _ in missed if key in watched)


def _reaches(actor: Actor, watch: WatchRow, bar: Bar) -> bool:
    """Say whether a bar reaches a price at which something happens."""
    one = instruments.get(actor, watch.symbol)
    return (
        watch.is_eager
        or (watch.below is not None and one.price_of(bar.low) <= watch.below)
        or (watch.above is not None and one.price_of(bar.high) >= watch.above)
    )


def _strategy_of(account_id: str) -> AutomationRow | None:
    """Return the strategy that decides in a replay on the way; None without one."""
    found = automations.of_account(account_id)
    runs = found is not None and bool(found.replay_id) and found.state == automations.RUNNING
    return found if runs else None


def _missed_of(actor: Actor, row: AccountRow, strategy: AutomationRow | None) -> list[Missed]:
    """Return the bars that an account has not seen, as they closed; not those of a strategy."""
    traded = {one.symbol for one in trade_rows.active(row.id)}
    symbols = sorted(traded - {strategy.symbol if strategy else ""})
    playing = [one for one in replays.list_replays(actor) if one.is_playing] if symbols else []
    found: list[Missed] = []
    for symbol in symbols:
        held = (one for one in playing if any(key.partition(" ")[0] == symbol for key in one.keys))
        replay = next(held, None)
        live = None if replay is None else quotes.live(actor, symbol)
        if replay is None or (live is not None and live.price is not None):
            continue
        try:
            found += _missed(actor, row, symbol, replay)
        except Invalid as error:  # bars off the grid: the account can be looked at all the same
            _log.warning("replay.not_shown", symbol=symbol, error=error.message)
    return sorted(found, key=lambda one: (one[1].time_ms + one[2], one[0]))


def _missed(actor: Actor, row: AccountRow, symbol: str, replay: replays.Replay) -> Iterable[Missed]:
    finest = replays.finest_series(actor, replay, symbol)
    if finest is None:
        return ()
    length_ms = finest.timeframe.ms
    # every instrument has a clock of its own: one of them may have come further than another
    seen_ms = -(-journal.seen_ms(row.id, row.epoch, symbol) // length_ms) * length_ms
    if seen_ms + length_ms > replay.position_ms:
        return ()
    missed = replays.candles(actor, replay.id, finest.id, seen_ms)
    bars = whole_bars(missed.until(min(_AT_ONCE, missed.n)))
    return [(symbol, bar, length_ms) for bar in bars]
