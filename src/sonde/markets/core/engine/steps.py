"""The steps of the engine, compiled and kept on disk: each acts on one table of numbers.

Import it where it is used: it brings numba with it. Whoever calls a step keeps a copy of the table
if it must stay whole when the step refuses (``OverflowError``: an amount does not fit into int64;
``ArithmeticError``: the ledger does not balance).
"""

from sonde.markets.core.engine.book import end, sweep
from sonde.markets.core.engine.caching import kept
from sonde.markets.core.engine.commands import (
    begin,
    blank_order,
    change,
    close_everything,
    enter,
    move_money,
    pay_funding,
)
from sonde.markets.core.engine.layout import (
    C_REQUESTED,
    CANCELLED,
    M_LEVELS,
    N_EVENTS,
    O_ID,
    O_SUBMITTED,
    Bar,
    Ints,
)
from sonde.markets.core.engine.ledger import check
from sonde.markets.core.engine.moments import visit_quote
from sonde.markets.core.engine.walk import walk_bar


@kept
def submit(s: Ints, request: Ints) -> int:
    """Enter an order whose columns ``request`` holds; return the code of a refusal, or 0."""
    s[0, N_EVENTS] = 0
    row = blank_order(s)
    number, submitted = s[row, O_ID], s[row, O_SUBMITTED]
    s[row, :] = request
    s[row, O_ID], s[row, O_SUBMITTED] = number, submitted
    return enter(s, row)


@kept
def modify(s: Ints, row: int, quantity: int, limit: int, trigger: int, distance: int) -> int:
    """Change an open order; return the code of a refusal, or 0."""
    s[0, N_EVENTS] = 0
    return change(s, row, (quantity, limit, trigger, distance))


@kept
def activate(s: Ints, row: int) -> int:
    """Let a pending order begin; return the code of a refusal, which ends it, or 0."""
    s[0, N_EVENTS] = 0
    code = begin(s, row)
    sweep(s)
    return code


@kept
def cancel(s: Ints, row: int) -> None:
    """End an open order by hand."""
    s[0, N_EVENTS] = 0
    end(s, row, CANCELLED, C_REQUESTED)
    check(s)
    sweep(s)


@kept
def transfer(s: Ints, units: int) -> None:
    """Put money in or take it out."""
    s[0, N_EVENTS] = 0
    move_money(s, units)


@kept
def step_bar(s: Ints, instrument: int, bar: Bar, close_time_ms: int, rates: Ints) -> None:
    """Settle the funding that is due, then act on one bar (rule 4)."""
    s[0, N_EVENTS] = 0
    for rate in rates:
        pay_funding(s, instrument, rate, bar.open)
    walk_bar(s, instrument, bar, close_time_ms)
    check(s)


@kept
def step_quote(
    s: Ints, instrument: int, time_ms: int, prices: Ints, rates: Ints, book: Ints
) -> None:
    """Settle the funding that is due, then act on a quote: bid, ask, last, depth or -1 (rule 9).

    The book has the rows of ``BOOK_ROWS``, and no column where none was told.
    """
    s[0, N_EVENTS] = 0
    s[len(s) - len(book) :, : book.shape[1]] = book
    s[1, M_LEVELS] = book.shape[1]
    for rate in rates:
        pay_funding(s, instrument, rate, prices[2])
    visit_quote(s, instrument, time_ms, (prices[0], prices[1], prices[2]), prices[3])
    s[1, M_LEVELS] = 0
    check(s)


@kept
def close_all(s: Ints, instrument: int, tag: int) -> None:
    """Cancel every order of an instrument and close its position at the last price (10.4)."""
    s[0, N_EVENTS] = 0
    close_everything(s, instrument, tag)
    sweep(s)
    check(s)
