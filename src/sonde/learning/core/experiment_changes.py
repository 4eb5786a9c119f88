"""What can be done to many experiments at once, and its way back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """What can be done to experiments in bulk."""

    TAG = "tag"
    UNTAG = "untag"
    PIN = "pin"
    UNPIN = "unpin"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    TRASH = "trash"
    RESTORE = "restore"
    REMOVE = "remove"


BACK: Final = {
    Action.TAG: Action.UNTAG,
    Action.UNTAG: Action.TAG,
    Action.PIN: Action.UNPIN,
    Action.UNPIN: Action.PIN,
    Action.ARCHIVE: Action.UNARCHIVE,
    Action.UNARCHIVE: Action.ARCHIVE,
    Action.TRASH: Action.RESTORE,
    Action.RESTORE: Action.TRASH,
}


@dataclass(frozen=True)
class Changed:
    """What was changed, and how to take it back.

    Parameters
    ----------
    action : Action
    ids : tuple of str
        Those that it was not so for before.
    names : tuple of str
        Tags that were given or taken.
    undo : Action, optional
        None for what cannot be taken back.
    stopped : int
        Trainings that were cancelled on the way into the trash.
    """

    action: Action
    ids: tuple[str, ...]
    names: tuple[str, ...] = ()
    undo: Action | None = None
    stopped: int = 0
