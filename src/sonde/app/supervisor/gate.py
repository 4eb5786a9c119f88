"""A gate between processes: a child does its slow imports before it and goes on when it opens."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Gate:
    """A pipe on whose end of file a child waits.

    Parameters
    ----------
    waiting_end, held_end : int
        File descriptors; only the first one is inherited by the child.
    """

    waiting_end: int
    held_end: int

    @classmethod
    def closed(cls) -> "Gate":
        """Make a gate that nobody passes yet."""
        return cls(*os.pipe())

    def open(self) -> None:
        """Let everybody through."""
        os.close(self.held_end)
        os.close(self.waiting_end)


def wait_at(waiting_end: int) -> None:
    """Wait until the gate opens, or its holder is gone."""
    os.read(waiting_end, 1)
    os.close(waiting_end)
