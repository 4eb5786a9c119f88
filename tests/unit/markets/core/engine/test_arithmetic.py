"""Compiled arithmetic is that of Python's whole numbers, or refuses: at the limits of int64."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numba import njit

from sonde.markets.core.engine import arithmetic

LARGEST = arithmetic.LARGEST
counts = st.one_of(
    st.integers(0, 2**20), st.integers(0, LARGEST), st.integers(LARGEST - 2**20, LARGEST)
)


@njit
def call(name: int, a: int, b: int, c: int) -> int:
    """Call a compiled function by its number."""
    if name == 0:
        return arithmetic.scaled(a, b, c)
    if name == 1:
        return arithmetic.scaled_up(a, b, c)
    if name == 2:
        return arithmetic.value(a, b, c)
    return arithmetic.total(a, b)


def told(name: int, a: int, b: int, c: int) -> int | None:
    """Return the answer, None for a refusal."""
    try:
        return int(call(name, a, b, c))
    except OverflowError:
        return None


def fits(exact: int) -> int | None:
    """Return what fits, None for what does not."""
    return exact if -LARGEST <= exact <= LARGEST else None


@given(counts, counts, counts)
@example(LARGEST, LARGEST, LARGEST)
@example(LARGEST, LARGEST - 1, LARGEST)
@example(LARGEST, 2, 1)
def test_acceptance_scaling_is_exact_or_refused(a: int, b: int, c: int) -> None:
    whole = max(c, 1)
    assert told(0, a, b, whole) == fits(a * b // whole)
    assert told(1, a, b, whole) == fits(-(-a * b // whole))


@given(counts, counts, st.integers(1, 10**6))
@example(LARGEST, 1, 1)
@example(2**62, 2, 1)
def test_acceptance_products_are_exact_or_refused(a: int, b: int, c: int) -> None:
    assert told(2, a, b, c) == fits(a * b * c)


@given(counts, counts, st.sampled_from([1, -1]), st.sampled_from([1, -1]))
@example(LARGEST, 1, 1, 1)
@example(LARGEST, 1, -1, -1)
def test_acceptance_sums_are_exact_or_refused(a: int, b: int, up: int, down: int) -> None:
    assert told(3, up * a, down * b, 0) == fits(up * a + down * b)


@pytest.mark.parametrize("name", ["product", "total", "scaled", "scaled_up", "divided", "value"])
def test_every_function_is_compiled(name: str) -> None:
    assert hasattr(getattr(arithmetic, name), "py_func")
