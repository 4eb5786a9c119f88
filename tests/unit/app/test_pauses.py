"""Processes that pass prices on keep their pauses short."""

import gc
import sys

from sonde.app.pauses import keep_pauses_short


def test_threads_take_turns_soon_and_full_collections_are_rare():
    before = gc.get_threshold(), sys.getswitchinterval()
    try:
        keep_pauses_short()
        allocated = [gc.get_threshold()[0]]
        for one in gc.get_threshold()[1:]:
            allocated.append(allocated[-1] * one)
        assert allocated[0] <= 5_000  # a young collection is short
        assert allocated[2] >= 5_000_000
        assert sys.getswitchinterval() <= 0.001
    finally:
        gc.set_threshold(*before[0])
        sys.setswitchinterval(before[1])
