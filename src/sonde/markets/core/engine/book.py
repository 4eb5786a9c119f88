"""The orders of an account, compiled: acceptance, states, holds, groups (rules 3.3 to 3.11)."""

from sonde.markets.core.engine.arithmetic import compiled, scaled, scaled_up, total, value
from sonde.markets.core.engine.layout import (
    ACCEPTED,
    BOOK_ROWS,
    C_BRACKET_EXIT,
    C_ENTRY_ENDED,
    C_EXPIRED,
    C_INSUFFICIENT,
    C_MIN_NOTIONAL,
    C_NOTHING_TO_REDUCE,
    C_OCO,
    C_POST_ONLY,
    C_PRICE,
    C_QUANTITY,
    C_SPOT_SHORT,
    CANCELLED,
    E_CODE,
    E_INSTRUMENT,
    E_KIND,
    E_ORDER,
    E_QUANTITY,
    E_SEQ,
    E_SIDE,
    E_STATE,
    E_TAG,
    E_TIME,
    EV_ACCEPTED,
    EV_CANCELLED,
    EV_EXPIRED,
    EVENT_SEQ,
    EXPIRED,
    FIRST,
    FIRST_EVENT,
    FREE,
    GTD,
    LAST,
    LIMIT,
    M_POINT,
    M_TIME,
    MARKET,
    N_EVENTS,
    NOBODY,
    O_ACTIVE,
    O_BEGAN,
    O_BEST,
    O_DISTANCE,
    O_EXPIRES,
    O_FILLED,
    O_GROUP,
    O_HELD,
    O_HOLD_PRICE,
    O_ID,
    O_IN_PPM,
    O_INSTRUMENT,
    O_KIND,
    O_LIMIT,
    O_PARENT,
    O_POST,
    O_QUANTITY,
    O_REDUCE,
    O_SIDE,
    O_STATE,
    O_TAG,
    O_TIF,
    O_TRIGGER,
    OK,
    P_ASK,
    P_BID,
    P_LAST,
    P_STEPS,
    PARTIAL,
    PENDING,
    S_HALF_SPREAD,
    S_MIN_NOTIONAL,
    S_SLIPPAGE,
    S_SPOT,
    S_TAKER,
    S_UNIT,
    STOP_LIMIT,
    TAKE_PROFIT,
    TRAILING,
    Ints,
)
from sonde.markets.core.engine.ledger import cost_to_open, set_hold

MILLION = 10**6


@compiled
def note(s: Ints, kind: int, row: int, code: int) -> int:
    """Write down an event of an order and return its row; refuse what has no room."""
    at = s[0, FIRST_EVENT] + s[0, N_EVENTS]
    if at >= len(s) - BOOK_ROWS:  # compiled code would write into memory that is not its own
        raise OverflowError("events")
    s[0, N_EVENTS] += 1
    s[0, EVENT_SEQ] += 1
    s[at, :] = 0
    s[at, E_SEQ] = s[0, EVENT_SEQ]
    s[at, E_TIME] = s[1, M_TIME]
    s[at, E_KIND] = kind
    s[at, E_CODE] = code
    if row != NOBODY:
        s[at, E_ORDER], s[at, E_SIDE] = s[row, O_ID], s[row, O_SIDE]
        s[at, E_QUANTITY], s[at, E_STATE] = s[row, O_QUANTITY], s[row, O_STATE]
        s[at, E_TAG] = s[row, O_TAG]
        s[at, E_INSTRUMENT] = s[row, O_INSTRUMENT]
    return at


@compiled
def worsened(price: int, side: int, ppm: int) -> int:
    """Return a price worsened for a side, rounded against it, without a lower bound."""
    if side > 0:
        return scaled_up(price, MILLION + ppm, MILLION)
    if ppm > MILLION:
        return -scaled_up(price, ppm - MILLION, MILLION)
    return scaled(price, MILLION - ppm, MILLION)


@compiled
def is_open(s: Ints, row: int) -> bool:
    """Say whether an order is accepted and has not ended."""
    return s[row, O_STATE] == ACCEPTED or s[row, O_STATE] == PARTIAL


@compiled
def opposes(s: Ints, instrument: int, side: int) -> bool:
    """Say whether an order of that side would reduce the position."""
    return s[instrument, P_STEPS] * side < 0


@compiled
def only_reduces(s: Ints, row: int) -> bool:
    """Say whether an order can only reduce: by its flag, or as a sale on spot."""
    spot_sale = s[s[row, O_INSTRUMENT], S_SPOT] == 1 and s[row, O_SIDE] < 0
    return s[row, O_REDUCE] == 1 or spot_sale


