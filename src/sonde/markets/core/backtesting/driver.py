"""The loop of a backtest, compiled: bars through the engine, wishes into orders (rule 10).

Import it where it is used: it brings numba with it.
"""

import numpy as np

from sonde.markets.core.engine.arithmetic import compiled, total
from sonde.markets.core.engine.caching import kept
from sonde.markets.core.engine.commands import close_everything, move_money, pay_funding
from sonde.markets.core.engine.layout import (
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
    M_TIME,
    MARGIN,
    N_EVENTS,
    NEVER,
    P_ASK,
    P_BID,
    P_LAST,
    P_LIQUIDATION,
    P_SEEN,
    P_STEPS,
    T_END,
    W_LEAVE_LONG,
    W_LEAVE_SHORT,
    W_SIDE,
    WIDTH,
    Bar,
    Ints,
)
from sonde.markets.core.engine.ledger import check, equity, unrealised
from sonde.markets.core.engine.moments import is_liquidated_at
from sonde.markets.core.engine.walk import walk_bar
from sonde.markets.core.engine.wishing import asks_for, decide

AT = FIRST_INSTRUMENT
# pieces (piece, column): a bar, or one of the detail bars in its place
B_TIME, B_OPEN, B_HIGH, B_LOW, B_CLOSE, B_VOLUME, B_CLOSE_TIME, B_AT = range(8)
# columns behind those of an event
R_BAR, R_AMBIGUOUS = 16, 17
# what is counted
N_FILLED, N_REJECTED, N_CANCELLED, N_EXPIRED, N_AMBIGUOUS, N_ROWS, N_CLOSED = range(7)
# how far a run is: the bar, the piece, the funding and the wish that come next, the instrument that
# decides, whether its entry was asked about, and how large that is
AT_BAR, AT_PIECE, AT_FUNDING, AT_WISH, AT_DECIDING, AT_ASKED, AT_STEPS = range(7)
# marks at a bar's close; behind them the position of each instrument
K_EQUITY, K_CASH, K_STEPS = range(3)


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
    place[AT_BAR], place[AT_PIECE], place[AT_FUNDING] = bar + 1, ends[bar], paid
    counts[N_AMBIGUOUS] += is_ambiguous
    marks[K_EQUITY, bar] = equity(s)
    marks[K_CASH, bar] = s[0, FREE] + s[0, HELD]
    for at in range(AT, s[0, FIRST]):
        marks[K_STEPS + at - AT, bar] = s[at, P_STEPS]
    return rows


@compiled
def is_in_danger(s: Ints, at: int, pieces: Ints, number: int) -> bool:
    """Say whether a position can be liquidated inside a bar."""
    if s[at, P_LIQUIDATION] == 0:
        return False
    low, high = pieces[number, B_LOW], pieces[number, B_HIGH]
    return is_liquidated_at(s, at, low) or is_liquidated_at(s, at, high)


@compiled
def coast(s: Ints, last: int, tables: tuple, due_ms: int, place: Ints, marks: Ints) -> None:  # type: ignore[type-arg]
    """Let bars pass while no order waits, up to the next that can do more than move the price.

    That is one in which funding is due or a position can be liquidated; it is left to ``show``,
    which would bring the same of every bar that passes here.
    """
    pieces, ends = tables
    cash = total(s[0, FREE], s[0, HELD])
    money = total(cash, s[0, MARGIN])
    for bar in range(place[AT_BAR], last + 1):
        for number in range(place[AT_PIECE], ends[bar]):
            at = AT + pieces[number, B_AT]
            if pieces[number, B_TIME] >= due_ms or is_in_danger(s, at, pieces, number):
                return
            close = pieces[number, B_CLOSE]
            s[at, P_LAST] = s[at, P_BID] = s[at, P_ASK] = close
            s[at, P_SEEN] = s[1, M_TIME] = pieces[number, B_CLOSE_TIME]
            place[AT_PIECE] = number + 1
        worth = money
        for at in range(AT, s[0, FIRST]):
            steps = s[at, P_STEPS]
            if steps != 0:
                worth = total(worth, unrealised(s, at, s[at, P_LAST]))
            marks[K_STEPS + at - AT, bar] = steps
        marks[K_EQUITY, bar], marks[K_CASH, bar] = worth, cash
        place[AT_BAR] = bar + 1


@compiled
def go_to(s: Ints, last: int, tables: tuple, plan: tuple, book: tuple) -> Ints:  # type: ignore[type-arg]
    """Visit the bars up to and with one; return the rows."""
    place, rows, marks, counts = book
    funding = plan[3]
    while place[AT_BAR] <= last:
        if s[0, FIRST] == s[0, LAST]:
            paid = place[AT_FUNDING]
            due_ms = funding[paid, 0] if paid < len(funding) else NEVER
            coast(s, last, tables, due_ms, place, marks)
        if place[AT_BAR] <= last:
            rows = show(s, place[AT_BAR], tables, plan, (place, rows, marks, counts))
    return rows


@kept
def drive(s: Ints, tables: tuple, wanted: tuple, plan: tuple, book: tuple) -> tuple:  # type: ignore[type-arg]
    """Run wishes over bars, to the end or to the next entry that is to be asked about.

    Parameters
    ----------
    s : ndarray of int64, shape (row, WIDTH)
        An account with its instruments; a new one where the book is new.
    tables : tuple of ndarray of int64
        Pieces (piece, 8): bars, or detail bars in their place, in order of time and then of
        instrument; and (bar,) the first piece behind each bar.
    wanted : tuple of ndarray of int64
        The bars (wish,) whose closes decide something, none of them the last, and what: (wish,
        instrument, 7).
    plan : tuple
        Money at the beginning in units, kind of size, its number for each instrument, funding as
        an int64 array (payment, 2) of the piece at which each is due and its rate, and whether
        entries are asked about.
    book : tuple
        How far the run is, int64 (7,); rows of fills and fundings; marks (2 + instrument, bar) of
        equity, cash and positions at each close; the counts.

    Returns
    -------
    tuple
        The rows, and whether an entry waits for an answer: to refuse it, take its side from the
        wishes; then go on with the same book and these rows.
    """
    start, kind, sizes, _, asks = plan
    place, rows, marks, counts = book
    bars, wishes = wanted
    if place[AT_BAR] == 0 and place[AT_PIECE] == 0:
        move_money(s, start)
        s[0, N_EVENTS] = 0
    for number in range(place[AT_WISH], len(bars)):
        rows = go_to(s, bars[number], tables, plan, (place, rows, marks, counts))
        place[AT_WISH] = number
        for each in range(place[AT_DECIDING], len(sizes)):
            at, wish = AT + each, wishes[number, each]
            place[AT_DECIDING] = each
            if wish[W_SIDE] != 0 or wish[W_LEAVE_LONG] + wish[W_LEAVE_SHORT] > 0:
                if asks and place[AT_ASKED] == 0:
                    place[AT_STEPS] = asks_for(s, at, wish, kind, sizes[each])
                    place[AT_ASKED] = 1
                    if place[AT_STEPS] > 0:
                        return rows, True
                place[AT_ASKED] = 0
                decide(s, at, wish, kind, sizes[each])
                rows = drain(s, rows, counts, bars[number])
        place[AT_DECIDING] = 0
    n = marks.shape[1]
    rows = go_to(s, n - 1, tables, plan, (place, rows, marks, counts))
    return finish(s, rows, counts, n - 1), False
