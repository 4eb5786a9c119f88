"""Exact arithmetic of int64, compiled: what does not fit raises OverflowError, nothing wraps.

The plain forms in ``core/money.py`` say the same in Python's unbounded numbers.
"""

from collections.abc import Callable
from typing import Any

from numba import config, njit, types

LARGEST = 2**63 - 1
# Parts of a step: compiled into the steps that call them, which alone are kept on disk.
specialised = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a part of a step, once, however many constants it is called with.

    Left to itself numba compiles a part anew for each constant among its arguments: the event of an
    order 21 times, and with it whatever calls it. That is two thirds of the time that a first
    compilation takes, for code that runs no faster.
    """
    part = specialised(function)
    if config.DISABLE_JIT:
        return function
    template_of = part.get_call_template

    def plain(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return template_of(tuple(types.unliteral(one) for one in args), kws)

    part.get_call_template = plain
    return part


@specialised
def product(a: int, b: int) -> int:
    """Return a * b of numbers that are not negative."""
    if a != 0 and b > LARGEST // a:
        raise OverflowError("amount_too_large")
    return a * b


@specialised
def total(a: int, b: int) -> int:
    """Return a + b."""
    if (b > 0 and a > LARGEST - b) or (b < 0 and a < -LARGEST - b):
        raise OverflowError("amount_too_large")
    return a + b


@specialised
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


@specialised
def scaled(a: int, b: int, c: int) -> int:
    """Return floor(a * b / c) of numbers that are not negative (c above 0), exactly."""
    if a == 0 or b <= LARGEST // a:
        return a * b // c
    return divided(a, b, c)[0]


@specialised
def scaled_up(a: int, b: int, c: int) -> int:
    """Return ceil(a * b / c) of numbers that are not negative (c above 0), exactly."""
    if a == 0 or b <= (LARGEST - c) // a:
        return (a * b + c - 1) // c
    quotient, remainder = divided(a, b, c)
    return quotient if remainder == 0 else total(quotient, 1)


@specialised
def value(ticks: int, steps: int, unit_value: int) -> int:
    """Return ticks * steps * unit_value."""
    return product(product(ticks, steps), unit_value)
