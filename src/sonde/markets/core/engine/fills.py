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
    IOC,
    LIMIT,
    M_ASK,
    M_BID,
    M_HALF,
    M_LEFT,
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
def available(s: Ints, row: int) -> int:
    """Return what the order can fill here, ending it if its force says so (rules 5.1, 5.2)."""
    wanted = s[row, O_QUANTITY] - s[row, O_FILLED]
    if only_reduces(s, row):
        wanted = min(wanted, abs(s[s[row, O_INSTRUMENT], P_STEPS]))
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
def take(s: Ints, row: int, bound: int) -> None:
    """Fill by market, not beyond ``bound`` if that is not 0 (rule 1.3)."""
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
    """Fill a resting limit at its price (rule 4.3)."""
    steps = available(s, row)
    if steps > 0:
        limit = s[row, O_LIMIT]
        fill(s, row, limit, limit, steps)


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
    ticks = slipped(s, instrument, side, steps)
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
