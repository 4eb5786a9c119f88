"""Trades in a replay: whoever looks at an account first replays the bars that it has missed.

A replay needs no process, and neither do its trades: the bars that are over where it stands are the
same whenever one looks, and so is what they do to the orders.
"""

from collections.abc import Sequence

import structlog

from sonde.markets.core.candles import Candles
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.persistence import journal
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import accounts, price_store, quotes, replays, trade_prices
from sonde.markets.services.recent_bars import playing
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

_log = structlog.get_logger(__name__)
_AT_ONCE = 20_000


def catch_up(actor: Actor, account_id: str) -> int:
    """Replay what an account has missed of the replays that play; return how many bars.

    Only the owner's replays concern an account. Raises NotFound.
    """
    row = accounts.row_to_see(actor, account_id)
    if row.owner_id != actor.user_id:
        return 0
    symbols = {one.symbol for one in trade_rows.active(account_id)}
    count = 0
    for symbol in sorted(symbols):
        try:
            count += _replay(actor, account_id, symbol)
        except Invalid as error:  # bars off the grid: the account can be looked at all the same
            _log.warning("replay.not_shown", symbol=symbol, error=error.message)
    return count


def _replay(actor: Actor, account_id: str, symbol: str) -> int:
    replay = playing(actor, quotes.latest(actor, symbol))
    if replay is None:
        return 0
    held = [price_store.get(actor, one) for one in replay.series_ids]
    finest = min(
        (one for one in held if one.instrument.key == symbol), key=lambda one: one.timeframe.ms
    )
    seen_ms = _seen_ms(account_id, finest.timeframe)
    if seen_ms + finest.timeframe.ms > replay.position_ms:
        return 0
    missed = replays.candles(actor, replay.id, finest.id, seen_ms)
    bars = _bars(missed.until(min(_AT_ONCE, missed.n)))
    trade_prices.take_bars(account_id, symbol, bars, finest.timeframe.ms)
    return len(bars)


def _seen_ms(account_id: str, timeframe: Timeframe) -> int:
    """Return the open of the first bar that begins when the account was last changed, or later."""
    newest = journal.newest(account_id)
    time_ms = 0 if newest is None else newest.time_ms
    floor_ms = timeframe.floor(time_ms)
    return floor_ms if floor_ms == time_ms else floor_ms + timeframe.ms


def _bars(candles: Candles) -> Sequence[Bar]:
    whole = candles.ticks()
    columns = (whole.open_time_ms, whole.open, whole.high, whole.low, whole.close, whole.volume)
    return [Bar(*row) for row in zip(*(one.tolist() for one in columns), strict=True)]
