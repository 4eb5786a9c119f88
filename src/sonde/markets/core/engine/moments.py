"""What happens at one price, compiled: the open of a bar, or a quote (rules 4.1 to 4.3, 9)."""

from sonde.markets.core.engine.arithmetic import compiled, scaled
from sonde.markets.core.engine.book import expire, is_open, is_stop, level, sweep
from sonde.markets.core.engine.fills import (
    is_limit_now,
    is_market_now,
    liquidate,
    make,
    take,
    trigger,
    try_limit,
)
from sonde.markets.core.engine.layout import (
    FIRST,
    LAST,
    M_AMBIGUOUS,
    M_ASK,
    M_BID,
    M_CLOSE,
    M_HALF,
    M_HIGH,
    M_LEFT,
    M_LOW,
    M_POINT,
    M_TIME,
    M_VOLUME,
    NEVER,
    O_ACTIVE,
    O_BEGAN,
    O_BEST,
    O_INSTRUMENT,
    O_KIND,
    O_LIMIT,
    O_MARK,
    O_RESTING,
    O_SIDE,
    O_TRIGGERED,
    P_ASK,
    P_BID,
    P_LAST,
    P_LIQUIDATION,
    P_SEEN,
    P_STEPS,
    S_HALF_SPREAD,
    S_SHARE,
    S_TOUCH,
    TAKE_PROFIT,
    TRAILING,
    Bar,
    Ints,
)

PARTS = 10**9


@compiled
def is_working(s: Ints, row: int, instrument: int) -> bool:
    """Say whether an order of the instrument is open and can act now (rule 3.8)."""
    if s[row, O_INSTRUMENT] != instrument or not is_open(s, row):
        return False
    return s[row, O_ACTIVE] <= s[1, M_TIME]


@compiled
def is_liquidated_at(s: Ints, instrument: int, price: int) -> bool:
    """Say whether a price has reached the liquidation price (rule 7)."""
    if s[instrument, P_LIQUIDATION] == 0:
        return False
    if s[instrument, P_STEPS] > 0:
        return price <= s[instrument, P_LIQUIDATION]
    return price >= s[instrument, P_LIQUIDATION]


@compiled
def stand_at(s: Ints, price: int) -> None:
    """Move the price."""
    s[1, M_POINT] = price
    s[1, M_BID] = price
    s[1, M_ASK] = price


@compiled
def begin_bar(s: Ints, instrument: int, bar: Bar) -> None:
    """Set the moment to the open of a bar (rule 6.1)."""
    s[1, M_TIME] = bar.time_ms
    s[1, M_HIGH], s[1, M_LOW], s[1, M_CLOSE] = bar.high, bar.low, bar.close
    stand_at(s, bar.open)
    s[1, M_VOLUME] = bar.volume
    s[1, M_HALF] = s[instrument, S_HALF_SPREAD]
    s[1, M_AMBIGUOUS] = 0
    s[1, M_LEFT] = NEVER
    if s[instrument, S_SHARE] >= 0:
        s[1, M_LEFT] = scaled(bar.volume, s[instrument, S_SHARE], PARTS)


@compiled
def begin_quote(s: Ints, time_ms: int, prices: tuple, depth: int) -> None:  # type: ignore[type-arg]
    """Set the moment to a quote; a depth of -1 is not known (rule 9)."""
    s[1, M_TIME] = time_ms
    s[1, M_BID], s[1, M_ASK], s[1, M_POINT] = prices
    s[1, M_VOLUME] = depth
    s[1, M_LEFT] = NEVER if depth < 0 else depth
    s[1, M_HALF] = 0
    s[1, M_AMBIGUOUS] = 0


