"""The loop of a backtest, compiled: bars through the engine, wishes into orders (rule 10).

Import it where it is used: it brings numba with it.
"""

import numpy as np

from sonde.markets.core.engine.arithmetic import compiled, product, scaled, value
from sonde.markets.core.engine.book import end, is_open, sweep, worsened
from sonde.markets.core.engine.caching import kept
from sonde.markets.core.engine.commands import (
    blank_order,
    close_everything,
    enter,
    move_money,
    pay_funding,
)
from sonde.markets.core.engine.fills import affordable
from sonde.markets.core.engine.layout import (
    C_REQUESTED,
    CANCELLED,
    E_KIND,
    E_STATE,
    EV_CANCELLED,
    EV_EXPIRED,
    EV_FILL,
    EV_FUNDING,
    EV_REJECTED,
    FILLED,
    FIRST,
    FIRST_EVENT,
    FIRST_INSTRUMENT,
    FREE,
    HELD,
    LAST,
    M_AMBIGUOUS,
    MARKET,
    N_EVENTS,
    NEVER,
    O_DISTANCE,
    O_GROUP,
    O_ID,
    O_INSTRUMENT,
    O_KIND,
    O_PARENT,
    O_QUANTITY,
    O_REDUCE,
    O_SIDE,
    O_STATE,
    O_TAG,
    O_TRIGGER,
    OK,
    P_LAST,
    P_STEPS,
    PENDING,
    S_HALF_SPREAD,
    S_LEVERAGE,
    S_MIN_NOTIONAL,
    S_SLIPPAGE,
    S_TAKER,
    S_UNIT,
    STOP,
    T_END,
    T_REVERSE,
    T_SIGNAL,
    T_STOP,
    T_TARGET,
    T_TRAILING,
    TAKE_PROFIT,
    TRAILING,
    WIDTH,
    Bar,
    Ints,
)
from sonde.markets.core.engine.ledger import check, equity
from sonde.markets.core.engine.walk import walk_bar

AT = FIRST_INSTRUMENT
PARTS = 10**9

# wishes (bar, column): the side to enter on, whether a long or a short is to end, prices
W_SIDE, W_LEAVE_LONG, W_LEAVE_SHORT, W_STOP, W_TARGET, W_TRAIL, W_SHARE = range(7)
# pieces (piece, column): a bar, or one of the detail bars in its place
B_TIME, B_OPEN, B_HIGH, B_LOW, B_CLOSE, B_VOLUME, B_CLOSE_TIME = range(7)
# kinds of size
BY_EQUITY, BY_QUOTE, BY_QUANTITY, BY_RISK = range(4)
# columns behind those of an event
R_BAR, R_AMBIGUOUS = 16, 17
# what is counted
N_FILLED, N_REJECTED, N_CANCELLED, N_EXPIRED, N_AMBIGUOUS, N_ROWS, N_CLOSED = range(7)


@compiled
def quantity_of(s: Ints, wish: Ints, kind: int, size: int) -> int:
    """Return the steps of an entry (rule 10.2)."""
    close, unit = s[AT, P_LAST], s[AT, S_UNIT]
    money = max(equity(s, AT, close), 0)
    price = max(worsened(close, wish[W_SIDE], s[AT, S_HALF_SPREAD] + s[AT, S_SLIPPAGE]), 1)
    most = NEVER
    if wish[W_SHARE] > 0:
        money = scaled(money, wish[W_SHARE], PARTS)
    elif kind == BY_EQUITY:
        money = scaled(money, size, PARTS)
    elif kind == BY_QUOTE:
        most = size // product(close, unit)
    elif kind == BY_QUANTITY:
        most = size
    else:
        distance = abs(close - wish[W_STOP])
        if wish[W_STOP] == 0 or distance == 0:
            return 0
        most = scaled(money, size, PARTS) // product(distance, unit)
    most = min(most, scaled(money, s[AT, S_LEVERAGE], product(100, product(price, unit))))
    if most <= 0 or value(close, most, unit) < s[AT, S_MIN_NOTIONAL]:
        return 0
    steps = affordable(s, AT, price, most, (money, s[AT, S_TAKER]))
    return 0 if value(close, steps, unit) < s[AT, S_MIN_NOTIONAL] else steps


