"""The loop of a backtest, compiled: bars through the engine, wishes into orders (rule 10).

Import it where it is used: it brings numba with it.
"""

import numpy as np

from sonde.markets.core.engine.arithmetic import compiled, product, scaled, total, value
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
    MARGIN,
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
    P_MARGIN,
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
from sonde.markets.core.engine.ledger import check, unrealised
from sonde.markets.core.engine.walk import walk_bar

AT = FIRST_INSTRUMENT
PARTS = 10**9

# wishes (bar, column): the side to enter on, whether a long or a short is to end, prices
W_SIDE, W_LEAVE_LONG, W_LEAVE_SHORT, W_STOP, W_TARGET, W_TRAIL, W_SHARE = range(7)
# pieces (piece, column): a bar, or one of the detail bars in its place
B_TIME, B_OPEN, B_HIGH, B_LOW, B_CLOSE, B_VOLUME, B_CLOSE_TIME, B_AT = range(8)
# kinds of size
BY_EQUITY, BY_QUOTE, BY_QUANTITY, BY_RISK = range(4)
# columns behind those of an event
R_BAR, R_AMBIGUOUS = 16, 17
# what is counted
N_FILLED, N_REJECTED, N_CANCELLED, N_EXPIRED, N_AMBIGUOUS, N_ROWS, N_CLOSED = range(7)
# how far a run is: the bar, the piece and the funding that come next, the instrument that decides
# (-1 while the bar was not visited), whether its entry was asked about, and how large that is
AT_BAR, AT_PIECE, AT_FUNDING, AT_DECIDING, AT_ASKED, AT_STEPS = range(6)
# marks at a bar's close; behind them the position of each instrument
K_EQUITY, K_CASH, K_STEPS = range(3)


@compiled
def worth_of(s: Ints) -> int:
    """Return free + held + margin + unrealised of the account, at the last prices."""
    money = total(total(s[0, FREE], s[0, HELD]), s[0, MARGIN])
    for at in range(AT, s[0, FIRST]):
        money = total(money, unrealised(s, at, s[at, P_LAST]))
    return money


@compiled
def within(s: Ints, at: int, money: int) -> int:
    """Return what of some money other instruments leave; all of it where there is no other."""
    if s[0, FIRST] == AT + 1:
        return money
    own = total(s[at, P_MARGIN], unrealised(s, at, s[at, P_LAST]))
    return max(min(money, total(s[0, FREE], own)), 0)


@compiled
def quantity_of(s: Ints, at: int, wish: Ints, kind: int, size: int) -> int:
    """Return the steps of an entry (rule 10.2)."""
    close, unit = s[at, P_LAST], s[at, S_UNIT]
    money = max(worth_of(s), 0)
    price = max(worsened(close, wish[W_SIDE], s[at, S_HALF_SPREAD] + s[at, S_SLIPPAGE]), 1)
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
    money = within(s, at, money)
    most = min(most, scaled(money, s[at, S_LEVERAGE], product(100, product(price, unit))))
    if most <= 0 or value(close, most, unit) < s[at, S_MIN_NOTIONAL]:
        return 0
    steps = affordable(s, at, price, most, (money, s[at, S_TAKER]))
    return 0 if value(close, steps, unit) < s[at, S_MIN_NOTIONAL] else steps


@compiled
def send(s: Ints, at: int, kind: int, side: int, steps: int, tag: int) -> int:
    """Write an order into the row behind the last and return that row."""
    row = blank_order(s)
    s[row, O_INSTRUMENT], s[row, O_KIND], s[row, O_SIDE] = at, kind, side
    s[row, O_QUANTITY], s[row, O_TAG] = steps, tag
    return row


