"""Bars that an account missed while nobody showed it prices: replayed once, and marked."""

from typing import Any, Final

from sonde.markets.core.bars import whole_bars
from sonde.markets.persistence import accounts as account_rows
from sonde.markets.persistence import journal
from sonde.markets.services import price_store, trade_prices
from sonde.platform.core.errors import NotFound
from sonde.platform.services import accounts as people

GAP: Final = "gap"
_LONG_MS: Final = 120_000
_AT_ONCE: Final = 20_000


def catch_up(account_id: str, symbol: str, now_ms: int) -> int:
    """Replay what is stored between what an account saw last and now; return how many bars.

    A gap of less than two minutes is none. The journal marks every other: how long it was, how
    many bars were replayed, how many there should have been.
    """
    row = account_rows.lock(account_id)
    seen_ms = journal.seen_ms(account_id, row.epoch, symbol)
    if not seen_ms or now_ms - seen_ms < _LONG_MS:
        return 0
    try:
        actor = people.actor_for(row.owner_id)
        held = [one for one in price_store.list_series(actor) if one.instrument.key == symbol]
    except NotFound:
        held = []
    facts: dict[str, Any] = {"symbol": symbol, "from_ms": seen_ms, "to_ms": now_ms, "bars": 0}
    if held:
        finest = min(held, key=lambda one: one.timeframe.ms)
        length_ms = finest.timeframe.ms
        first_ms = -(-seen_ms // length_ms) * length_ms
        known = price_store.load(actor, finest.id, first_ms, now_ms - length_ms + 1)
        known = known.until(min(known.n, _AT_ONCE))
        trade_prices.take_bars(account_id, symbol, whole_bars(known), length_ms)
        wanted = max(0, (now_ms - first_ms) // length_ms)
        facts |= {"bars": known.n, "missing": max(0, wanted - known.n), "bar_ms": length_ms}
    journal.append(account_rows.lock(account_id), [(now_ms, GAP, facts)])
    return int(facts["bars"])
