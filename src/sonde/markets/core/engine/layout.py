"""How the engine's state lies in flat arrays, and what its codes mean.

Compiled functions cannot hold objects, so an account is one table of int64; a name below is the
column of a number in its row. Row 0 is the account, row 1 the moment (the bar or quote that is
being worked on), then comes a row for each instrument with its position, then the open orders
sorted by id, then the events of the last step. A copy of the table is a copy of the account.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NEVER = 2**62
FIRST_INSTRUMENT = 2
# the last rows: prices and quantities of asks, then of bids, as a book told them, best first
BOOK_ROWS = 4
MOST_LEVELS = 20
NOBODY = 0  # in place of an order row: the account itself, as in a liquidation

# row 0, the account: sums in units, counters, rows
FREE, HELD, MARGIN, TRANSFERS, GROSS, FEES, FUNDING, SLIPPAGE = range(8)
NEXT_ID, N_EVENTS, EVENT_SEQ = range(8, 11)
FIRST, LAST, FIRST_EVENT = range(11, 14)  # rows of the first order, behind the last, of events

# an instrument: what does not change while orders work
(
    S_UNIT,
    S_MAKER,
    S_TAKER,
    S_MIN_NOTIONAL,
    S_LEVERAGE,  # hundredths
    S_MAINTENANCE,  # parts per 10**9
    S_SPOT,
    S_HALF_SPREAD,
    S_SLIPPAGE,
    S_IMPACT,
    S_SHARE,  # parts per 10**9, -1 for unlimited
    S_TOUCH,
    S_LATENCY,
) = range(13)

# its position, in the same row
P_STEPS, P_COST, P_MARGIN, P_LIQUIDATION, P_LAST, P_BID, P_ASK, P_SEEN = range(13, 21)

# row 1, the moment
(
    M_TIME,
    M_HIGH,
    M_LOW,
    M_CLOSE,
    M_POINT,  # the price that triggers are compared with
    M_BID,  # references of sellers and of buyers
    M_ASK,
    M_LEFT,  # liquidity that nobody has taken yet, steps; NEVER for unlimited
    M_VOLUME,  # what impact is measured against, -1 for no impact
    M_HALF,  # half spread that applies now
    M_HIGH_SEEN,
    M_LOW_SEEN,
    M_AMBIGUOUS,
    M_LEVELS,  # levels of the book, 0 where none was told
) = range(14)

# an order
(
    O_ID,
    O_INSTRUMENT,
    O_KIND,
    O_SIDE,
    O_QUANTITY,
    O_FILLED,
    O_LIMIT,
    O_TRIGGER,
    O_DISTANCE,
    O_IN_PPM,
    O_BEST,  # 0: none yet
    O_REDUCE,
    O_POST,
    O_TIF,
    O_EXPIRES,
    O_GROUP,
    O_PARENT,
    O_STATE,
    O_SUBMITTED,
    O_ACTIVE,
    O_HELD,
    O_TRIGGERED,
    O_RESTING,
    O_TAG,
    O_BEGAN,  # 1: began to work at the step of the walk that is being judged
    O_MARK,  # 1: present when the moment began; 2: and was triggered in it
    O_HOLD_PRICE,  # -1 for none
) = range(27)
WIDTH = 27

# a wish: the side to enter on, whether a long or a short is to end, prices, share of the equity
W_SIDE, W_LEAVE_LONG, W_LEAVE_SHORT, W_STOP, W_TARGET, W_TRAIL, W_SHARE = range(7)

# an event
(
    E_SEQ,
    E_TIME,
    E_KIND,
    E_ORDER,
    E_INSTRUMENT,
    E_SIDE,
    E_QUANTITY,
    E_TICKS,
    E_REFERENCE,
    E_FEE,
    E_SLIPPAGE,
    E_GROSS,
    E_MAKER,
    E_CODE,
    E_STATE,
    E_TAG,
) = range(16)

MARKET, LIMIT, STOP, STOP_LIMIT, TAKE_PROFIT, TRAILING = range(6)
KINDS = ("market", "limit", "stop", "stop_limit", "take_profit", "trailing")

GTC, IOC, FOK, GTD = range(4)
TIMES_IN_FORCE = ("GTC", "IOC", "FOK", "GTD")

NEW, PENDING, ACCEPTED, PARTIAL, FILLED, CANCELLED, EXPIRED, REJECTED = range(8)
STATES = (
    "new",
    "pending",
    "accepted",
    "partially_filled",
    "filled",
    "cancelled",
    "expired",
    "rejected",
)

(
    EV_ACCEPTED,
    EV_PENDING,
    EV_REJECTED,
    EV_MODIFIED,
    EV_TRIGGERED,
    EV_FILL,
    EV_CANCELLED,
    EV_EXPIRED,
    EV_FUNDING,
    EV_TRANSFER,
) = range(10)
EVENTS = (
    "accepted",
    "pending",
    "rejected",
    "modified",
    "triggered",
    "fill",
    "cancelled",
    "expired",
    "funding",
    "transfer",
)

(
    OK,
    C_QUANTITY,
    C_PRICE,
    C_EXPIRED,
    C_MIN_NOTIONAL,
    C_SPOT_SHORT,
    C_NOTHING_TO_REDUCE,
    C_POST_ONLY,
    C_INSUFFICIENT,
    C_FOK,
    C_IOC,
    C_OCO,
    C_BRACKET_EXIT,
    C_ENTRY_ENDED,
    C_REQUESTED,
    C_END,
) = range(16)
CODES = (
    "",
    "quantity",
    "price",
    "expired",
    "min_notional",
    "spot_short",
    "nothing_to_reduce",
    "post_only",
    "insufficient_balance",
    "fok",
    "ioc",
    "oco",
    "bracket_exit",
    "entry_ended",
    "requested",
    "end_of_data",
)

# why a fill happened; the order is that of backtesting.results.EXIT_REASONS
(
    T_SIGNAL,
    T_STOP,
    T_TARGET,
    T_TRAILING,
    T_LIQUIDATION,
    T_END,
    T_REVERSE,
    T_LIMIT,
) = range(8)


class Bar(NamedTuple):
    """One bar in whole numbers: milliseconds, ticks and steps."""

    time_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int


def new_state(specs: list[list[int]], order_capacity: int = 32) -> Ints:
    """Return an empty account that trades the given instruments, as one table of numbers.

    Parameters
    ----------
    specs : list of list of int
        Per instrument what ``S_UNIT`` to ``S_LATENCY`` name.
    order_capacity : int
        Orders that can be open at once.

    Returns
    -------
    ndarray of int64, shape (row, WIDTH)
        Row 0 is the account, row 1 the moment, then one row per instrument (from ``row_of``),
        then the orders, then the events of the last step, then the book of the moment.

    Examples
    --------
    >>> state = new_state([[1] + [0] * 12])
    >>> state.shape, int(state[0, NEXT_ID]), int(state[0, FIRST])
    ((359, 27), 1, 3)
    """
    first = FIRST_INSTRUMENT + len(specs)
    first_event = first + order_capacity
    s = np.zeros((first_event + 8 * order_capacity + 64 + BOOK_ROWS, WIDTH), np.int64)
    s[0, NEXT_ID] = 1
    s[0, FIRST] = s[0, LAST] = first
    s[0, FIRST_EVENT] = first_event
    for number, spec in enumerate(specs):
        s[FIRST_INSTRUMENT + number, : len(spec)] = spec
    return s


def enlarged(state: Ints) -> Ints:
    """Return the same account with room for twice the orders."""
    first, capacity = int(state[0, FIRST]), int(state[0, FIRST_EVENT] - state[0, FIRST])
    bigger = np.zeros((first + 18 * capacity + 64 + BOOK_ROWS, WIDTH), np.int64)
    bigger[: int(state[0, LAST])] = state[: int(state[0, LAST])]
    bigger[0, FIRST_EVENT] = first + 2 * capacity
    return bigger


def event_room(state: Ints, n_levels: int = 0) -> int:
    """Return how many events one bar can bring with the orders that are open, without fundings.

    An order brings at most eight: it begins, is triggered, fills in two parts, ends, and each time
    the position that it opened may be liquidated. Each level of a book may fill two parts more.
    """
    return (8 + 2 * n_levels) * int(state[0, LAST] - state[0, FIRST]) + 64