@compiled
def send_child(s: Ints, entry: int, kind: int, price: int) -> None:
    """Submit a child of an entry; all children are one OCO group (rule 10.3)."""
    tag = T_TRAILING if kind == TRAILING else T_STOP
    at, side = s[entry, O_INSTRUMENT], -s[entry, O_SIDE]
    row = send(s, at, kind, side, 0, T_TARGET if kind == TAKE_PROFIT else tag)
    s[row, O_REDUCE], s[row, O_PARENT] = 1, s[entry, O_ID]
    s[row, O_GROUP] = s[entry, O_ID]
    s[row, O_DISTANCE if kind == TRAILING else O_TRIGGER] = price
    enter(s, row)


@compiled
def send_entry(s: Ints, at: int, wish: Ints, steps: int) -> None:
    """Submit an entry, with its stop and target if it has any (rule 10.3)."""
    entry = send(s, at, MARKET, wish[W_SIDE], steps, T_SIGNAL)
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
def enters(s: Ints, at: int, wish: Ints) -> bool:
    """Say whether a wish leads to an entry: none of its side is held or waits."""
    if wish[W_SIDE] == 0 or s[at, P_STEPS] * wish[W_SIDE] > 0:
        return False
    for row in range(s[0, FIRST], s[0, LAST]):
        is_own = s[row, O_INSTRUMENT] == at and s[row, O_REDUCE] == 0
        if is_own and s[row, O_SIDE] == wish[W_SIDE]:
            return False
    return True


@compiled
def decide(s: Ints, at: int, wish: Ints, kind: int, size: int) -> None:
    """Turn a wish into orders: cancel, exit, enter (rule 10.1)."""
    is_entry = enters(s, at, wish)
    has_exit = False
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_INSTRUMENT] != at:
            continue
        if s[row, O_REDUCE] == 1:
            has_exit = has_exit or s[row, O_KIND] == MARKET
        elif leaves(wish, s[row, O_SIDE]) and (is_open(s, row) or s[row, O_STATE] == PENDING):
            end(s, row, CANCELLED, C_REQUESTED)
    steps = s[at, P_STEPS]
    side = 1 if steps > 0 else -1
    if steps != 0 and leaves(wish, side) and not has_exit:
        tag = T_REVERSE if wish[W_SIDE] == -side else T_SIGNAL
        row = send(s, at, MARKET, -side, abs(steps), tag)
        s[row, O_REDUCE] = 1
        enter(s, row)
    if is_entry:
        wanted = quantity_of(s, at, wish, kind, size)
        if wanted > 0:
            send_entry(s, at, wish, wanted)
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
def settle(s: Ints, number: int, piece: Ints, dues: Ints, paid: int, kept_so_far: tuple) -> tuple:  # type: ignore[type-arg]
    """Settle what is due at a piece's open; return the rows and how many have been settled."""
    rows, counts, bar = kept_so_far
    while paid < len(dues) and dues[paid, 0] == number:
        pay_funding(s, AT + piece[B_AT], dues[paid, 1], piece[B_OPEN])
        paid += 1
        if s[0, N_EVENTS] >= 32:  # many are due after a gap: their events need room
            s[1, M_AMBIGUOUS] = 0
            rows = drain(s, rows, counts, bar)
    return rows, paid


@compiled
def visit(s: Ints, at: int, piece: Ints) -> None:
    """Act on one bar or detail bar."""
    bar = Bar(
        piece[B_TIME],
        piece[B_OPEN],
        piece[B_HIGH],
        piece[B_LOW],
        piece[B_CLOSE],
        piece[B_VOLUME],
    )
    walk_bar(s, at, bar, piece[B_CLOSE_TIME])


@compiled
def asks_for(s: Ints, at: int, wish: Ints, kind: int, size: int) -> int:
    """Return the steps of the entry that a wish leads to, 0 for none."""
    return quantity_of(s, at, wish, kind, size) if enters(s, at, wish) else 0


