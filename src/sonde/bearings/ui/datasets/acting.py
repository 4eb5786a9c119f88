"""Doing one thing to one or more data sets, and saying so."""

from collections.abc import Sequence

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.services import dataset_changes, trash
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.theme import Tone


def act_on(actor: Actor, action: str, ids: Sequence[str]) -> list[Dataset]:
    """Do `action` to each data set; return those that went into the trash."""
    if not ids:
        raise Invalid("Choose at least one data set first.")
    if action == "delete":
        gone = [trash.delete(actor, each) for each in ids]
        show_toast("In the trash", f"{_named(gone)} can be restored for 30 days.", Tone.GOOD)
        return gone
    if action == "restore":
        back = [trash.restore(actor, each) for each in ids]
        show_toast("Restored", f"{_named(back)} is where it was.", Tone.GOOD)
    elif action == "remove":
        for each in ids:
            trash.remove(actor, each)
        show_toast("Gone for good", "The data set and its signals were removed.", Tone.GOOD)
    else:
        is_away = action == "archive"
        moved = [dataset_changes.set_archived(actor, each, archived=is_away) for each in ids]
        where = "archived and no longer offered" if is_away else "in use again"
        show_toast("Archived" if is_away else "In use", f"{_named(moved)} is {where}.", Tone.GOOD)
    return []


def _named(found: Sequence[Dataset]) -> str:
    return found[0].name if len(found) == 1 else f"{len(found)} data sets"
