"""One page of a longer list, and the cursor that leads to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Part of a list, newest first.

    Parameters
    ----------
    items : tuple
    next_cursor : str
        Hand it back to get what follows; empty at the end of the list.
    """

    items: tuple[T, ...]
    next_cursor: str = ""

    @classmethod
    def cut(cls, rows: Sequence[T], limit: int, key: Callable[[T], str]) -> "Slice[T]":
        """Make a slice of `limit` items from one row more than that.

        Parameters
        ----------
        rows : sequence
            Up to ``limit + 1`` rows in the order of the list.
        limit : int
        key : callable
            From an item to its cursor.

        Examples
        --------
        >>> Slice.cut(["c", "b", "a"], 2, key=str)
        Slice(items=('c', 'b'), next_cursor='b')
        >>> Slice.cut(["a"], 2, key=str)
        Slice(items=('a',), next_cursor='')
        """
        items = tuple(rows[:limit])
        return cls(items, key(items[-1]) if len(rows) > limit else "")