@compiled
def finish(s: Ints, rows: Ints, counts: Ints, bar: int) -> Ints:
    """Close what is still open at the last price (rule 10.4)."""
    s[1, M_AMBIGUOUS] = 0
    for at in range(AT, s[0, FIRST]):
        counts[N_CLOSED] += 1 if s[at, P_STEPS] != 0 else 0
        close_everything(s, at, T_END)
        rows = drain(s, rows, counts, bar)
    check(s)
    return rows


@compiled
def show(s: Ints, bar: int, tables: tuple, plan: tuple, book: tuple) -> Ints:  # type: ignore[type-arg]
    """Visit the pieces of a bar and mark how the account stands at its close; return the rows."""
    pieces, ends = tables
    place, rows, marks, counts = book
    is_ambiguous, paid = 0, place[AT_FUNDING]
    for number in range(place[AT_PIECE], ends[bar]):
        piece = pieces[number]
        rows, paid = settle(s, number, piece, plan[3], paid, (rows, counts, bar))
        visit(s, AT + piece[B_AT], piece)
        is_ambiguous |= s[1, M_AMBIGUOUS]
        if s[0, N_EVENTS] > 0:
            rows = drain(s, rows, counts, bar)
    place[AT_PIECE], place[AT_FUNDING] = ends[bar], paid
    counts[N_AMBIGUOUS] += is_ambiguous
    marks[K_EQUITY, bar] = worth_of(s)
    marks[K_CASH, bar] = s[0, FREE] + s[0, HELD]
    for at in range(AT, s[0, FIRST]):
        marks[K_STEPS + at - AT, bar] = s[at, P_STEPS]
    return rows


@kept
def drive(s: Ints, tables: tuple, wishes: Ints, plan: tuple, book: tuple) -> tuple:  # type: ignore[type-arg]
    """Run wishes over bars, to the end or to the next entry that is to be asked about.

    Parameters
    ----------
    s : ndarray of int64, shape (row, WIDTH)
        An account with its instruments; a new one where the book is new.
    tables : tuple of ndarray of int64
        Pieces (piece, 8): bars, or detail bars in their place, in order of time and then of
        instrument; and (bar,) the first piece behind each bar.
    wishes : ndarray of int64, shape (bar, instrument, 7)
    plan : tuple
        Money at the beginning in units, kind of size, its number for each instrument, funding as
        an int64 array (payment, 2) of the piece at which each is due and its rate, and whether
        entries are asked about.
    book : tuple
        How far the run is, int64 (6,); rows of fills and fundings; marks (2 + instrument, bar) of
        equity, cash and positions at each close; the counts.

    Returns
    -------
    tuple
        The rows, and whether an entry waits for an answer: to refuse it, take its side from the
        wishes; then go on with the same book and these rows.
    """
    start, kind, sizes, _, asks = plan
    place, rows, marks, counts = book
    n = len(wishes)
    if place[AT_BAR] == 0 and place[AT_PIECE] == 0:
        move_money(s, start)
        s[0, N_EVENTS] = 0
    for bar in range(place[AT_BAR], n):
        if place[AT_DECIDING] < 0:
            rows = show(s, bar, tables, plan, (place, rows, marks, counts))
            place[AT_DECIDING] = 0
        place[AT_BAR] = bar
        for each in range(place[AT_DECIDING], len(sizes) if bar < n - 1 else 0):
            at, wish = AT + each, wishes[bar, each]
            place[AT_DECIDING] = each
            if wish[W_SIDE] != 0 or wish[W_LEAVE_LONG] + wish[W_LEAVE_SHORT] > 0:
                if asks and place[AT_ASKED] == 0:
                    place[AT_STEPS] = asks_for(s, at, wish, kind, sizes[each])
                    place[AT_ASKED] = 1
                    if place[AT_STEPS] > 0:
                        return rows, True
                place[AT_ASKED] = 0
                decide(s, at, wish, kind, sizes[each])
                rows = drain(s, rows, counts, bar)
        place[AT_DECIDING] = -1
    return finish(s, rows, counts, n - 1), False
