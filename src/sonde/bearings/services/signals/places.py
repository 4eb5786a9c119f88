"""Where a recording stands among others, and finding one among all."""

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.signal_views import FoundRecording, Look, Place
from sonde.bearings.persistence import recording_search as rows
from sonde.bearings.services import datasets
from sonde.bearings.services.signals import access, uploads
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound

MOST_COMPARED = 4
MOST_FOUND = 50
_LONGEST_TEXT = 200


def place(actor: Actor, look: Look) -> Place:
    """Return where a recording stands; raises NotFound and Invalid."""
    recording = access.recording_of(actor, look.recording_id, look.unit)
    channel = access.channel_of(recording, look.channel)
    bearing = access.designation_of(actor, recording, look)
    if uploads.is_upload(recording.id):
        return Place(None, recording, channel, bearing, 1, 1, "", "")
    position, total, previous_id, next_id = rows.neighbours(recording)
    return Place(
        dataset=datasets.get(actor, recording.dataset_id),
        recording=recording,
        channel=channel,
        bearing=bearing,
        position=position + 1,
        total=total,
        previous_id=previous_id,
        next_id=next_id,
    )


def at_random(actor: Actor, recording_id: str) -> str:
    """Return the id of any other recording of the same data set; raises NotFound."""
    recording = datasets.get_recording(actor, recording_id)
    found = rows.at_random(recording.dataset_id, recording.id)
    if not found:
        raise NotFound("This data set holds no other recording.")
    return found


def search_recordings(actor: Actor, text: str, limit: int = 20) -> tuple[FoundRecording, ...]:
    """Return recordings whose id, file, class, bearing, session or data set holds every word.

    The newest come first. Raises Invalid for a text that is no search.
    """
    if len(text) > _LONGEST_TEXT or not text.isprintable():
        raise Invalid(f"A search has at most {_LONGEST_TEXT} printable characters.", field="text")
    limit = min(max(limit, 1), MOST_FOUND)
    return tuple(FoundRecording(*row) for row in rows.search(actor.workspace_ids, text, limit))


def compared(actor: Actor, ids: tuple[str, ...]) -> tuple[StoredRecording, ...]:
    """Return up to three recordings to lay over another; raises NotFound, and Invalid for more."""
    if len(ids) >= MOST_COMPARED:
        raise Invalid(f"At most {MOST_COMPARED} signals are compared at once.", field="with")
    return tuple(access.recording_of(actor, each) for each in ids)


def visible(actor: Actor, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the ids that are recordings which the actor may see."""
    return tuple(each for each in ids if _is_visible(actor, each))


def _is_visible(actor: Actor, recording_id: str) -> bool:
    try:
        access.recording_of(actor, recording_id)
    except NotFound:
        return False
    return True
