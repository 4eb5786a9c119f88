"""The table of one account and the commands that act on it: whole, or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sonde.markets.core.engine import steps
from sonde.markets.core.engine.journal import Event, events_of
from sonde.markets.core.engine.layout import (
    BOOK_ROWS,
    CODES,
    EVENT_SEQ,
    FIRST,
    FIRST_EVENT,
    FIRST_INSTRUMENT,
    FREE,
    LAST,
    M_TIME,
    N_EVENTS,
    NEXT_ID,
    O_DISTANCE,
    O_GROUP,
    O_ID,
    O_INSTRUMENT,
    O_LIMIT,
    O_PARENT,
    O_QUANTITY,
    O_TRIGGER,
    OK,
    P_SEEN,
    P_STEPS,
    WIDTH,
    Bar,
    Ints,
    enlarged,
    event_room,
    new_state,
)
from sonde.markets.core.engine.levels import book_of
from sonde.markets.core.engine.listings import EngineSettings
from sonde.markets.core.engine.orders import (
    OrderRequest,
    OrderView,
    changeable,
    pending,
    view_of,
)
from sonde.markets.core.money import AmountTooLarge, fitting
from sonde.platform.core.errors import Conflict, Invalid, NotFound, SondeError

Facts = Mapping[str, Any]


class LedgerBroken(SondeError):
    """The ledger does not balance; nothing was changed. This is a fault of the engine."""

    code = "ledger_broken"


class Account:
    """The numbers of one account.

    Parameters
    ----------
    settings : EngineSettings

    Attributes
    ----------
    state : ndarray of int64, shape (row, WIDTH)
        As ``layout`` describes it.
    ended : dict
        The orders that have ended, by number.
    rates : list of tuple
        Funding that is not settled yet: place of the instrument, time in ms, parts per 10**9.
    """

    def __init__(self, settings: EngineSettings) -> None:
        """Begin without money."""
        self.settings = settings
        self.state = self._blank()
        self.ended: dict[int, OrderView] = {}
        self.rates: list[tuple[int, int, int]] = []
        self._commands: Mapping[str, Callable[[Facts], list[Event]]] = {
            "submit": self._submit,
            "submit_oco": self._submit_oco,
            "link": self._link,
            "modify": self._modify,
            "cancel": self._cancel,
            "activate": self._activate,
            "transfer": self._transfer,
            "reset": self._reset,
            "bar": self._bar,
            "quote": self._quote,
            "funding": self._funding,
            "close_all": self._close_all,
            "snapshot": self._snapshot,
        }

    def perform(self, kind: str, facts: Facts, time_ms: int) -> list[Event]:
        """Do one command and return what happened.

        Raises
        ------
        NotFound, Conflict, Invalid
            If it cannot be done; nothing is changed then.
        AmountTooLarge
            If an amount does not fit into int64; nothing is changed then.
        LedgerBroken
            If the engine is wrong; nothing is changed then.
        """
        if kind not in self._commands:
            raise Invalid(f"There is no command {kind!r}.", field="kind")
        before, rates, n_ended = self.state.copy(), list(self.rates), len(self.ended)
        try:
            self.state[1, M_TIME] = time_ms
            found = self._commands[kind](facts)
            self.state[1, M_TIME] = max(self.state[1, M_TIME], before[1, M_TIME])
        except (OverflowError, ArithmeticError, SondeError) as refused:
            self.state, self.rates = before, rates
            for number in list(self.ended)[n_ended:]:
                del self.ended[number]
            if isinstance(refused, OverflowError):
                raise AmountTooLarge from None
            if isinstance(refused, ArithmeticError):
                raise LedgerBroken from None
            raise
        return found

    def saved(self) -> dict[str, Any]:
        """Return all numbers of the account, as JSON can hold them."""
        rows = self.state[: int(self.state[0, LAST])]
        return {
            "rows": rows.tolist(),
            "room": int(self.state[0, FIRST_EVENT]),
            "rates": [list(one) for one in self.rates],
        }

    def load(self, saved: Facts) -> None:
        """Take up the numbers of an account.

        Raises
        ------
        Conflict
            If they are of an account with other settings.
        """
        rows, first = np.array(saved["rows"], np.int64), int(self.state[0, FIRST])
        if rows.ndim != 2 or rows.shape[1] != WIDTH:
            raise Conflict("The snapshot is of another version of the engine.")
        fresh = self.state[FIRST_INSTRUMENT:first, :P_STEPS]
        if rows[0, FIRST] != first or (rows[FIRST_INSTRUMENT:first, :P_STEPS] != fresh).any():
            raise Conflict("The snapshot does not follow from these settings.")
        while self.state[0, FIRST_EVENT] < int(saved["room"]):
            self.state = enlarged(self.state)
        self.state[: len(rows)] = rows
        self.rates = [(int(row), int(at_ms), int(rate)) for row, at_ms, rate in saved["rates"]]

    def row_of(self, key: str) -> int:
        """Return the row of an instrument."""
        return FIRST_INSTRUMENT + self.settings.place_of(key)

    def key_of(self, row: int) -> str:
        """Return the key of the instrument in a row."""
        return self.settings.listings[row - FIRST_INSTRUMENT].instrument.key

    def live_rows(self) -> range:
        """Return the rows of the orders that have not ended."""
        return range(int(self.state[0, FIRST]), int(self.state[0, LAST]))

    def view(self, number: int) -> OrderView:
        """Return one order, open or ended.

        Raises
        ------
        NotFound
            If there is none of that number.
        """
        if number in self.ended:
            return self.ended[number]
        for row in self.live_rows():
            if self.state[row, O_ID] == number:
                return self.view_at(row)
        raise NotFound(f"This account has no order {number}.")

    def view_at(self, row: int) -> OrderView:
        """Return the order in a row."""
        return view_of(self.state[row], self.key_of(int(self.state[row, O_INSTRUMENT])))

    def _blank(self) -> Ints:
        listings, currency = self.settings.listings, self.settings.currency
        return new_state([one.numbers(currency) for one in listings])

    def _open_row(self, number: int, wish: str) -> int:
        view = self.view(number)
        if view.has_ended:
            raise Conflict(f"Order {number} is {view.state}; it cannot be {wish}.", order=number)
        return next(row for row in self.live_rows() if self.state[row, O_ID] == number)

    def _enter(self, request: Facts, parent: int = 0, *, is_pending: bool = False) -> int:
        """Enter one order and return its number."""
        if self.state[0, LAST] + 2 > self.state[0, FIRST_EVENT]:
            self.state = enlarged(self.state)
        asked = OrderRequest(**request)
        row = asked.numbers(self.row_of(asked.key))
        row[O_PARENT] = parent
        for column in (O_QUANTITY, O_LIMIT, O_TRIGGER, O_DISTANCE):
            fitting(int(row[column]))
        number = int(self.state[0, NEXT_ID])
        code = steps.submit(self.state, pending(row) if is_pending else row)
        if code != OK:
            refused = view_of(self.state[self.state[0, LAST]], asked.key)
            self.ended[number] = replace(refused, code=CODES[code])
        return number

    def _group(self, numbers: list[int]) -> None:
        """Let orders be of one OCO group, named after the first."""
        for row in self.live_rows():
            if self.state[row, O_ID] in numbers:
                self.state[row, O_GROUP] = numbers[0]

    def _submit(self, facts: Facts) -> list[Event]:
        held_back = bool(facts["is_pending"])
        entry = self._enter(facts["entry"], is_pending=held_back)
        found = events_of(self.state, self.settings)
        if entry in self.ended:
            return found
        children = []
        for child in (facts["stop"], facts["target"]):
            if child is not None:
                children.append(self._enter(child, parent=entry))
                found += events_of(self.state, self.settings)
        if children:
            self._group(children)
        return found

    def _submit_oco(self, facts: Facts) -> list[Event]:
        found, numbers = [], []
        for request in facts["orders"]:
            numbers.append(self._enter(request))
            found += events_of(self.state, self.settings)
        self._group([number for number in numbers if number not in self.ended])
        return found

    def _link(self, facts: Facts) -> list[Event]:
        numbers = list(dict.fromkeys(int(number) for number in facts["numbers"]))
        rows = [self._open_row(number, "linked") for number in numbers]
        groups = {int(self.state[row, O_GROUP]) for row in rows} - {0}
        taken = sum(self.state[row, O_GROUP] in groups for row in self.live_rows())
        is_alone = taken == sum(self.state[row, O_GROUP] in groups for row in rows) == len(groups)
        if not is_alone or len(rows) < 2 or not all(self.view_at(row).is_open for row in rows):
            raise Conflict("Link two open orders or more, of which none is in a group already.")
        self._group(numbers)
        return []

    def _modify(self, facts: Facts) -> list[Event]:
        number, changes = int(facts["number"]), facts["changes"]
        row = self._open_row(number, "changed")
        view = self.view_at(row)
        if not view.is_open:
            raise Conflict(f"Order {number} is {view.state}; only an open one can be changed.")
        alien = set(changes) - changeable(view.kind)
        if alien:
            raise Invalid(f"A {view.kind} order has no {', '.join(sorted(alien))}.")
        columns = (view.quantity, view.limit, view.trigger, view.distance)
        names = ("quantity", "limit", "trigger", "distance")
        wanted = [
            fitting(int(changes.get(name, old))) for name, old in zip(names, columns, strict=True)
        ]
        code = steps.modify(self.state, row, *wanted)
        if code != OK:
            raise Invalid(f"Order {number} cannot be changed so: {CODES[code]}.", field=CODES[code])
        return events_of(self.state, self.settings)

    def _cancel(self, facts: Facts) -> list[Event]:
        row = self._open_row(int(facts["number"]), "cancelled")
        return self._settled(lambda: steps.cancel(self.state, row))

    def _activate(self, facts: Facts) -> list[Event]:
        number = int(facts["number"])
        row = self._open_row(number, "activated")
        view = self.view_at(row)
        if view.state != "pending" or view.parent:
            words = "waits for its entry" if view.parent else f"is {view.state}"
            raise Conflict(f"Order {number} {words}; only a pending one can be activated.")
        return self._settled(lambda: steps.activate(self.state, row))

    def _transfer(self, facts: Facts) -> list[Event]:
        units = fitting(int(facts["units"]))
        free = int(self.state[0, FREE])
        if free + units < 0:
            raise Invalid(f"{-units} units cannot be taken out: {free} are free.", field="units")
        steps.transfer(self.state, units)
        return events_of(self.state, self.settings)

    def _reset(self, facts: Facts) -> list[Event]:
        if int(facts["units"]) < 0:
            raise Invalid("An account begins with an amount that is not negative.", field="units")
        kept = self.state
        for view in [self.view_at(row) for row in self.live_rows()]:
            self.ended[view.number] = replace(view, state="cancelled", code="reset", held=0)
        self.state, self.rates = self._blank(), []
        for place in ((1, M_TIME), (0, NEXT_ID), (0, EVENT_SEQ)):
            self.state[place] = kept[place]
        return self._transfer(facts)

    def _bar(self, facts: Facts) -> list[Event]:
        row, bar = self.row_of(facts["key"]), Bar(*(fitting(int(one)) for one in facts["bar"]))
        lowest, highest = min(bar.open, bar.close), max(bar.open, bar.close)
        if not 0 < bar.low <= lowest <= highest <= bar.high or bar.volume < 0:
            raise Invalid(f"The bar at {bar.time_ms} contradicts itself: {bar}.", field="bar")
        self._refuse_past(row, bar.time_ms)
        closes = bar.time_ms + int(facts["length_ms"])
        rates = self._due(row, bar.time_ms)
        return self._settled(lambda: steps.step_bar(self.state, row, bar, closes, rates))

    def _quote(self, facts: Facts) -> list[Event]:
        row, depth = self.row_of(facts["key"]), int(facts["depth"])
        bid, ask, last = (fitting(int(one)) for one in facts["prices"])
        time_ms = int(self.state[1, M_TIME])
        if not 0 < bid <= ask or last <= 0:
            raise Invalid(f"The quote at {time_ms} contradicts itself: {bid}, {ask}, {last}.")
        self._refuse_past(row, time_ms)
        prices = np.array([bid, ask, last, fitting(depth)], np.int64)
        book = book_of(facts.get("book"), (bid, ask), depth)
        rates = self._due(row, time_ms, book.shape[1])
        return self._settled(
            lambda: steps.step_quote(self.state, row, time_ms, prices, rates, book)
        )

    def _refuse_past(self, row: int, time_ms: int) -> None:
        """Refuse a price from before what was seen of its instrument (rule 4.0)."""
        seen_ms = int(self.state[row, P_SEEN])
        if time_ms < seen_ms:
            raise Invalid(
                f"A price of {self.key_of(row)} at {time_ms} lies before what was seen: {seen_ms}.",
                field="time_ms",
            )

    def _funding(self, facts: Facts) -> list[Event]:
        row = self.row_of(facts["key"])
        self.rates.append((row, int(facts["due_ms"]), int(facts["rate"])))
        return []

    def _close_all(self, facts: Facts) -> list[Event]:
        row, tag = self.row_of(facts["key"]), int(facts["tag"])
        if self.state[0, LAST] + 2 > self.state[0, FIRST_EVENT]:
            self.state = enlarged(self.state)
        number, steps_held = int(self.state[0, NEXT_ID]), int(self.state[row, P_STEPS])
        found = self._settled(lambda: steps.close_all(self.state, row, tag))
        if int(self.state[0, NEXT_ID]) > number:
            side = -1 if steps_held > 0 else 1
            asked = OrderRequest(
                facts["key"], "market", side, abs(steps_held), reduce_only=True, tag=tag
            )
            view = replace(view_of(asked.numbers(row), asked.key), number=number)
            self.ended[number] = _ended(view, found)
        return found

    def _snapshot(self, _facts: Facts) -> list[Event]:
        self.ended.clear()
        self.state[0, N_EVENTS] = 0
        return []

    def _due(self, row: int, time_ms: int, n_levels: int = 0) -> Ints:
        """Take out the funding rates of an instrument that are due, and make room to note them."""
        due = [rate for place, at_ms, rate in self.rates if place == row and at_ms <= time_ms]
        self.rates = [one for one in self.rates if one[0] != row or one[1] > time_ms]
        room = event_room(self.state, n_levels) + len(due) + BOOK_ROWS
        while len(self.state) < self.state[0, FIRST_EVENT] + room:
            self.state = enlarged(self.state)
        return np.array(due, np.int64)

    def _settled(self, step: Callable[[], object]) -> list[Event]:
        """Do a step and keep how the orders ended that it took out of the table."""
        before = self.state[int(self.state[0, FIRST]) : int(self.state[0, LAST])].copy()
        step()
        found = events_of(self.state, self.settings)
        if found and len(before):
            live = {int(self.state[row, O_ID]) for row in self.live_rows()}
            for row in before:
                number = int(row[O_ID])
                if number not in live:
                    view = view_of(row, self.key_of(int(row[O_INSTRUMENT])))
                    self.ended[number] = _ended(view, found)
        return found


def _ended(view: OrderView, found: list[Event]) -> OrderView:
    """Return how an order ended, from what happened to it."""
    own = [event for event in found if event.order == view.number]
    filled = view.filled + sum(event.quantity for event in own if event.kind == "fill")
    last = own[-1]
    return replace(
        view,
        state=last.state,
        code=last.code,
        filled=filled,
        quantity=filled if last.state == "filled" else last.quantity,
        held=0,
        triggered=view.triggered or any(event.kind == "triggered" for event in own),
    )