@compiled
def send(s: Ints, kind: int, side: int, steps: int, tag: int) -> int:
    """Write an order into the row behind the last and return that row."""
    row = blank_order(s)
    s[row, O_INSTRUMENT], s[row, O_KIND], s[row, O_SIDE] = AT, kind, side
    s[row, O_QUANTITY], s[row, O_TAG] = steps, tag
    return row


@compiled
def send_child(s: Ints, entry: int, kind: int, price: int) -> None:
    """Submit a child of an entry; all children are one OCO group (rule 10.3)."""
    tag = T_TRAILING if kind == TRAILING else T_STOP
    row = send(s, kind, -s[entry, O_SIDE], 0, T_TARGET if kind == TAKE_PROFIT else tag)
    s[row, O_REDUCE], s[row, O_PARENT] = 1, s[entry, O_ID]
    s[row, O_GROUP] = s[entry, O_ID]
    s[row, O_DISTANCE if kind == TRAILING else O_TRIGGER] = price
    enter(s, row)


@compiled
def send_entry(s: Ints, wish: Ints, steps: int) -> None:
    """Submit an entry, with its stop and target if it has any (rule 10.3)."""
    entry = send(s, MARKET, wish[W_SIDE], steps, T_SIGNAL)
    if enter(s, entry) != OK:
        return
    if wish[W_TRAIL] > 0:
        send_child(s, entry, TRAILING, wish[W_TRAIL])
    elif wish[W_STOP] > 0:
        send_child(s, entry, STOP, wish[W_STOP])
    if wish[W_TARGET] > 0:
        send_child(s, entry, TAKE_PROFIT, wish[W_TARGET])


@compiled
def leaves(wish: Ints, side: int) -> bool:
    """Say whether a position or an entry of a side is to end."""
    return wish[W_LEAVE_LONG if side > 0 else W_LEAVE_SHORT] == 1


@compiled
def decide(s: Ints, wish: Ints, kind: int, size: int) -> None:
    """Turn a wish into orders: cancel, exit, enter (rule 10.1)."""
    has_exit = is_waiting = False
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_REDUCE] == 1:
            has_exit = has_exit or s[row, O_KIND] == MARKET
            continue
        is_waiting = is_waiting or s[row, O_SIDE] == wish[W_SIDE]
        if leaves(wish, s[row, O_SIDE]) and (is_open(s, row) or s[row, O_STATE] == PENDING):
            end(s, row, CANCELLED, C_REQUESTED)
    steps = s[AT, P_STEPS]
    side = 1 if steps > 0 else -1
    if steps != 0 and leaves(wish, side) and not has_exit:
        tag = T_REVERSE if wish[W_SIDE] == -side else T_SIGNAL
        row = send(s, MARKET, -side, abs(steps), tag)
        s[row, O_REDUCE] = 1
        enter(s, row)
    if wish[W_SIDE] != 0 and steps * wish[W_SIDE] <= 0 and not is_waiting:
        wanted = quantity_of(s, wish, kind, size)
        if wanted > 0:
            send_entry(s, wish, wanted)
    sweep(s)


@compiled
def count(counts: Ints, kind: int, state: int) -> None:
    """Count how orders end."""
    if kind == EV_FILL and state == FILLED:
        counts[N_FILLED] += 1
    elif kind == EV_REJECTED:
        counts[N_REJECTED] += 1
    elif kind == EV_CANCELLED:
        counts[N_CANCELLED] += 1
    elif kind == EV_EXPIRED:
        counts[N_EXPIRED] += 1