@compiled
def level(s: Ints, row: int) -> int:
    """Return the price that triggers an order, a trailing stop's present one; 0 for none."""
    if s[row, O_KIND] != TRAILING:
        return s[row, O_TRIGGER]
    if s[row, O_BEST] == 0:
        return 0
    if s[row, O_IN_PPM] == 1:
        return worsened(s[row, O_BEST], s[row, O_SIDE], s[row, O_DISTANCE])
    return total(s[row, O_BEST], s[row, O_SIDE] * s[row, O_DISTANCE])


@compiled
def set_hold_price(s: Ints, row: int) -> None:
    """Write down the price at which an order sets money aside, -1 for none (rule 3.5)."""
    price = s[row, O_LIMIT]
    if price == 0:
        price = level(s, row)
        if price == 0 and not (s[row, O_KIND] == TRAILING and s[row, O_BEST] != 0):
            price = s[s[row, O_INSTRUMENT], P_LAST]
            if price == 0:
                s[row, O_HOLD_PRICE] = -1
                return
    s[row, O_HOLD_PRICE] = max(price, 0)


@compiled
def needed(s: Ints, row: int) -> int:
    """Return what an order sets aside for what remains of it (rule 3.5)."""
    if s[row, O_KIND] == MARKET or only_reduces(s, row) or s[row, O_HOLD_PRICE] < 0:
        return 0
    steps = s[row, O_QUANTITY] - s[row, O_FILLED]
    instrument = s[row, O_INSTRUMENT]
    worth = value(s[row, O_HOLD_PRICE], steps, s[instrument, S_UNIT])
    return cost_to_open(s, instrument, worth, s[instrument, S_TAKER])


@compiled
def lacks_price(s: Ints, row: int) -> bool:
    """Say whether a price that the order's kind needs is missing."""
    kind = s[row, O_KIND]
    if kind in (LIMIT, STOP_LIMIT) and s[row, O_LIMIT] <= 0:
        return True
    if kind == TRAILING:
        return s[row, O_DISTANCE] <= 0
    return kind not in (MARKET, LIMIT) and s[row, O_TRIGGER] <= 0


@compiled
def is_too_small(s: Ints, row: int) -> bool:
    """Say whether an order's value lies below the instrument's least."""
    price = s[row, O_LIMIT]
    if price == 0:
        price = s[row, O_TRIGGER]
    if price == 0:
        price = s[s[row, O_INSTRUMENT], P_LAST]
    if price == 0 or s[row, O_REDUCE] == 1:
        return False
    instrument = s[row, O_INSTRUMENT]
    worth = value(price, s[row, O_QUANTITY] - s[row, O_FILLED], s[instrument, S_UNIT])
    return worth < s[instrument, S_MIN_NOTIONAL]


@compiled
def would_cross(s: Ints, row: int) -> bool:
    """Say whether a limit order would take at the last prices."""
    instrument = s[row, O_INSTRUMENT]
    other = s[instrument, P_ASK] if s[row, O_SIDE] > 0 else s[instrument, P_BID]
    return other != 0 and s[row, O_SIDE] * (s[row, O_LIMIT] - other) >= 0


@compiled
def is_paid_for(s: Ints, row: int) -> bool:
    """Say whether free money covers what an order needs (rule 3.5)."""
    instrument, side = s[row, O_INSTRUMENT], s[row, O_SIDE]
    if s[row, O_KIND] != MARKET:
        return needed(s, row) <= s[0, FREE]
    last = s[instrument, P_LAST]
    if last == 0 or only_reduces(s, row) or opposes(s, instrument, side):
        return True
    price = max(worsened(last, side, s[instrument, S_HALF_SPREAD] + s[instrument, S_SLIPPAGE]), 1)
    worth = value(price, s[row, O_QUANTITY] - s[row, O_FILLED], s[instrument, S_UNIT])
    return cost_to_open(s, instrument, worth, s[instrument, S_TAKER]) <= s[0, FREE]


@compiled
def reducing_refusal(s: Ints, row: int) -> int:
    """Return the code for which a sale on spot or a reduce-only order is refused, or 0."""
    instrument, side = s[row, O_INSTRUMENT], s[row, O_SIDE]
    if s[row, O_REDUCE] == 1:
        return OK if opposes(s, instrument, side) else C_NOTHING_TO_REDUCE
    left = s[row, O_QUANTITY] - s[row, O_FILLED]
    short = only_reduces(s, row) and left > s[instrument, P_STEPS]
    return C_SPOT_SHORT if short else OK


@compiled
def refusal(s: Ints, row: int) -> int:
    """Return the code for which an order is refused, or 0 (rule 3.4)."""
    code = OK
    set_hold_price(s, row)
    if s[row, O_QUANTITY] - s[row, O_FILLED] <= 0:
        code = C_QUANTITY
    elif lacks_price(s, row):
        code = C_PRICE
    elif s[row, O_TIF] == GTD and s[row, O_EXPIRES] <= s[1, M_TIME]:
        code = C_EXPIRED
    elif is_too_small(s, row):
        code = C_MIN_NOTIONAL
    else:
        code = reducing_refusal(s, row)
    if code != OK:
        return code
    if s[row, O_POST] == 1 and would_cross(s, row):
        return C_POST_ONLY
    return OK if is_paid_for(s, row) else C_INSUFFICIENT


