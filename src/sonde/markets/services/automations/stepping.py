"""A strategy in a replay: bar by bar, each decision at its close, however fast the replay is.

What it does depends on the bars alone: not on when somebody looks, nor on how often.
"""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.automating import rows_wanting, wanted_at
from sonde.markets.core.bars import whole_bars
from sonde.markets.core.candles import Candles
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.feeds.recorded import on_grid
from sonde.markets.core.indicators.atr import atr
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.measuring import Market
from sonde.markets.core.prices.series import Series
from sonde.markets.core.risk.facts import Quote
from sonde.markets.persistence import accounts as account_rows
from sonde.markets.persistence import automations as rows
from sonde.markets.persistence import journal
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import instruments, price_store, replays, trade_prices
from sonde.markets.services.automations import deciding
from sonde.markets.services.automations.windows import Window, window
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import NotFound

MOST_DECISIONS: Final = 500
MOST_ACTS: Final = 10
_MOST_BARS: Final = 20_000
_ATR_BARS: Final = 100


def step(actor: Actor, automation_id: str) -> int:
    """Take a running strategy to where its replay stands; return how many bars it decided on.

    At most 500 bars and ten wishes at once, so that nobody waits long for the account: whoever has
    a long way to go asks again. Raises NotFound where the replay or the series is gone.
    """
    row = rows.lock(automation_id)
    if row is None or row.state != rows.RUNNING or not row.replay_id:
        return 0
    replay = replays.get(actor, row.replay_id)
    held = [price_store.get(actor, one) for one in replay.series_ids]
    alike = [one for one in held if one.instrument.key == row.symbol]
    series = next((one for one in alike if one.timeframe.name == row.timeframe), None)
    if series is None:
        raise NotFound(f"The replay does not hold {row.symbol} {row.timeframe} any more.")
    finest = min(alike, key=lambda one: one.timeframe.ms)
    if series.timeframe.floor(replay.position_ms) <= row.decided_ms:
        return _carry_only(actor, row, finest, replay.position_ms)
    seen = window(actor, row, series, replay.position_ms)
    wanting = rows_wanting(seen.decisions)
    due = _part_of(seen.rows_after(row.decided_ms), wanting)
    carrier = _Carrier(actor, row, finest, f"replay {replay.title}")
    for k in due:
        if wanting[k]:
            carrier.act(seen, int(k))
        row.decided_ms = int(seen.candles.close_time_ms[k])
    is_whole = not len(due) or due[-1] == seen.candles.n - 1
    carrier.carry(replay.position_ms if is_whole else row.decided_ms)
    return len(due)


def _part_of(due: NDArray[np.int64], wanting: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the first of these bars, up to the most that are decided on in one unit of work."""
    acts = np.flatnonzero(wanting[due])
    last = int(acts[MOST_ACTS - 1]) + 1 if len(acts) >= MOST_ACTS else len(due)
    return due[: min(last, MOST_DECISIONS)]


def _carry_only(actor: Actor, row: rows.AutomationRow, finest: Series, until_ms: int) -> int:
    _Carrier(actor, row, finest, "").carry(until_ms)
    return 0


class _Carrier:
    """Brings bars to the account up to a moment, and decisions in between."""

    def __init__(self, actor: Actor, row: rows.AutomationRow, finest: Series, source: str) -> None:
        self._actor, self._row, self._finest, self._source = actor, row, finest, source

    def carry(self, until_ms: int) -> None:
        """Replay the bars that closed until a moment, if anything waits for them."""
        row, length_ms = self._row, self._finest.timeframe.ms
        if not trade_rows.count_active(row.account_id):
            return
        for bars in _parts(self._bars(until_ms)):
            trade_prices.take_many(row.account_id, [(row.symbol, one, length_ms) for one in bars])

    def act(self, seen: Window, k: int) -> None:
        """Bring the bars up to the close of bar `k`, then do what was decided on it."""
        closed_ms = int(seen.candles.close_time_ms[k])
        self.carry(closed_ms)
        instrument = instruments.get(self._actor, self._row.symbol)
        market = _market(seen.candles.until(k + 1), instrument, self._source)
        wanted = wanted_at(seen.decisions, k)
        bar_ms = int(seen.candles.open_time_ms[k])
        deciding.act(self._actor, self._row, wanted, bar_ms, market)

    def _bars(self, until_ms: int) -> Sequence[Bar]:
        account = account_rows.lock(self._row.account_id)
        seen_ms = max(journal.clock_ms(account.id, account.epoch), self._row.started_ms)
        length_ms = self._finest.timeframe.ms
        first_ms = -(-seen_ms // length_ms) * length_ms
        if first_ms + length_ms > until_ms:
            return ()
        last_ms = until_ms - length_ms + 1
        return whole_bars(price_store.load(self._actor, self._finest.id, first_ms, last_ms))


def _parts(bars: Sequence[Bar]) -> Iterator[Sequence[Bar]]:
    for first in range(0, len(bars), _MOST_BARS):
        yield bars[first : first + _MOST_BARS]


def _market(known: Candles, instrument: Instrument, source: str) -> Market:
    """Return the market at the close of the last bar that is known."""
    length_ms, closed_ms = known.timeframe.ms, int(known.close_time_ms[-1])
    last = on_grid(float(known.close[-1]), instrument.tick)
    recent = known.between(closed_ms - _ATR_BARS * length_ms, closed_ms)
    swing = float(atr(recent.high, recent.low, recent.close)[-1]) / float(known.close[-1]) * 100
    percent = None if math.isnan(swing) else Decimal(f"{swing:.4f}")
    quote = Quote(last, closed_ms, source, every_ms=length_ms)
    return Market(instrument, closed_ms, quote, percent, bar_ms=length_ms)
