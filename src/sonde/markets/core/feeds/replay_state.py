"""Where a replay stands: a value from which any process computes the same position.

The position is ``from_ms + (wall - wall_ms) * speed`` while it plays, and stands still otherwise.
So a replay needs no process of its own: whoever asks computes where it is.
"""

from dataclasses import dataclass, replace

from sonde.platform.core.errors import Conflict, Invalid

SLOWEST, FASTEST = 0.1, 1_000_000.0


@dataclass(frozen=True)
class ReplayState:
    """One replay.

    Parameters
    ----------
    start_ms, end_ms : int
        What is recorded, milliseconds UTC of the recording; the end is exclusive.
    position_ms : int
        Where it stood at `wall_ms`, of the recording.
    wall_ms : int
        When that was, milliseconds UTC on the wall.
    speed : float
        Recorded time per time on the wall, 0.1 to 1,000,000.
    is_playing : bool
    seeks : int
        How often it was moved by hand: prices before and after a seek do not follow each other.

    Raises
    ------
    Invalid
        If it makes no sense; says the range.

    Examples
    --------
    >>> state = ReplayState(0, 60_000, 0, 0).play(1_000).at_speed(10.0, 2_000)
    >>> state.at(2_000), state.at(3_000), state.at(90_000)
    (1000, 11000, 60000)
    """

    start_ms: int
    end_ms: int
    position_ms: int
    wall_ms: int
    speed: float = 1.0
    is_playing: bool = False
    seeks: int = 0

    def __post_init__(self) -> None:
        if self.end_ms <= self.start_ms:
            raise Invalid("There is nothing recorded in this time; choose another.", field="end")
        if not self.start_ms <= self.position_ms <= self.end_ms:
            raise Invalid(
                f"A replay goes from {self.start_ms} to {self.end_ms}, not to {self.position_ms}.",
                field="position",
            )
        if not SLOWEST <= self.speed <= FASTEST:
            raise Invalid(
                f"A replay runs at {SLOWEST:g} to {FASTEST:,.0f} times, not {self.speed:g}.",
                field="speed",
            )

    def at(self, wall_ms: int) -> int:
        """Return the position at a time on the wall; it never goes back by itself."""
        if not self.is_playing:
            return self.position_ms
        moved = int(max(wall_ms - self.wall_ms, 0) * self.speed)
        return min(self.position_ms + moved, self.end_ms)

    def is_over(self, wall_ms: int) -> bool:
        """Say whether it has come to its end."""
        return self.at(wall_ms) >= self.end_ms

    def plays(self, wall_ms: int) -> bool:
        """Say whether it moves."""
        return self.is_playing and not self.is_over(wall_ms)

    def play(self, wall_ms: int) -> "ReplayState":
        """Go on; raises Conflict at the end."""
        if self.is_over(wall_ms):
            raise Conflict("This replay is at its end; move it back first.")
        return replace(self, position_ms=self.at(wall_ms), wall_ms=wall_ms, is_playing=True)

    def pause(self, wall_ms: int) -> "ReplayState":
        """Stand still."""
        return replace(self, position_ms=self.at(wall_ms), wall_ms=wall_ms, is_playing=False)

    def at_speed(self, speed: float, wall_ms: int) -> "ReplayState":
        """Go on from the same position at another speed; raises Invalid."""
        return replace(self, position_ms=self.at(wall_ms), wall_ms=wall_ms, speed=float(speed))

    def seek(self, position_ms: int, wall_ms: int) -> "ReplayState":
        """Move to a position, playing or not as before; raises Invalid outside the recording."""
        return replace(self, position_ms=position_ms, wall_ms=wall_ms, seeks=self.seeks + 1)

    def wall_of(self, position_ms: int) -> int | None:
        """Return when on the wall it gets to `position_ms`; None while it stands still."""
        if not self.is_playing:
            return None
        left_ms = max(position_ms - self.position_ms, 0)
        return self.wall_ms + -int(-left_ms // self.speed)
