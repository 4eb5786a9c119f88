"""The way of the price inside a bar, compiled: always the one that is worst for the trader."""

from sonde.markets.core.engine.arithmetic import compiled
from sonde.markets.core.engine.book import is_stop, level
from sonde.markets.core.engine.fills import (
    is_limit_now,
    is_market_now,
    liquidate,
    make,
    trigger,
)
from sonde.markets.core.engine.layout import (
    FIRST,
    LAST,
    M_AMBIGUOUS,
    M_CLOSE,
    M_HIGH,
    M_HIGH_SEEN,
    M_LEFT,
    M_LOW,
    M_LOW_SEEN,
    M_POINT,
    O_BEGAN,
    O_BEST,
    O_KIND,
    O_LIMIT,
    O_SIDE,
    O_TRIGGERED,
    P_LIQUIDATION,
    P_STEPS,
    S_TOUCH,
    TRAILING,
    Bar,
    Ints,
)
from sonde.markets.core.engine.moments import (
    arrive,
    begin_bar,
    follow_best,
    is_working,
    remember,
    stand_at,
)

LOW, HIGH, CLOSE = 0, 1, 2
NONE, LIQUIDATES, STOPS, TAKES, LIMITS = -1, 0, 1, 2, 3


@compiled
def trigger_of(s: Ints, row: int, instrument: int) -> tuple:  # type: ignore[type-arg]
    """Return rank, price and direction of what makes an order act inside a bar; rank -1: nothing.

    The direction is +1 where a rising price brings it about. A row before the first
    order is the liquidation.
    """
    if row < s[0, FIRST]:
        price, side = s[instrument, P_LIQUIDATION], s[instrument, P_STEPS]
        return NONE if price == 0 else LIQUIDATES, price, -1 if side > 0 else 1
    if not is_working(s, row, instrument) or is_market_now(s, row):
        return NONE, 0, 0
    side = s[row, O_SIDE]
    if is_limit_now(s, row):
        return NONE if s[1, M_LEFT] == 0 else LIMITS, s[row, O_LIMIT], -side
    if is_stop(s, row):
        waits = s[row, O_KIND] == TRAILING and s[row, O_BEST] == 0
        return NONE if waits else STOPS, level(s, row), side
    return TAKES, level(s, row), -side


@compiled
def is_reached(rank: int, threshold: int, toward: int, price: int, touch: int) -> bool:
    """Say whether a price brings it about; a limit needs a price beyond it (rule 4.4)."""
    beyond = toward * (price - threshold)
    if rank == LIMITS and touch == 0:
        return beyond > 0
    return beyond >= 0


@compiled
def is_ahead(s: Ints, instrument: int, found: tuple, extreme: int) -> bool:  # type: ignore[type-arg]
    """Say whether it lies between the point, which has not reached it, and an extreme."""
    rank, threshold, toward = found
    touch = s[instrument, S_TOUCH]
    if is_reached(rank, threshold, toward, s[1, M_POINT], touch):
        return False
    return is_reached(rank, threshold, toward, extreme, touch)


@compiled
def is_on_both_sides(s: Ints, instrument: int) -> bool:
    """Say whether something is in reach on both sides of the point (rule 8.1)."""
    below = above = False
    for row in range(s[0, FIRST] - 1, s[0, LAST]):
        found = trigger_of(s, row, instrument)
        if found[0] == NONE:
            continue
        extreme = s[1, M_HIGH] if found[2] > 0 else s[1, M_LOW]
        if is_ahead(s, instrument, found, extreme):
            above = above or found[2] > 0
            below = below or found[2] < 0
    return above and below


@compiled
def nearest(s: Ints, instrument: int, target: int) -> tuple:  # type: ignore[type-arg]
    """Return row, rank, price and whether the point has reached it, of what comes first."""
    point, touch = s[1, M_POINT], s[instrument, S_TOUCH]
    best_row, best_rank, best_price, best_distance, best_here = 0, NONE, 0, 0, False
    for row in range(s[0, FIRST] - 1, s[0, LAST]):
        rank, threshold, toward = trigger_of(s, row, instrument)
        if rank == NONE:
            continue
        here = is_reached(rank, threshold, toward, point, touch)
        if not here and not is_reached(rank, threshold, toward, target, touch):
            continue
        distance = 0 if here else abs(threshold - point)
        sooner = distance < best_distance or (distance == best_distance and rank < best_rank)
        if best_rank == NONE or sooner:
            best_row, best_rank, best_price = row, rank, threshold
            best_distance, best_here = distance, here
    return best_row, best_rank, best_price, best_here


@compiled
def first_unseen(s: Ints, one: int, other: int) -> int:
    """Return the first of two waypoints that has not been visited, else the close."""
    seen = (s[1, M_LOW_SEEN], s[1, M_HIGH_SEEN])
    if seen[one] == 0:
        return one
    return other if seen[other] == 0 else CLOSE


