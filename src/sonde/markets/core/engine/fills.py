"""How one order fills at one moment, compiled (rules 5, 6, 7)."""

from sonde.markets.core.engine.arithmetic import compiled, scaled_up, total, value
from sonde.markets.core.engine.book import (
    drop_what_reduces_nothing,
    end,
    follow,
    is_open,
    note,
    only_reduces,
    opposes,
    worsened,
)
from sonde.markets.core.engine.layout import (
    BOOK_ROWS,
    C_FOK,
    C_INSUFFICIENT,
    C_IOC,
    C_POST_ONLY,
    CANCELLED,
    E_FEE,
    E_GROSS,
    E_INSTRUMENT,
    E_MAKER,
    E_QUANTITY,
    E_REFERENCE,
    E_SIDE,
    E_SLIPPAGE,
    E_TAG,
    E_TICKS,
    EV_FILL,
    EV_TRIGGERED,
    FILLED,
    FOK,
    FREE,
    GTC,
    IOC,
    LIMIT,
    M_ASK,
    M_BID,
    M_HALF,
    M_LEFT,
    M_LEVELS,
    M_POINT,
    M_VOLUME,
    MARKET,
    NEVER,
    NOBODY,
    O_BEGAN,
    O_FILLED,
    O_HELD,
    O_INSTRUMENT,
    O_KIND,
    O_LIMIT,
    O_MARK,
    O_POST,
    O_QUANTITY,
    O_RESTING,
    O_SIDE,
    O_STATE,
    O_TIF,
    O_TRIGGERED,
    OK,
    P_STEPS,
    PARTIAL,
    S_IMPACT,
    S_MAKER,
    S_SLIPPAGE,
    S_TAKER,
    S_TOUCH,
    S_UNIT,
    SLIPPAGE,
    STOP_LIMIT,
    T_LIQUIDATION,
    Ints,
)
from sonde.markets.core.engine.ledger import (
    check,
    cost_to_open,
    find_liquidation,
    open_part,
    reduce_part,
    reduction,
    set_hold,
)


@compiled
def is_limit_now(s: Ints, row: int) -> bool:
    """Say whether an order works as a limit now."""
    return s[row, O_KIND] == LIMIT or (s[row, O_KIND] == STOP_LIMIT and s[row, O_TRIGGERED] == 1)


@compiled
def is_market_now(s: Ints, row: int) -> bool:
    """Say whether an order works as a market order now."""
    if s[row, O_KIND] == MARKET:
        return True
    return s[row, O_TRIGGERED] == 1 and s[row, O_KIND] != STOP_LIMIT


@compiled
def reference_of(s: Ints, side: int) -> int:
    """Return the price before slippage for a side."""
    return s[1, M_ASK] if side > 0 else s[1, M_BID]


@compiled
def slipped(s: Ints, instrument: int, side: int, steps: int) -> int:
    """Return the price of taking ``steps`` from the market now (rule 1.3)."""
    volume = s[1, M_VOLUME]
    ppm = s[1, M_HALF] + s[instrument, S_SLIPPAGE]
    if volume > 0:
        ppm += scaled_up(s[instrument, S_IMPACT], steps, volume)
    elif volume == 0:
        ppm += s[instrument, S_IMPACT]
    return max(worsened(reference_of(s, side), side, ppm), 1)


@compiled
def record(s: Ints, at: int, deal: tuple, money: tuple) -> None:  # type: ignore[type-arg]
    """Fill in the event of a fill, and book its slippage."""
    instrument, side, ticks, reference, steps = deal
    slippage = value(abs(ticks - reference), steps, s[instrument, S_UNIT])
    s[0, SLIPPAGE] = total(s[0, SLIPPAGE], slippage)
    s[at, E_INSTRUMENT], s[at, E_SIDE] = instrument, side
    s[at, E_TICKS], s[at, E_REFERENCE], s[at, E_QUANTITY] = ticks, reference, steps
    s[at, E_SLIPPAGE] = slippage
    s[at, E_FEE], s[at, E_GROSS], s[at, E_MAKER] = money


@compiled
def affordable(s: Ints, instrument: int, ticks: int, wanted: int, purse: tuple) -> int:  # type: ignore[type-arg]
    """Return the largest quantity up to ``wanted`` that the money can open (rule 5.3)."""
    money, rate = purse
    unit = s[instrument, S_UNIT]
    if cost_to_open(s, instrument, value(ticks, wanted, unit), rate) <= money:
        return wanted
    low, high = 0, wanted
    while high - low > 1:
        middle = low + (high - low) // 2
        if cost_to_open(s, instrument, value(ticks, middle, unit), rate) <= money:
            low = middle
        else:
            high = middle
    return low


