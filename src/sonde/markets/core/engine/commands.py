"""What a trader does to an account, compiled: submit, modify, cancel, transfer, close all."""

from sonde.markets.core.engine.arithmetic import compiled, total
from sonde.markets.core.engine.book import end, is_open, needed, note, refusal
from sonde.markets.core.engine.fills import take
from sonde.markets.core.engine.layout import (
    ACCEPTED,
    C_END,
    CANCELLED,
    E_GROSS,
    E_INSTRUMENT,
    E_REFERENCE,
    EV_ACCEPTED,
    EV_FUNDING,
    EV_MODIFIED,
    EV_PENDING,
    EV_REJECTED,
    EV_TRANSFER,
    FIRST,
    FREE,
    LAST,
    M_HALF,
    M_LEFT,
    M_TIME,
    M_VOLUME,
    MARKET,
    NEVER,
    NEXT_ID,
    NOBODY,
    O_ACTIVE,
    O_DISTANCE,
    O_HELD,
    O_HOLD_PRICE,
    O_ID,
    O_INSTRUMENT,
    O_KIND,
    O_LIMIT,
    O_PARENT,
    O_QUANTITY,
    O_REDUCE,
    O_RESTING,
    O_SIDE,
    O_STATE,
    O_SUBMITTED,
    O_TAG,
    O_TRIGGER,
    OK,
    P_LAST,
    P_STEPS,
    PENDING,
    REJECTED,
    S_HALF_SPREAD,
    S_LATENCY,
    TRANSFERS,
    Ints,
)
from sonde.markets.core.engine.ledger import check, set_hold, settle_funding
from sonde.markets.core.engine.moments import stand_at


@compiled
def blank_order(s: Ints) -> int:
    """Return the row of a new order, empty but for its id and times."""
    row = s[0, LAST]
    s[row, :] = 0
    s[row, O_ID] = s[0, NEXT_ID]
    s[0, NEXT_ID] += 1
    s[row, O_SUBMITTED] = s[1, M_TIME]
    return row


@compiled
def enter(s: Ints, row: int) -> int:
    """Accept or refuse the order that was written into the row behind the last (rule 3.4)."""
    s[row, O_ACTIVE] = s[1, M_TIME] + s[s[row, O_INSTRUMENT], S_LATENCY]
    if s[row, O_PARENT] != 0:
        s[row, O_STATE], s[row, O_QUANTITY] = PENDING, 0
    if s[row, O_STATE] == PENDING:
        s[0, LAST] += 1
        note(s, EV_PENDING, row, OK)
        return OK
    code = refusal(s, row)
    if code != OK:
        s[row, O_STATE] = REJECTED
        note(s, EV_REJECTED, row, code)
        return code
    s[row, O_STATE] = ACCEPTED
    s[0, LAST] += 1
    set_hold(s, row, needed(s, row))
    note(s, EV_ACCEPTED, row, OK)
    check(s)
    return OK


@compiled
def begin(s: Ints, row: int) -> int:
    """Accept a pending order, or refuse it, which ends it (rule 3.3)."""
    s[row, O_ACTIVE] = s[1, M_TIME] + s[s[row, O_INSTRUMENT], S_LATENCY]
    code = refusal(s, row)
    if code != OK:
        end(s, row, CANCELLED, code)
        return code
    s[row, O_STATE] = ACCEPTED
    set_hold(s, row, needed(s, row))
    note(s, EV_ACCEPTED, row, OK)
    check(s)
    return OK


@compiled
def change(s: Ints, row: int, wanted: tuple) -> int:  # type: ignore[type-arg]
    """Modify an order; on refusal (a code that is not 0) put everything back (rule 3.7)."""
    before = (s[row, O_QUANTITY], s[row, O_LIMIT], s[row, O_TRIGGER], s[row, O_DISTANCE])
    held, hold_price = s[row, O_HELD], s[row, O_HOLD_PRICE]
    set_hold(s, row, 0)
    s[row, O_QUANTITY], s[row, O_LIMIT], s[row, O_TRIGGER], s[row, O_DISTANCE] = wanted
    code = refusal(s, row)
    if code != OK:
        s[row, O_QUANTITY], s[row, O_LIMIT], s[row, O_TRIGGER], s[row, O_DISTANCE] = before
        set_hold(s, row, held)
        s[row, O_HOLD_PRICE] = hold_price
        return code
    s[row, O_RESTING] = 0
    set_hold(s, row, needed(s, row))
    note(s, EV_MODIFIED, row, OK)
    check(s)
    return OK


@compiled
def move_money(s: Ints, units: int) -> None:
    """Put money in or take it out; the caller has asked whether that much is free (rule 2.6)."""
    s[0, FREE] = total(s[0, FREE], units)
    s[0, TRANSFERS] = total(s[0, TRANSFERS], units)
    at = note(s, EV_TRANSFER, NOBODY, OK)
    s[at, E_GROSS] = units
    check(s)


@compiled
def pay_funding(s: Ints, instrument: int, rate: int, ticks: int) -> None:
    """Settle one funding payment and write it down (rule 4.1)."""
    if s[instrument, P_STEPS] == 0:
        return
    paid = settle_funding(s, instrument, rate, ticks)
    at = note(s, EV_FUNDING, NOBODY, OK)
    s[at, E_GROSS], s[at, E_INSTRUMENT], s[at, E_REFERENCE] = paid, instrument, ticks


@compiled
def close_everything(s: Ints, instrument: int, tag: int) -> None:
    """Cancel every order of an instrument and close its position at the last price (10.4)."""
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_INSTRUMENT] == instrument and (is_open(s, row) or s[row, O_STATE] == PENDING):
            end(s, row, CANCELLED, C_END)
    steps = s[instrument, P_STEPS]
    if steps == 0 or s[instrument, P_LAST] == 0:
        return
    stand_at(s, s[instrument, P_LAST])
    s[1, M_VOLUME], s[1, M_LEFT] = -1, NEVER
    s[1, M_HALF] = s[instrument, S_HALF_SPREAD]
    row = blank_order(s)
    s[row, O_INSTRUMENT], s[row, O_KIND], s[row, O_REDUCE] = instrument, MARKET, 1
    s[row, O_SIDE], s[row, O_QUANTITY] = -1 if steps > 0 else 1, abs(steps)
    s[row, O_TAG] = tag
    enter(s, row)
    take(s, row, 0)