@compiled
def passed(s: Ints, row: int) -> bool:
    """Say whether the price has passed a resting limit (rules 4.4, 9)."""
    if s[row, O_SIDE] > 0:
        distance = s[row, O_LIMIT] - min(s[1, M_POINT], s[1, M_ASK])
    else:
        distance = max(s[1, M_POINT], s[1, M_BID]) - s[row, O_LIMIT]
    if s[s[row, O_INSTRUMENT], S_TOUCH] == 1:
        return distance >= 0
    return distance > 0


@compiled
def triggers_at(s: Ints, row: int, price: int, takes: bool) -> bool:
    """Say whether a price triggers a stop (or, with ``takes``, a take-profit)."""
    if s[row, O_TRIGGERED] == 1:
        return False
    threshold = level(s, row)
    if s[row, O_KIND] == TRAILING and s[row, O_BEST] == 0:
        return False
    if takes:
        return s[row, O_KIND] == TAKE_PROFIT and s[row, O_SIDE] * (price - threshold) <= 0
    return is_stop(s, row) and s[row, O_SIDE] * (price - threshold) >= 0


@compiled
def follow_best(s: Ints, instrument: int, price: int) -> bool:
    """Let trailing stops take a price if it is better; mark those that moved."""
    moved = False
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_KIND] != TRAILING or s[row, O_TRIGGERED] == 1:
            continue
        if not is_working(s, row, instrument):
            continue
        if s[row, O_BEST] == 0 or s[row, O_SIDE] * (s[row, O_BEST] - price) > 0:
            s[row, O_BEST] = price
            s[row, O_BEGAN] = 1
            moved = True
    return moved


@compiled
def act_on_triggers(s: Ints, instrument: int) -> None:
    """Trigger stops, then take-profits that the price has reached (4.3, lines 2 and 3)."""
    price = s[1, M_POINT]
    for phase in range(2):
        for row in range(s[0, FIRST], s[0, LAST]):
            if s[row, O_MARK] != 1 or not is_working(s, row, instrument):
                continue
            if triggers_at(s, row, price, phase == 1):
                trigger(s, row)


@compiled
def act_on_orders(s: Ints, instrument: int) -> None:
    """Let market orders act, then limits (4.3, lines 4 and 5)."""
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_MARK] == 1 and is_working(s, row, instrument) and is_market_now(s, row):
            take(s, row, 0)
    for row in range(s[0, FIRST], s[0, LAST]):
        if s[row, O_MARK] == 0 or not is_working(s, row, instrument):
            continue
        if not is_limit_now(s, row):
            continue
        if s[row, O_RESTING] == 0:
            try_limit(s, row)
        elif s[1, M_LEFT] != 0 and passed(s, row):
            make(s, row)


@compiled
def arrive(s: Ints, instrument: int) -> None:
    """Expire, make eligible, and act at the one price of the moment (4.2, 4.3)."""
    expire(s, instrument, s[1, M_TIME])
    for row in range(s[0, FIRST], s[0, LAST]):
        s[row, O_MARK] = 1 if is_working(s, row, instrument) else 0
    if is_liquidated_at(s, instrument, s[1, M_POINT]):
        liquidate(s, instrument)
    act_on_triggers(s, instrument)
    act_on_orders(s, instrument)
    follow_best(s, instrument, s[1, M_POINT])


@compiled
def remember(s: Ints, instrument: int, time_ms: int, prices: tuple) -> None:  # type: ignore[type-arg]
    """Keep the last prices and the time, and drop the orders that have ended."""
    s[instrument, P_BID], s[instrument, P_ASK], s[instrument, P_LAST] = prices
    s[1, M_TIME] = s[instrument, P_SEEN] = time_ms
    sweep(s)


@compiled
def visit_quote(s: Ints, instrument: int, time_ms: int, prices: tuple, depth: int) -> None:  # type: ignore[type-arg]
    """Act on a quote of bid, ask and last; a depth of -1 is not known (rule 9)."""
    begin_quote(s, time_ms, prices, depth)
    arrive(s, instrument)
    remember(s, instrument, time_ms, prices)