@compiled
def wanted_of(s: Ints, row: int) -> int:
    """Return what an order wants here (rule 5.1)."""
    wanted = s[row, O_QUANTITY] - s[row, O_FILLED]
    if only_reduces(s, row):
        wanted = min(wanted, abs(s[s[row, O_INSTRUMENT], P_STEPS]))
    return wanted


@compiled
def available(s: Ints, row: int) -> int:
    """Return what the order can fill here, ending it if its force says so (rules 5.1, 5.2)."""
    wanted = wanted_of(s, row)
    steps = min(wanted, s[1, M_LEFT])
    if steps == 0 and s[row, O_TIF] == IOC:
        end(s, row, CANCELLED, C_IOC)
    if steps < wanted and s[row, O_TIF] == FOK:
        end(s, row, CANCELLED, C_FOK)
        return 0
    return steps


@compiled
def post(s: Ints, row: int, parts: tuple, prices: tuple, rate: int) -> None:  # type: ignore[type-arg]
    """Post the reducing and the opening part of a fill (rule 2.5)."""
    closing, opening = parts
    ticks, reference, maker = prices
    instrument, side = s[row, O_INSTRUMENT], s[row, O_SIDE]
    for part in range(2):
        steps = closing if part == 0 else opening
        if steps == 0:
            continue
        s[row, O_FILLED] += steps
        s[row, O_STATE] = FILLED if s[row, O_FILLED] == s[row, O_QUANTITY] else PARTIAL
        gross = 0
        if part == 0:
            gross, fee = reduce_part(s, instrument, steps, ticks, rate)
        else:
            fee = open_part(s, instrument, side * steps, ticks, rate)
        at = note(s, EV_FILL, row, OK)
        record(s, at, (instrument, side, ticks, reference, steps), (fee, gross, maker))
    find_liquidation(s, instrument)


@compiled
def fill(s: Ints, row: int, ticks: int, reference: int, steps: int) -> None:
    """Fill what can be paid, then let hold and group follow (rules 5.3 to 5.5)."""
    instrument, side = s[row, O_INSTRUMENT], s[row, O_SIDE]
    maker = 1 if s[row, O_RESTING] == 1 and is_limit_now(s, row) else 0
    rate = s[instrument, S_MAKER if maker == 1 else S_TAKER]
    closing, money = 0, total(s[0, FREE], s[row, O_HELD])
    if opposes(s, instrument, side):
        closing = min(steps, abs(s[instrument, P_STEPS]))
        _, margin, gross, fee = reduction(s, instrument, closing, ticks, rate)
        money = total(money, margin + gross - fee)
    opening = steps - closing
    if opening > 0:
        opening = affordable(s, instrument, ticks, opening, (money, rate))
    if s[row, O_TIF] == FOK and closing + opening < steps:
        end(s, row, CANCELLED, C_FOK)
        return
    held = s[row, O_HELD]
    set_hold(s, row, 0)
    done = closing + opening
    if done > 0:
        post(s, row, (closing, opening), (ticks, reference, maker), rate)
        if s[1, M_LEFT] != NEVER:
            s[1, M_LEFT] -= done
        follow(s, row, done, held)
    if is_open(s, row) and done < steps:
        end(s, row, CANCELLED, C_INSUFFICIENT)
    elif is_open(s, row) and s[row, O_TIF] == IOC:
        end(s, row, CANCELLED, C_IOC)
    check(s)


@compiled
def prices_row(s: Ints, side: int) -> int:
    """Return the row of the prices at which a side takes; the next holds their quantities."""
    return len(s) - (BOOK_ROWS if side > 0 else BOOK_ROWS - 2)


@compiled
def offered(s: Ints, side: int, bound: int) -> int:
    """Return what is left on the levels of the book that are not beyond a price (rule 9.2)."""
    at, found = prices_row(s, side), 0
    for k in range(s[1, M_LEVELS]):
        if side * (bound - s[at, k]) >= 0:
            found = total(found, s[at + 1, k])
    return found


@compiled
def use(s: Ints, side: int, steps: int) -> int:
    """Use up what the book offers a side, the best first; return the price that was reached."""
    at, price = prices_row(s, side), 0
    for k in range(s[1, M_LEVELS]):
        if s[at, k] == 0:
            break
        price = s[at, k]
        used = min(steps, s[at + 1, k])
        s[at + 1, k] -= used
        steps -= used
        if steps == 0:
            break
    return price


@compiled
def fill_levels(s: Ints, row: int, bound: int) -> None:
    """Fill an order from level to level, each at its own price (rule 9.2)."""
    side = s[row, O_SIDE]
    at, reference = prices_row(s, side), reference_of(s, side)
    for k in range(s[1, M_LEVELS]):
        if not is_open(s, row):
            return
        steps = min(wanted_of(s, row), s[at + 1, k])
        if steps > 0 and side * (bound - s[at, k]) >= 0:
            before = s[row, O_FILLED]
            fill(s, row, s[at, k], reference, steps)
            s[at + 1, k] -= s[row, O_FILLED] - before


