"""The account's postings, compiled: opening, reducing, holding, funding, and the check of all.

Rule numbers are those of ``docs/guide/markets-fills.md``.
"""

from sonde.markets.core.engine.arithmetic import (
    compiled,
    product,
    scaled,
    scaled_up,
    total,
    value,
)
from sonde.markets.core.engine.layout import (
    FEES,
    FIRST,
    FIRST_INSTRUMENT,
    FREE,
    FUNDING,
    GROSS,
    HELD,
    LAST,
    MARGIN,
    O_HELD,
    P_COST,
    P_LAST,
    P_LIQUIDATION,
    P_MARGIN,
    P_STEPS,
    S_LEVERAGE,
    S_MAINTENANCE,
    S_SPOT,
    S_UNIT,
    TRANSFERS,
    Ints,
)

PARTS = 10**9


@compiled
def check(s: Ints) -> None:
    """Refuse a ledger that does not balance (rule 2.1)."""
    held = 0
    for row in range(s[0, FIRST], s[0, LAST]):
        held += s[row, O_HELD]
    if held != s[0, HELD] or s[0, FREE] < 0 or held < 0 or s[0, MARGIN] < 0:
        raise ArithmeticError("ledger")
    ours = total(total(s[0, FREE], s[0, HELD]), s[0, MARGIN])
    paid = total(s[0, FEES], s[0, FUNDING])
    if ours != total(total(s[0, TRANSFERS], s[0, GROSS]), -paid):
        raise ArithmeticError("ledger")


@compiled
def set_hold(s: Ints, row: int, units: int) -> None:
    """Let an order hold so much, taken from or given back to what is free."""
    more = units - s[row, O_HELD]
    s[0, FREE] = total(s[0, FREE], -more)
    s[0, HELD] = total(s[0, HELD], more)
    s[row, O_HELD] = units


@compiled
def cost_to_open(s: Ints, instrument: int, worth: int, rate: int) -> int:
    """Return margin and fee of opening a notional (rule 1.4)."""
    margin = scaled_up(worth, 100, s[instrument, S_LEVERAGE])
    return total(margin, scaled_up(worth, rate, PARTS))


@compiled
def unrealised(s: Ints, instrument: int, ticks: int) -> int:
    """Return what closing at ``ticks`` would realise, before fees (rule 2.2)."""
    steps = s[instrument, P_STEPS]
    if steps == 0:
        return 0
    worth = value(ticks, abs(steps), s[instrument, S_UNIT])
    cost = s[instrument, P_COST]
    return worth - cost if steps > 0 else cost - worth


@compiled
def equity(s: Ints) -> int:
    """Return free + held + margin + unrealised of the account, at the last prices."""
    money = total(total(s[0, FREE], s[0, HELD]), s[0, MARGIN])
    for at in range(FIRST_INSTRUMENT, s[0, FIRST]):
        money = total(money, unrealised(s, at, s[at, P_LAST]))
    return money


@compiled
def open_part(s: Ints, instrument: int, signed_steps: int, ticks: int, rate: int) -> int:
    """Open or enlarge a position and return the fee (rule 2.3)."""
    worth = value(ticks, abs(signed_steps), s[instrument, S_UNIT])
    margin = scaled_up(worth, 100, s[instrument, S_LEVERAGE])
    fee = scaled_up(worth, rate, PARTS)
    s[instrument, P_COST] = total(s[instrument, P_COST], worth)
    s[instrument, P_MARGIN] += margin
    s[instrument, P_STEPS] = total(s[instrument, P_STEPS], signed_steps)
    s[0, MARGIN] += margin
    s[0, FREE] -= margin + fee
    s[0, FEES] = total(s[0, FEES], fee)
    return fee


@compiled
def reduction(s: Ints, instrument: int, steps: int, ticks: int, rate: int) -> tuple:  # type: ignore[type-arg]
    """Return cost out, margin out, gross and fee of reducing by ``steps`` (rule 2.4)."""
    size = abs(s[instrument, P_STEPS])
    worth = value(ticks, steps, s[instrument, S_UNIT])
    cost = scaled(s[instrument, P_COST], steps, size)
    margin = scaled(s[instrument, P_MARGIN], steps, size)
    gross = worth - cost if s[instrument, P_STEPS] > 0 else cost - worth
    gross = max(gross, -margin)
    fee = min(scaled_up(worth, rate, PARTS), margin + gross)
    return cost, margin, gross, fee


@compiled
def reduce_part(s: Ints, instrument: int, steps: int, ticks: int, rate: int) -> tuple:  # type: ignore[type-arg]
    """Reduce a position and return gross and fee (rule 2.4)."""
    cost, margin, gross, fee = reduction(s, instrument, steps, ticks, rate)
    s[instrument, P_COST] -= cost
    s[instrument, P_MARGIN] -= margin
    s[instrument, P_STEPS] += -steps if s[instrument, P_STEPS] > 0 else steps
    s[0, MARGIN] -= margin
    s[0, FREE] = total(s[0, FREE], margin + gross - fee)
    s[0, GROSS] = total(s[0, GROSS], gross)
    s[0, FEES] = total(s[0, FEES], fee)
    return gross, fee


@compiled
def settle_funding(s: Ints, instrument: int, rate: int, ticks: int) -> int:
    """Pay or receive funding on the position and return what was paid (rule 4.1)."""
    steps = s[instrument, P_STEPS]
    if steps == 0:
        return 0
    worth = value(ticks, abs(steps), s[instrument, S_UNIT])
    pays = (steps > 0) == (rate > 0)
    owed = scaled_up(worth, abs(rate), PARTS) if pays else -scaled(worth, abs(rate), PARTS)
    owed = min(owed, total(s[0, FREE], s[instrument, P_MARGIN]))
    from_margin = max(owed - s[0, FREE], 0)
    s[0, FREE] = total(s[0, FREE], from_margin - owed)
    s[instrument, P_MARGIN] -= from_margin
    s[0, MARGIN] -= from_margin
    s[0, FUNDING] = total(s[0, FUNDING], owed)
    find_liquidation(s, instrument)
    check(s)
    return owed


@compiled
def is_below_maintenance(s: Ints, instrument: int, ticks: int) -> bool:
    """Say whether a position is liquidated at ``ticks`` (rule 7)."""
    worth = value(ticks, abs(s[instrument, P_STEPS]), s[instrument, S_UNIT])
    left = total(s[instrument, P_MARGIN], unrealised(s, instrument, ticks))
    return left <= scaled_up(worth, s[instrument, S_MAINTENANCE], PARTS)


@compiled
def find_liquidation(s: Ints, instrument: int) -> None:
    """Write down the liquidation price of the position, 0 for none (rule 7)."""
    steps = s[instrument, P_STEPS]
    s[instrument, P_LIQUIDATION] = 0
    if steps == 0 or s[instrument, S_SPOT] == 1:
        return
    per_tick = product(abs(steps), s[instrument, S_UNIT])
    if steps > 0:
        # Safe above cost / (1 - maintenance); the rate is at most one half.
        low, high = 0, total(product(2, s[instrument, P_COST] // per_tick), 2)
        while high - low > 1:
            middle = (low + high) // 2
            if is_below_maintenance(s, instrument, middle):
                low = middle
            else:
                high = middle
        s[instrument, P_LIQUIDATION] = low
        return
    low, high = 0, total(s[instrument, P_COST], s[instrument, P_MARGIN]) // per_tick + 1
    while high - low > 1:
        middle = (low + high) // 2
        if is_below_maintenance(s, instrument, middle):
            high = middle
        else:
            low = middle
    s[instrument, P_LIQUIDATION] = high
