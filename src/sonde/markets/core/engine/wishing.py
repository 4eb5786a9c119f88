"""What a strategy wishes at the close of a bar, compiled into orders (rules 10.1 to 10.3)."""

from sonde.markets.core.engine.arithmetic import compiled, product, scaled, total, value
from sonde.markets.core.engine.book import end, is_open, sweep, worsened
from sonde.markets.core.engine.commands import blank_order, enter
from sonde.markets.core.engine.fills import affordable
from sonde.markets.core.engine.layout import (
    C_REQUESTED,
    CANCELLED,
    FIRST,
    FIRST_INSTRUMENT,
    FREE,
    LAST,
    MARKET,
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
    T_REVERSE,
    T_SIGNAL,
    T_STOP,
    T_TARGET,
    T_TRAILING,
    TAKE_PROFIT,
    TRAILING,
    W_LEAVE_LONG,
    W_LEAVE_SHORT,
    W_SHARE,
    W_SIDE,
    W_STOP,
    W_TARGET,
    W_TRAIL,
    Ints,
)
from sonde.markets.core.engine.ledger import equity, unrealised

PARTS = 10**9

# kinds of size
BY_EQUITY, BY_QUOTE, BY_QUANTITY, BY_RISK = range(4)


@compiled
def within(s: Ints, at: int, money: int) -> int:
    """Return what of some money other instruments leave; all of it where there is no other."""
    if s[0, FIRST] == FIRST_INSTRUMENT + 1:
        return money
    own = total(s[at, P_MARGIN], unrealised(s, at, s[at, P_LAST]))
    return max(min(money, total(s[0, FREE], own)), 0)


@compiled
def quantity_of(s: Ints, at: int, wish: Ints, kind: int, size: int) -> int:
    """Return the steps of an entry (rule 10.2)."""
    close, unit = s[at, P_LAST], s[at, S_UNIT]
    money = max(equity(s), 0)
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
def asks_for(s: Ints, at: int, wish: Ints, kind: int, size: int) -> int:
    """Return the steps of the entry that a wish leads to, 0 for none."""
    return quantity_of(s, at, wish, kind, size) if enters(s, at, wish) else 0