@compiled
def take_levels(s: Ints, row: int, bound: int) -> None:
    """Take from the book what an order wants; its force judges all levels together (rule 9.2)."""
    side, force, wanted = s[row, O_SIDE], s[row, O_TIF], wanted_of(s, row)
    if bound == 0 and side > 0:
        bound = NEVER
    if force == FOK and offered(s, side, bound) < wanted:
        end(s, row, CANCELLED, C_FOK)
        return
    before = s.copy() if force == FOK else s[:0]
    filled = s[row, O_FILLED]
    s[row, O_TIF] = GTC
    fill_levels(s, row, bound)
    s[row, O_TIF] = force
    if force == FOK and s[row, O_FILLED] - filled < wanted:
        s[:, :] = before
        end(s, row, CANCELLED, C_FOK)
    elif force == IOC and is_open(s, row):
        end(s, row, CANCELLED, C_IOC)
    check(s)


@compiled
def take(s: Ints, row: int, bound: int) -> None:
    """Fill by market, not beyond ``bound`` if that is not 0 (rules 1.3, 9.2)."""
    if s[1, M_LEVELS] > 0:
        take_levels(s, row, bound)
        return
    steps = available(s, row)
    if steps == 0:
        return
    side = s[row, O_SIDE]
    ticks = slipped(s, s[row, O_INSTRUMENT], side, steps)
    if bound != 0:
        ticks = min(ticks, bound) if side > 0 else max(ticks, bound)
    fill(s, row, ticks, reference_of(s, side), steps)


@compiled
def make(s: Ints, row: int) -> None:
    """Fill a resting limit at its price (rules 4.3, 9.2)."""
    side, limit = s[row, O_SIDE], s[row, O_LIMIT]
    bound = limit - side * (1 - s[s[row, O_INSTRUMENT], S_TOUCH])
    is_booked = s[1, M_LEVELS] > 0 and side * (bound - s[1, M_POINT]) < 0
    steps = available(s, row)
    if is_booked:
        steps = min(steps, offered(s, side, bound))
    if steps > 0:
        before = s[row, O_FILLED]
        fill(s, row, limit, limit, steps)
        if is_booked:
            use(s, side, s[row, O_FILLED] - before)


@compiled
def try_limit(s: Ints, row: int) -> None:
    """Let a limit that is not resting take, or make it rest (rule 4.3, line 5)."""
    limit = s[row, O_LIMIT]
    if s[row, O_SIDE] * (limit - reference_of(s, s[row, O_SIDE])) < 0:
        s[row, O_RESTING] = 1
        if s[row, O_TIF] == IOC:
            end(s, row, CANCELLED, C_IOC)
        elif s[row, O_TIF] == FOK:
            end(s, row, CANCELLED, C_FOK)
    elif s[row, O_POST] == 1:
        end(s, row, CANCELLED, C_POST_ONLY)
    else:
        take(s, row, limit)
        s[row, O_RESTING] = 1


@compiled
def trigger(s: Ints, row: int) -> None:
    """Let a stop or take-profit act at the moment's price (rules 4.3, 4.5)."""
    s[row, O_TRIGGERED] = 1
    if s[row, O_MARK] == 1:
        s[row, O_MARK] = 2
    note(s, EV_TRIGGERED, row, OK)
    if s[row, O_KIND] == STOP_LIMIT:
        try_limit(s, row)
        if is_open(s, row):
            s[row, O_BEGAN] = 1
    else:
        take(s, row, 0)
    check(s)


@compiled
def liquidate(s: Ints, instrument: int) -> None:
    """Close all of the position by market; liquidity does not bound it (rule 7)."""
    steps = s[instrument, P_STEPS]
    side = -1 if steps > 0 else 1
    steps = abs(steps)
    ticks = use(s, side, steps) if s[1, M_LEVELS] > 0 else slipped(s, instrument, side, steps)
    gross, fee = reduce_part(s, instrument, steps, ticks, s[instrument, S_TAKER])
    at = note(s, EV_FILL, NOBODY, OK)
    s[at, E_TAG] = T_LIQUIDATION
    deal = (instrument, side, ticks, reference_of(s, side), steps)
    record(s, at, deal, (fee, gross, 0))
    if s[1, M_LEFT] != NEVER:
        s[1, M_LEFT] = max(s[1, M_LEFT] - steps, 0)
    find_liquidation(s, instrument)
    drop_what_reduces_nothing(s, instrument)
    check(s)
