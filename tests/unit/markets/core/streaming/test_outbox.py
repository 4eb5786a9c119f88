"""What waits for a client: prices coalesced, orders complete, at most fifty frames a second."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.streaming.outbox import Outbox, TooSlow, framed

MESSAGES = st.lists(
    st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 99), st.floats(0, 0.03)),
    max_size=120,
)


@given(MESSAGES)
def test_nothing_kept_is_lost_and_only_newest_prices_leave(said):
    box, now_s, sent, kept, newest, frames = Outbox(), 0.0, [], [], {}, []
    for is_price, key, value, wait_s in said:
        text = f"{key}={value}"
        if is_price:
            newest[f"price {key}"] = text
            box.latest(f"price {key}", text)
        else:
            kept.append(f"order {text}")
            box.keep(f"order {text}")
        now_s += wait_s
        if box.due_in_s(now_s) == 0:
            frames.append(now_s)
            sent += box.take(now_s)
    now_s += 1
    sent += box.take(now_s)
    assert [one for one in sent if one.startswith("order")] == kept
    for key, value in newest.items():
        told = [one for one in sent if one.startswith(key.removeprefix("price ") + "=")]
        assert told[-1] == value
    for at_s in frames:
        assert sum(at_s <= one < at_s + 1 for one in frames) <= 47
    assert box.due_in_s(now_s) is None


def test_a_frame_that_was_held_up_does_not_hold_up_those_after_it():
    box, left = Outbox(), []
    for now_ms in range(3_000):
        box.latest("price:x", str(now_ms))
        is_stalled = 1_000 <= now_ms < 1_030 or now_ms == 2_000
        if not is_stalled and box.due_in_s(now_ms / 1000) == 0:
            left.append(now_ms)
            box.take(now_ms / 1000)
    steady = [one for one in left if one > 100]
    assert max(b - a for a, b in pairwise(steady)) <= 53  # the stall, and what was due in it
    assert all(sum(one <= other < one + 1_000 for other in left) <= 47 for one in left)
    assert 43 <= sum(1_100 <= one < 2_100 for one in left) <= 45  # as many as without the stall


def test_a_client_too_slow_is_told_so_and_prices_do_not_count():
    box = Outbox(most_kept=2)
    for number in range(1000):
        box.latest("price:x", str(number))
    box.keep("1")
    box.keep("2")
    with pytest.raises(TooSlow, match="resume"):
        box.keep("3")
    assert box.take(0.0) == ("1", "2", "999")


def test_what_is_not_wanted_any_more_is_not_sent():
    box = Outbox()
    box.latest("price:x", "1")
    box.forget("price:x")
    assert box.due_in_s(0.0) is None


def test_a_frame_is_one_document():
    assert json.loads(framed(1, ('{"a":1}', '{"b":2}'))) == {
        "frame": 1,
        "messages": [{"a": 1}, {"b": 2}],
    }
