"""An order book as the engine reads it: levels of both sides, checked and laid out."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sonde.markets.core.engine.layout import BOOK_ROWS, MOST_LEVELS, Ints
from sonde.markets.core.money import fitting
from sonde.platform.core.errors import Invalid

Levels = Sequence[Sequence[int]]
"""Price in ticks and quantity in steps (0 where it is used up), the best first."""


def book_of(sides: Sequence[Levels] | None, best: tuple[int, int], depth: int) -> Ints:
    """Return a book as the table that a step lays down, int64 (4, level): asks, then bids.

    Parameters
    ----------
    sides : sequence of Levels or None
        Bids and asks; None where no book was told, which is no level.
    best : tuple of int
        Bid and ask of the quote.
    depth : int
        Of the quote; -1 for none.

    Raises
    ------
    Invalid
        If a side is empty, too long or out of order, does not begin with the quote's price, or a
        depth was told too.

    Examples
    --------
    >>> book_of([[(99, 5), (98, 7)], [(101, 6)]], (99, 101), -1).tolist()
    [[101, 0], [6, 0], [99, 98], [5, 7]]
    >>> book_of(None, (99, 101), -1).shape
    (4, 0)
    """
    if sides is None:
        return np.zeros((BOOK_ROWS, 0), np.int64)
    if depth >= 0:
        raise Invalid("A quote tells a book or a depth, not both.", field="book")
    bids, asks = sides
    for name, levels, first, side in (("bids", bids, best[0], -1), ("asks", asks, best[1], 1)):
        _check(name, levels, first, side)
    book = np.zeros((BOOK_ROWS, max(len(bids), len(asks))), np.int64)
    for row, levels in ((0, asks), (2, bids)):
        book[row : row + 2, : len(levels)] = np.array(levels, np.int64).T
    return book


def _check(name: str, levels: Levels, first: int, side: int) -> None:
    if not 1 <= len(levels) <= MOST_LEVELS:
        raise Invalid(f"A book has 1 to {MOST_LEVELS} {name}, not {len(levels)}.", field="book")
    prices = [fitting(int(price)) for price, _ in levels]
    is_ordered = all(side * (later - price) > 0 for price, later in pairwise(prices))
    if not is_ordered or prices[0] != first or min(prices) < 1:
        raise Invalid(f"The {name} of this book do not go on from {first}: {prices}.", field="book")
    if min(fitting(int(steps)) for _, steps in levels) < 0:
        raise Invalid(f"A level of the {name} offers less than nothing.", field="book")