@compiled
def wish(s: Ints, row: int, instrument: int) -> int:
    """Return the line (0 to 5) of rule 4.5 that a flat account's order asks for, 9 for none."""
    found = trigger_of(s, row, instrument)
    rank, threshold, _ = found
    point = s[1, M_POINT]
    buys, best = s[row, O_SIDE] > 0, 9
    if rank == STOPS:
        if buys and point < threshold <= s[1, M_HIGH]:
            best = 0
        elif not buys and s[1, M_LOW] <= threshold < point:
            best = 1
    elif rank > STOPS:
        extreme = s[1, M_LOW] if buys else s[1, M_HIGH]
        if is_reached(rank, threshold, found[2], extreme, s[instrument, S_TOUCH]):
            best = 2 if buys else 3
    unseen = s[1, M_HIGH_SEEN] if best in (0, 3) else s[1, M_LOW_SEEN]
    if best < 9 and unseen == 0:
        return best
    if s[row, O_KIND] == TRAILING and s[row, O_TRIGGERED] == 0:
        return 4 if buys else 5
    return 9


@compiled
def next_when_flat(s: Ints, instrument: int) -> int:
    """Return the waypoint of a flat account: lines a to f of rule 4.5."""
    best = 9
    for row in range(s[0, FIRST], s[0, LAST]):
        if is_working(s, row, instrument):
            best = min(best, wish(s, row, instrument))
    if best == 0:
        return HIGH
    if best == 1:
        return LOW
    if best in (2, 4):
        return first_unseen(s, HIGH, LOW)
    return CLOSE if best == 9 else first_unseen(s, LOW, HIGH)


@compiled
def next_waypoint(s: Ints, instrument: int) -> int:
    """Return where the price goes now (rule 4.5)."""
    steps = s[instrument, P_STEPS]
    if steps > 0:
        return first_unseen(s, LOW, HIGH)
    if steps < 0:
        return first_unseen(s, HIGH, LOW)
    return next_when_flat(s, instrument)


@compiled
def judge(s: Ints, instrument: int, toward: int) -> None:
    """Mark the bar if what begins to work might have been passed already (rule 8.2)."""
    touch = s[instrument, S_TOUCH]
    behind_end = s[1, M_LOW] if toward > 0 else s[1, M_HIGH]
    ahead_end = s[1, M_HIGH] if toward > 0 else s[1, M_LOW]
    behind = open_question = ahead = False
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_BEGAN] == 0:
            continue
        s[row, O_BEGAN] = 0
        found = trigger_of(s, row, instrument)
        if found[0] == NONE or toward == 0:
            continue
        if found[2] == toward:
            ahead = ahead or is_ahead(s, instrument, found, ahead_end)
        elif is_ahead(s, instrument, found, behind_end):
            behind = True
            if not is_reached(found[0], found[1], found[2], s[1, M_CLOSE], touch):
                open_question = True
    if open_question or (behind and ahead):
        s[1, M_AMBIGUOUS] = 1


@compiled
def act(s: Ints, instrument: int, row: int, rank: int) -> None:
    """Let happen what was triggered, at the moment's price."""
    if row < s[0, FIRST]:
        liquidate(s, instrument)
    elif rank == LIMITS:
        make(s, row)
    else:
        trigger(s, row)


@compiled
def forget_beginnings(s: Ints) -> None:
    """Take what works at the open as given."""
    for row in range(s[0, FIRST], s[0, LAST]):
        s[row, O_BEGAN] = 0


@compiled
def sign(distance: int) -> int:
    """Return -1, 0 or 1."""
    if distance == 0:
        return 0
    return 1 if distance > 0 else -1


@compiled
def walk(s: Ints, instrument: int) -> None:
    """Walk from the open to the close (rule 4.5)."""
    s[1, M_HIGH_SEEN] = s[1, M_LOW_SEEN] = 0
    forget_beginnings(s)
    if is_on_both_sides(s, instrument):
        s[1, M_AMBIGUOUS] = 1
    while True:
        waypoint = next_waypoint(s, instrument)
        price = s[1, M_CLOSE]
        if waypoint == LOW:
            price = s[1, M_LOW]
        elif waypoint == HIGH:
            price = s[1, M_HIGH]
        toward = 1 if waypoint == HIGH else -1
        if waypoint == CLOSE:
            toward = sign(price - s[1, M_POINT])
        row, rank, threshold, here = nearest(s, instrument, price)
        if rank != NONE:
            if not here:
                stand_at(s, threshold)
            act(s, instrument, row, rank)
            judge(s, instrument, toward)
            continue
        stand_at(s, price)
        moved = follow_best(s, instrument, price)
        if waypoint == CLOSE:
            return
        s[1, M_LOW_SEEN if waypoint == LOW else M_HIGH_SEEN] = 1
        if moved:
            judge(s, instrument, toward)


@compiled
def has_work(s: Ints, instrument: int) -> bool:
    """Say whether anything could happen inside a bar."""
    if s[instrument, P_LIQUIDATION] != 0:
        return True
    return s[0, FIRST] < s[0, LAST]


@compiled
def walk_bar(s: Ints, instrument: int, bar: Bar, close_time_ms: int) -> None:
    """Act on one bar and remember its close (rule 4); funding is settled before."""
    begin_bar(s, instrument, bar)
    if has_work(s, instrument):
        arrive(s, instrument)
        walk(s, instrument)
    remember(s, instrument, close_time_ms, (bar.close, bar.close, bar.close))
