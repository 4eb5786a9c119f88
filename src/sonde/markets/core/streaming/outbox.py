"""What waits to be sent to one client: prices only as the newest, everything else complete."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from sonde.platform.core.errors import Conflict

# With the frames that were late, and what comes closer together on its way: no second of a client
# holds more than 50.
MOST_FRAMES_PER_S = 44.0
_FRAMES_LATE = 1.5
MOST_KEPT = 5_000


class TooSlow(Conflict):
    """This connection takes messages more slowly than they come; connect again and resume."""

    code = "too_slow"


@dataclass
class Outbox:
    """Messages for one client, ready to be sent.

    Parameters
    ----------
    most_kept : int
        More messages that may not be dropped than this are not kept: the client is too slow.
    frames_per_s : float
        So many frames leave in a second, and at most one or two that are late: one held up does
        not hold up those after it.

    Examples
    --------
    >>> box = Outbox(frames_per_s=50.0)
    >>> box.latest("price:x:AB", "1")
    >>> box.keep("order 7")
    >>> box.latest("price:x:AB", "2")
    >>> box.due_in_s(now_s=10.0)
    0.0
    >>> box.take(now_s=10.0)
    ('order 7', '2')
    >>> box.due_in_s(now_s=10.0) is None
    True
    >>> box.keep("order 8")
    >>> box.due_in_s(now_s=10.005), box.take(now_s=10.005)
    (0.0, ('order 8',))
    >>> box.keep("order 9")
    >>> round(box.due_in_s(now_s=10.005), 6)
    0.005
    """

    most_kept: int = MOST_KEPT
    frames_per_s: float = MOST_FRAMES_PER_S
    _kept: deque[str] = field(default_factory=deque)
    _latest: dict[str, str] = field(default_factory=dict)
    _next_s: float = float("-inf")

    def latest(self, key: str, message: str) -> None:
        """Let a message take the place of the one of the same key that still waits."""
        self._latest[key] = message

    def latest_all(self, messages: Mapping[str, str]) -> None:
        """Let each message take the place of the one of its key that still waits."""
        self._latest.update(messages)

    def keep(self, message: str) -> None:
        """Let a message wait that is never dropped.

        Raises
        ------
        TooSlow
            If too many wait already.
        """
        if len(self._kept) >= self.most_kept:
            raise TooSlow
        self._kept.append(message)

    def forget(self, key: str) -> None:
        """Send no more what waits under a key."""
        self._latest.pop(key, None)

    def due_in_s(self, now_s: float) -> float | None:
        """Return in how many seconds the next frame may leave; None where nothing waits."""
        if not (self._kept or self._latest):
            return None
        return max(self._next_s - now_s, 0.0)

    def take(self, now_s: float) -> tuple[str, ...]:
        """Return everything that waits, what was kept first and in order; a frame leaves."""
        taken = (*self._kept, *self._latest.values())
        self._kept.clear()
        self._latest.clear()
        pause_s = 1.0 / self.frames_per_s
        self._next_s = max(self._next_s, now_s - _FRAMES_LATE * pause_s) + pause_s
        return taken


def framed(number: int, messages: tuple[str, ...]) -> str:
    """Return the frame of some messages that are JSON already; `number` counts from 1.

    Examples
    --------
    >>> framed(3, ('{"topic":"price"}',))
    '{"frame":3,"messages":[{"topic":"price"}]}'
    """
    return f'{{"frame":{number},"messages":[{",".join(messages)}]}}'
