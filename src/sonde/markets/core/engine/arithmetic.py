"""Exact arithmetic of int64, compiled: what does not fit raises OverflowError, nothing wraps.

The plain forms in ``core/money.py`` say the same in Python's unbounded numbers.
"""

from numba import njit

LARGEST = 2**63 - 1
# Parts of a step: compiled into the steps that call them, which alone are kept on disk.
compiled = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


@compiled
def product(a: int, b: int) -> int:
    """Return a * b of numbers that are not negative."""
    if a != 0 and b > LARGEST // a:
        raise OverflowError("amount_too_large")
    return a * b


@compiled
def total(a: int, b: int) -> int:
    """Return a + b."""
    if (b > 0 and a > LARGEST - b) or (b < 0 and a < -LARGEST - b):
        raise OverflowError("amount_too_large")
    return a + b


@compiled
def divided(a: int, b: int, c: int) -> tuple:  # type: ignore[type-arg]
    """Return quotient and rest of a * b / c whose product needs up to 126 bits.

    Bit by bit of b: double and add, keeping the rest below c.
    """
    whole, rest = a // c, a % c
    quotient, remainder = 0, 0
    for place in range(62, -1, -1):
        quotient = total(quotient, quotient)
        if remainder >= c - remainder:
            remainder -= c - remainder
            quotient = total(quotient, 1)
        else:
            remainder += remainder
        if (b >> place) & 1:
            quotient = total(quotient, whole)
            if remainder >= c - rest:
                remainder -= c - rest
                quotient = total(quotient, 1)
            else:
                remainder += rest
    return quotient, remainder


@compiled
def scaled(a: int, b: int, c: int) -> int:
    """Return floor(a * b / c) of numbers that are not negative (c above 0), exactly."""
    if a == 0 or b <= LARGEST // a:
        return a * b // c
    return divided(a, b, c)[0]


@compiled
def scaled_up(a: int, b: int, c: int) -> int:
    """Return ceil(a * b / c) of numbers that are not negative (c above 0), exactly."""
    if a == 0 or b <= (LARGEST - c) // a:
        return (a * b + c - 1) // c
    quotient, remainder = divided(a, b, c)
    return quotient if remainder == 0 else total(quotient, 1)


@compiled
def value(ticks: int, steps: int, unit_value: int) -> int:
    """Return ticks * steps * unit_value."""
    return product(product(ticks, steps), unit_value)