@compiled
def hold_no_more(s: Ints, row: int, before: int) -> None:
    """Hold anew for what remains, never more than before or than is free (rule 3.6)."""
    set_hold(s, row, 0)
    if is_open(s, row) and before > 0:
        wanted = needed(s, row)
        set_hold(s, row, min(wanted, before, s[0, FREE]))


@compiled
def end(s: Ints, row: int, final: int, code: int) -> None:
    """End an order, give its hold back, and tell the children that wait for it (rule 3.10)."""
    s[row, O_STATE] = final
    set_hold(s, row, 0)
    note(s, EV_EXPIRED if final == EXPIRED else EV_CANCELLED, row, code)
    if s[row, O_FILLED] > 0:
        return
    for other in range(row + 1, s[0, LAST]):
        if s[other, O_PARENT] == s[row, O_ID] and s[other, O_STATE] == PENDING:
            s[other, O_STATE] = CANCELLED
            note(s, EV_CANCELLED, other, C_ENTRY_ENDED)


@compiled
def end_entry_of(s: Ints, row: int) -> None:
    """Cancel the open rest of the entry whose child has acted (rule 3.10)."""
    for other in range(s[0, FIRST], row):
        if s[other, O_ID] == s[row, O_PARENT] and is_open(s, other):
            end(s, other, CANCELLED, C_BRACKET_EXIT)


@compiled
def siblings_follow(s: Ints, row: int, steps: int) -> None:
    """Take a fill from the other orders of its group (rule 3.9)."""
    group = s[row, O_GROUP]
    if group == 0:
        return
    for other in range(s[0, FIRST], s[0, LAST]):
        if other != row and s[other, O_GROUP] == group and is_open(s, other):
            s[other, O_QUANTITY] -= min(steps, s[other, O_QUANTITY] - s[other, O_FILLED])
            if s[other, O_QUANTITY] <= s[other, O_FILLED]:
                end(s, other, CANCELLED, C_OCO)
            else:
                hold_no_more(s, other, s[other, O_HELD])


@compiled
def children_follow(s: Ints, row: int, steps: int) -> None:
    """Add a fill of the entry to its children, which begin with the first (rule 3.10)."""
    for other in range(row + 1, s[0, LAST]):
        if s[other, O_PARENT] != s[row, O_ID]:
            continue
        if s[other, O_STATE] == PENDING:
            s[other, O_STATE] = ACCEPTED
            s[other, O_ACTIVE] = s[1, M_TIME]
            s[other, O_BEGAN] = 1
            if s[other, O_KIND] == TRAILING:
                s[other, O_BEST] = s[1, M_POINT]
            note(s, EV_ACCEPTED, other, OK)
        if is_open(s, other):
            s[other, O_QUANTITY] += steps


@compiled
def drop_what_reduces_nothing(s: Ints, instrument: int) -> None:
    """Cancel what can only reduce and finds nothing to reduce (rule 3.11)."""
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_INSTRUMENT] != instrument or not is_open(s, row):
            continue
        if only_reduces(s, row) and not opposes(s, instrument, s[row, O_SIDE]):
            end(s, row, CANCELLED, C_NOTHING_TO_REDUCE)
            if s[row, O_PARENT] != 0:
                end_entry_of(s, row)


@compiled
def follow(s: Ints, row: int, steps: int, held: int) -> None:
    """Let everything that hangs on an order follow its fill (rule 5.5)."""
    hold_no_more(s, row, held)
    siblings_follow(s, row, steps)
    children_follow(s, row, steps)
    if s[row, O_PARENT] != 0:
        end_entry_of(s, row)
    drop_what_reduces_nothing(s, s[row, O_INSTRUMENT])


@compiled
def expire(s: Ints, instrument: int, now_ms: int) -> None:
    """End the good-till orders whose time has come (rule 4.2)."""
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_TIF] != GTD or s[row, O_INSTRUMENT] != instrument:
            continue
        if is_open(s, row) and s[row, O_EXPIRES] <= now_ms:
            end(s, row, EXPIRED, C_EXPIRED)


@compiled
def sweep(s: Ints) -> None:
    """Take the orders that have ended out of the table; the rest keeps its order."""
    kept = s[0, FIRST]
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_STATE] == PENDING or is_open(s, row):
            if kept != row:
                s[kept, :] = s[row, :]
            kept += 1
    s[0, LAST] = kept


@compiled
def is_stop(s: Ints, row: int) -> bool:
    """Say whether an order is of the kinds that trigger on the bad side."""
    return s[row, O_KIND] != MARKET and s[row, O_KIND] != LIMIT and s[row, O_KIND] != TAKE_PROFIT
