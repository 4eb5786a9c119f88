"""Live prices reach the trades: ten times a second, the extremes of the time between among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from sonde.markets.core.feeds.events import FeedEvent, Tick, Top
from sonde.markets.core.risk.facts import Quote
from sonde.markets.services import trade_prices
from sonde.platform.core.errors import SondeError
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work

_log = structlog.get_logger(__name__)


@dataclass
class PassingPrices:
    """What was traded since prices were shown last: of each instrument lowest, highest, newest.

    Parameters
    ----------
    source : str
        Such as ``"live binance"``.

    Examples
    --------
    >>> from decimal import Decimal
    >>> passing = PassingPrices("live x")
    >>> for time_ms, price in ((1, 5), (2, 9), (3, 4), (4, 6), (5, 7)):
    ...     passing.note(Tick("x:AB", time_ms, Decimal(price), Decimal(1)))
    >>> [int(quote.last) for quote in passing.taken()["x:AB"]]
    [9, 4, 7]
    >>> passing.taken()
    {}
    """

    source: str
    _ticks: dict[str, list[Tick]] = field(default_factory=dict)
    _tops: dict[str, Top] = field(default_factory=dict)

    def note(self, event: FeedEvent) -> None:
        """Take in what a feed says."""
        if isinstance(event, Top):
            self._tops[event.key] = event
        elif isinstance(event, Tick) and not event.for_display:
            seen = self._ticks.setdefault(event.key, [])
            both = [*seen, event]
            kept = {id(one): one for one in (_least(both), _most(both), event)}
            self._ticks[event.key] = [one for one in both if id(one) in kept]

    def taken(self) -> Mapping[str, Sequence[Quote]]:
        """Return what is to be shown, in order of time; the newest with bid and ask."""
        ticks, self._ticks = self._ticks, {}
        return {
            key: [*map(self._bare, seen[:-1]), self._whole(seen[-1])] for key, seen in ticks.items()
        }

    def _bare(self, tick: Tick) -> Quote:
        return Quote(tick.price, tick.time_ms, self.source)

    def _whole(self, tick: Tick) -> Quote:
        top = self._tops.get(tick.key)
        if top is None or not top.bid <= tick.price <= top.ask:
            return self._bare(tick)
        return Quote(tick.price, tick.time_ms, self.source, top.bid, top.ask)


def show(outside: Ports, prices: Mapping[str, Sequence[Quote]]) -> int:
    """Show prices to every account that trades their instrument; return to how many.

    Each account is a unit of work of its own: one that fails holds up no other.
    """
    with unit_of_work(outside):
        wanted = [(one, key) for key in prices for one in trade_prices.accounts_trading(key)]
    for account_id, key in wanted:
        try:
            with unit_of_work(outside):
                for quote in prices[key]:
                    trade_prices.take_quote(account_id, key, quote)
        except SondeError as error:
            _log.warning("trades.not_shown", account=account_id, error=error.message)
    return len(wanted)


def _least(ticks: Sequence[Tick]) -> Tick:
    return min(ticks, key=lambda one: one.price)


def _most(ticks: Sequence[Tick]) -> Tick:
    return max(ticks, key=lambda one: one.price)
