"""Slices of lists."""

from hypothesis import given
from hypothesis import strategies as st

from sonde.platform.core.paging import Slice


@given(st.lists(st.integers(), unique=True, max_size=30), st.integers(1, 10))
def test_following_the_cursor_gives_every_item_once(values, limit):
    rows = sorted(values, reverse=True)
    seen, cursor = [], None
    while True:
        rest = [row for row in rows if cursor is None or row < cursor][: limit + 1]
        page = Slice.cut(rest, limit, key=str)
        seen += page.items
        if not page.next_cursor:
            break
        cursor = int(page.next_cursor)
    assert seen == rows
