"""The engine as the desk uses it: every trade's orders, prices, and a journal to be kept.

The engine itself is imported when one is made: it brings the compiler with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sonde.markets.core.accounts import Balance
from sonde.markets.core.desk.following import Happened
from sonde.markets.core.desk.port import DeskOrder
from sonde.markets.core.desk.watching import Watch, watch_of
from sonde.markets.core.engine.journal import JournalEntry
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.engine.listings import EngineSettings
from sonde.markets.core.engine.orders import OrderRequest, OrderView
from sonde.markets.core.instruments import unit_value
from sonde.platform.core.errors import Conflict, NotFound

if TYPE_CHECKING:
    from sonde.markets.core.engine.engine import Engine, Position
    from sonde.markets.core.engine.levels import Levels

WHY_REFUSED = {
    "quantity": "The quantity must be above 0.",
    "price": "An order of this kind needs a price above 0.",
    "min_notional": "This is less than the least order of the venue; make the amount larger.",
    "spot_short": "A spot instrument cannot be sold short; trade it as a perpetual.",
    "nothing_to_reduce": "There is no position to reduce.",
    "insufficient_balance": "The free balance does not cover the cost and the fee.",
    "post_only": "A post-only order that would fill at once is refused; move its price away from "
    "the market.",
    "requested": "Cancelled.",
    "expired": "The time of the order was over.",
}
QUIET_MS = 60_000
_ENDS = ("cancelled", "expired")


class PaperEngine:
    """An engine behind the desk's port.

    Parameters
    ----------
    engine : Engine
        As it was restored, or new.
    """

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._kept = self._seen = len(engine.journal)
        currency = engine.settings.currency
        listed = [one.instrument for one in engine.settings.listings]
        self._unit_value = {one.key: unit_value(one, currency) for one in listed}
        self._quoted_ms: dict[str, int] = {
            one.facts["key"]: one.time_ms for one in engine.journal if one.kind == "quote"
        }
        self._over_ms: dict[str, int] = {
            one.facts["key"]: one.time_ms + int(one.facts.get("length_ms", 0))
            for one in engine.journal
            if one.kind in ("bar", "quote")
        }

    @classmethod
    def restored(cls, settings: EngineSettings, entries: Iterable[JournalEntry]) -> "PaperEngine":
        """Return the engine that the entries of a journal lead to."""
        from sonde.markets.core.engine.engine import Engine

        return cls(Engine.restore(settings, list(entries)))

    def place(self, entry: DeskOrder, guards: Sequence[DeskOrder]) -> tuple[int, ...]:
        """Submit an entry with its guards; raises Conflict in words if it is refused."""
        children = [_request(one, follows=True) for one in guards]
        by_kind = {one.kind: one for one in children}
        stop = by_kind.get("trailing") or by_kind.get("stop")
        number = self._engine.submit(_request(entry), stop, by_kind.get("take_profit"))
        self._refuse_rejected([number])
        return tuple(range(number, number + 1 + len(guards)))

    def guard(self, orders: Sequence[DeskOrder]) -> tuple[int, ...]:
        """Submit orders of which one reduces the others; raises Conflict if one is refused."""
        numbers = self._engine.submit_oco([_request(one) for one in orders])
        self._refuse_rejected(numbers)
        return numbers

    def link(self, orders: Sequence[int]) -> None:
        """Let open orders reduce each other: what one fills, the others lose."""
        self._engine.link(orders)

    def change(self, order: int, *, steps: int | None = None, ticks: int | None = None) -> None:
        """Change what is left of an order, or its limit or trigger."""
        view = self._engine.order(order)
        changes: dict[str, int] = {}
        if steps is not None:
            changes["quantity"] = view.filled + steps
        if ticks is not None:
            changes["limit" if view.kind == "limit" else "trigger"] = ticks
        self._engine.modify(order, **changes)

    def cancel(self, order: int) -> None:
        """Cancel an open order."""
        self._engine.cancel(order)

    def quantity(self, order: int) -> int | None:
        """Return the steps that an order has left; None if it has ended."""
        try:
            view = self._engine.order(order)
        except NotFound:  # it had ended before the newest snapshot
            return None
        return None if view.has_ended else view.quantity - view.filled

    def level(self, order: int) -> int | None:
        """Return the ticks at which an open order acts; None if it has ended or knows no price."""
        try:
            view = self._engine.order(order)
        except NotFound:
            return None
        if view.has_ended or (view.kind == "trailing" and not view.best):
            return None
        if view.kind != "trailing":
            return view.trigger or view.limit or None
        return view.best + view.side * view.distance

    def balance(self, marks: Mapping[str, int] = MappingProxyType({})) -> Balance:
        """Return what is in the account; positions at `marks` in ticks, else at what was seen."""
        found = self._engine.balance()
        moved = sum(
            (marks[one.key] - one.last) * one.steps * self._unit_value[one.key]
            for one in self._engine.positions()
            if one.key in marks and one.last
        )
        return Balance(found.free, found.held, found.margin, found.unrealised + moved)

    def marks(self) -> dict[str, int]:
        """Return the newest price of every instrument that has one, in ticks."""
        return {one.key: one.last for one in self._engine.positions() if one.last}

    def bound_units(self, key: str) -> int:
        """Return what leaving a position at the last price would set free."""
        place = self._engine.position(key)
        return place.margin + place.unrealised if place.margin else 0

    def transfer(self, units: int) -> None:
        """Put money in or take it out."""
        self._engine.transfer(units)

    @property
    def now_ms(self) -> int:
        """When something was seen last, milliseconds UTC."""
        return self._engine.now_ms

    def quote(
        self,
        key: str,
        time_ms: int,
        prices: tuple[int, int, int],
        depth: int | None = None,
        book: "tuple[Levels, Levels] | None" = None,
    ) -> None:
        """Act on bid, ask and last in ticks; a quote that is late counts as of now."""
        self._engine.on_quote(key, max(time_ms, self._engine.now_ms), prices, depth, book)
        self._quoted_ms[key] = self._over_ms[key] = self._engine.now_ms

    def matters(self, key: str, time_ms: int, prices: tuple[int, int, int]) -> bool:
        """Say whether a quote could change more than the newest price.

        It does where it reaches a level, where an order has not seen a price yet, and every minute.
        The journal of a quiet account stays short; what fills is the same.
        """
        bid, ask, last = prices
        place = self._engine.position(key)
        seen_ms = self._quoted_ms.get(key, 0)
        if time_ms - seen_ms >= QUIET_MS or _is_liquidated(place, last):
            return True
        alike = (one for one in self._engine.orders() if one.key == key and one.is_open)
        return any(
            max(one.submitted_ms, one.active_from_ms) >= seen_ms or _reaches(one, bid, ask, last)
            for one in alike
        )

    def watch(self, key: str) -> Watch | None:
        """Return at which prices something happens in an instrument; None if nothing is open."""
        seen_ms = max(self._quoted_ms.get(key, 0), self._over_ms.get(key, 0))
        return watch_of(self._engine.position(key), self._engine.orders(), seen_ms)

    def bar(self, key: str, bar: Bar, length_ms: int) -> bool:
        """Act on a closed bar; False if it lies before what was seen of its instrument."""
        if bar.time_ms < self._over_ms.get(key, 0):
            return False
        self._engine.on_bar(key, bar, length_ms)
        self._over_ms[key] = bar.time_ms + length_ms
        return True

    def funding(self, key: str, time_ms: int, rate_parts: int) -> None:
        """Note a funding rate; it is settled at the next price."""
        self._engine.on_funding(key, time_ms, rate_parts)

    def happened(self) -> list[Happened]:
        """Return what happened since this was asked last."""
        entries = self._engine.journal[self._seen :]
        self._seen = len(self._engine.journal)
        told = [_happened(one.facts) for one in entries if one.kind == "event"]
        return [one for one in told if one is not None]

    def unkept(self, most: int | None = None) -> list[JournalEntry]:
        """Return the entries that are to be added to the account's journal.

        The last one is a snapshot where more than `most` entries follow from the newest.
        """
        if most is not None and len(self._engine.journal) > max(most, self._kept):
            self._engine.snapshot()
        entries = self._engine.journal[self._kept :]
        self._kept = len(self._engine.journal)
        return entries

    def _refuse_rejected(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            view = self._engine.order(number)
            if view.state == "rejected":
                words = WHY_REFUSED.get(view.code, f"The order was refused: {view.code}.")
                raise Conflict(words, code=view.code)


def _request(order: DeskOrder, *, follows: bool = False) -> OrderRequest:
    return OrderRequest(
        key=order.symbol,
        kind=order.kind,
        side=order.sign,
        quantity=0 if follows else order.steps,
        limit=order.limit_ticks or 0,
        trigger=order.trigger_ticks or 0,
        distance=order.trail_ticks or 0,
        reduce_only=order.reduce_only,
        post_only=order.post_only,
        force=order.force,
        expires_ms=order.expires_ms,
    )


def _is_liquidated(place: "Position", last: int) -> bool:
    if not place.liquidation or not place.steps:
        return False
    way = 1 if place.steps > 0 else -1
    return (place.liquidation - last) * way >= 0


def _reaches(order: OrderView, bid: int, ask: int, last: int) -> bool:
    """Say whether a quote reaches an order's level; market orders are always reached."""
    if order.kind == "market" or order.triggered or order.kind == "trailing":
        return True
    if order.kind == "limit":
        met = min(ask, last) if order.side > 0 else max(bid, last)
        return (order.limit - met) * order.side >= 0
    toward = -1 if order.kind == "take_profit" else 1
    return (last - order.trigger) * order.side * toward >= 0


def _happened(event: Any) -> Happened | None:
    at = {"symbol": event["key"], "time_ms": event["time_ms"], "order": event["order"]}
    if event["kind"] == "fill":
        return Happened(
            "fill",
            **at,
            steps=event["quantity"],
            ticks=event["ticks"],
            fee_units=event["fee"],
            slippage_units=event["slippage"],
        )
    if event["kind"] == "funding":
        return Happened("funding", **at, paid_units=event["gross"])
    if event["kind"] in _ENDS and event["order"]:
        return Happened("ended", **at, reason=event["code"] or event["kind"])
    return None
