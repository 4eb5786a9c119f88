"""Short pauses for processes that pass prices on while they do other work."""

import gc
import sys

# A thread that computes gives way this soon. With Python's 5 ms, a loop that writes to 50 sockets
# beside it waits that long after each.
_SWITCH_S = 0.0005
# A full collection stops everything for 0.1 s and finds next to nothing: it comes much less often.
_COLLECT_AFTER = (2_000, 20, 200)


def keep_pauses_short() -> None:
    """Let threads take turns sooner and look for garbage less often."""
    sys.setswitchinterval(_SWITCH_S)
    gc.set_threshold(*_COLLECT_AFTER)