@compiled
def drain(s: Ints, rows: Ints, counts: Ints, bar: int) -> Ints:
    """Keep the fills and fundings among the events, and forget the events."""
    first = s[0, FIRST_EVENT]
    for at in range(first, first + s[0, N_EVENTS]):
        kind = s[at, E_KIND]
        count(counts, kind, s[at, E_STATE])
        if kind not in (EV_FILL, EV_FUNDING):
            continue
        if counts[N_ROWS] == len(rows):
            larger = np.zeros((2 * len(rows), WIDTH), np.int64)
            larger[: len(rows)] = rows
            rows = larger
        rows[counts[N_ROWS], :] = s[at, :]
        rows[counts[N_ROWS], R_BAR] = bar
        rows[counts[N_ROWS], R_AMBIGUOUS] = s[1, M_AMBIGUOUS]
        counts[N_ROWS] += 1
    s[0, N_EVENTS] = 0
    return rows


@compiled
def settle(s: Ints, piece: Ints, plan: tuple, paid: int, kept_so_far: tuple) -> tuple:  # type: ignore[type-arg]
    """Settle what is due at a bar's open; return the rows and how many have been settled."""
    rows, counts, bar = kept_so_far
    funding = plan[3]
    while paid < len(funding) and funding[paid, 0] <= piece[B_TIME]:
        pay_funding(s, AT, funding[paid, 1], piece[B_OPEN])
        paid += 1
        if s[0, N_EVENTS] >= 32:  # many are due after a gap: their events need room
            s[1, M_AMBIGUOUS] = 0
            rows = drain(s, rows, counts, bar)
    return rows, paid


@compiled
def visit(s: Ints, piece: Ints) -> None:
    """Act on one bar or detail bar."""
    bar = Bar(
        piece[B_TIME],
        piece[B_OPEN],
        piece[B_HIGH],
        piece[B_LOW],
        piece[B_CLOSE],
        piece[B_VOLUME],
    )
    walk_bar(s, AT, bar, piece[B_CLOSE_TIME])


@kept
def drive(s: Ints, pieces: Ints, ends: Ints, wishes: Ints, plan: tuple) -> tuple:  # type: ignore[type-arg]
    """Run wishes over bars.

    Parameters
    ----------
    s : ndarray of int64, shape (row, WIDTH)
        A new account with one instrument.
    pieces : ndarray of int64, shape (piece, 7)
        Bars, or detail bars in their place, in order of time.
    ends : ndarray of int64, shape (bar,)
        The first piece behind each bar.
    wishes : ndarray of int64, shape (bar, 7)
    plan : tuple
        Money at the beginning in units, kind of size, its number, and funding as an int64 array
        (payment, 2) of times and rates.

    Returns
    -------
    tuple
        Rows of fills and fundings, an array (3, bar) of equity, position and cash at each close,
        and the counts.
    """
    start, kind, size, _ = plan
    n = len(ends)
    marks = np.zeros((3, n), np.int64)
    counts = np.zeros(7, np.int64)
    rows = np.zeros((256, WIDTH), np.int64)
    move_money(s, start)
    s[0, N_EVENTS] = 0
    piece = paid = 0
    for bar in range(n):
        is_ambiguous = 0
        while piece < ends[bar]:
            rows, paid = settle(s, pieces[piece], plan, paid, (rows, counts, bar))
            visit(s, pieces[piece])
            is_ambiguous |= s[1, M_AMBIGUOUS]
            if s[0, N_EVENTS] > 0:
                rows = drain(s, rows, counts, bar)
            piece += 1
        counts[N_AMBIGUOUS] += is_ambiguous
        marks[0, bar] = equity(s, AT, s[AT, P_LAST])
        marks[1, bar] = s[AT, P_STEPS]
        marks[2, bar] = s[0, FREE] + s[0, HELD]
        wish = wishes[bar]
        if bar < n - 1 and (wish[W_SIDE] != 0 or wish[W_LEAVE_LONG] + wish[W_LEAVE_SHORT] > 0):
            decide(s, wish, kind, size)
            rows = drain(s, rows, counts, bar)
    counts[N_CLOSED] = 1 if s[AT, P_STEPS] != 0 else 0
    s[1, M_AMBIGUOUS] = 0
    close_everything(s, AT, T_END)
    rows = drain(s, rows, counts, n - 1)
    check(s)
    return rows[: counts[N_ROWS]], marks, counts
