"""The kill switch: no more entries, or everything closed."""

from dataclasses import dataclass
from enum import StrEnum

from sonde.platform.core.errors import Conflict


class Stage(StrEnum):
    """How far the switch is pressed."""

    OFF = "off"
    STOP_ENTRIES = "stop_entries"
    CLOSE_ALL = "close_all"


_ORDER = (Stage.OFF, Stage.STOP_ENTRIES, Stage.CLOSE_ALL)


@dataclass(frozen=True)
class KillSwitch:
    """State of the switch.

    Parameters
    ----------
    stage : Stage
    reason : str
    pressed_by : str
        A person's id, or the code of a rule.
    pressed_at_ms : int
    """

    stage: Stage = Stage.OFF
    reason: str = ""
    pressed_by: str = ""
    pressed_at_ms: int = 0

    @property
    def stops_entries(self) -> bool:
        """Whether nothing may be opened."""
        return self.stage is not Stage.OFF

    @property
    def closes_everything(self) -> bool:
        """Whether open orders are cancelled and positions closed."""
        return self.stage is Stage.CLOSE_ALL


NOT_PRESSED = KillSwitch()


def pressed(switch: KillSwitch, wanted: KillSwitch) -> KillSwitch:
    """Return the switch after it was pressed; it is never loosened by pressing.

    Raises
    ------
    Conflict
        If it is pressed as far already.

    Examples
    --------
    >>> stop = KillSwitch(Stage.STOP_ENTRIES, "news", "u1", 5)
    >>> pressed(KillSwitch(), stop).stops_entries
    True
    """
    if _ORDER.index(wanted.stage) <= _ORDER.index(switch.stage):
        raise Conflict(f"The kill switch is at {switch.stage.value!r} already.")
    return wanted


def released(switch: KillSwitch) -> KillSwitch:
    """Return the switch at rest.

    Raises
    ------
    Conflict
        If it is not pressed.
    """
    if switch.stage is Stage.OFF:
        raise Conflict("The kill switch is not pressed.")
    return NOT_PRESSED
