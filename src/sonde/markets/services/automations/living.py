"""A strategy at live prices: it decides on each bar when that has closed and is stored."""

from dataclasses import replace
from typing import Final

from sonde.markets.core.automating import Wanted, rows_wanting, wanted_at
from sonde.markets.persistence import automations as rows
from sonde.markets.services import market_views, price_store
from sonde.markets.services.automations import deciding
from sonde.markets.services.automations.deciding import LATE, Outcome
from sonde.markets.services.automations.windows import window
from sonde.platform.core.actor import Actor

# A decision is acted on while the bar after it is young, and never later than this.
_LATEST_MS: Final = 300_000


def decide(actor: Actor, automation_id: str) -> int:
    """Decide on the bars that have closed since; return how many those were.

    Only the newest is acted on, and only soon after its close: what was wanted while nobody looked
    stands in the log as late. Raises NotFound where the series is gone.
    """
    row = rows.lock(automation_id)
    if row is None or row.state != rows.RUNNING or row.replay_id:
        return 0
    series = price_store.find(actor, row.symbol, row.timeframe)
    length_ms, now_ms = series.timeframe.ms, price_store.now_ms()
    if series.last_ms is None or series.last_ms + length_ms <= row.decided_ms:
        return 0
    seen = window(actor, row, series, now_ms)
    due, wanting = seen.rows_after(row.decided_ms), rows_wanting(seen.decisions)
    for k in due:
        closed_ms, bar_ms = (
            int(one[k]) for one in (seen.candles.close_time_ms, seen.candles.open_time_ms)
        )
        row.decided_ms = closed_ms
        if not wanting[k]:
            continue
        wanted, age_ms = wanted_at(seen.decisions, int(k)), now_ms - closed_ms
        if k == due[-1] and age_ms <= min(length_ms, _LATEST_MS):
            _act(actor, row, wanted, bar_ms)
        else:
            words = f"The bar was known {age_ms // 1000} s after its close: too late to act on."
            deciding.log(row, wanted, bar_ms, Outcome(LATE, words))
    return len(due)


def _act(actor: Actor, row: rows.AutomationRow, wanted: Wanted, bar_ms: int) -> None:
    market = market_views.of(actor, row.symbol)
    if market.quote is not None and not market.quote.source.startswith("live"):
        market = replace(market, quote=None)  # what is stored or replayed is no price to trade at
    deciding.act(actor, row, wanted, bar_ms, market)
