"""Signals as files over REST: out of the store, and in to be looked at for an hour."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import File, Form, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from sonde.bearings.api.signals import Channel, Start, Stop
from sonde.bearings.core.signal_views import Look
from sonde.bearings.services.signals import exports, uploads
from sonde.bearings.services.signals.exports import FileKind, SignalFile
from sonde.platform.api.routing import Acting, router
from sonde.platform.core.errors import TooLarge

ROUTER = router("/recordings", tag="Recordings")

Positive = Annotated[float | None, Form(gt=0, description="For a file that does not say it.")]
Words = Annotated[str, Form(max_length=120)]


class UploadedBody(BaseModel):
    """A signal that can be looked at for an hour under this id, by nobody else."""

    id: str
    kept_s: int


@ROUTER.post("", status_code=201)
def look_at_file(
    actor: Acting,
    file: Annotated[UploadFile, File(description="One recording, at most 10 MB.")],
    sampling_rate_hz: Positive = None,
    speed_rpm: Positive = None,
    unit: Words = "",
    bearing: Words = "",
) -> UploadedBody:
    """Bring a signal to look at without storing it; every view of a recording takes its id."""
    if (file.size or 0) > uploads.MAX_BYTES:
        raise TooLarge(f"At most {uploads.MAX_BYTES / 1e6:.0f} MB are looked at without storing.")
    name = file.filename or "signal"
    given = uploads.Given(sampling_rate_hz, speed_rpm, unit, bearing)
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        path = Path(folder) / f"signal{Path(name).suffix.lower()[:8]}"
        path.write_bytes(file.file.read())
        upload_id = uploads.keep(actor, path, name, given)
    return UploadedBody(id=upload_id, kept_s=uploads.KEPT_S)


@ROUTER.get("/{recording_id}/signal.csv", response_class=StreamingResponse)
def get_csv(
    actor: Acting, recording_id: str, channel: Channel = "", start_s: Start = 0, stop_s: Stop = None
) -> StreamingResponse:
    """Take a stretch of the signal as a table of time and value."""
    look = Look(recording_id, channel)
    return _answer(exports.exported(actor, look, FileKind.CSV, start_s, stop_s))


@ROUTER.get("/{recording_id}/signal.npy", response_class=StreamingResponse)
def get_npy(
    actor: Acting, recording_id: str, channel: Channel = "", start_s: Start = 0, stop_s: Stop = None
) -> StreamingResponse:
    """Take a stretch of the signal as a numpy array of float32."""
    look = Look(recording_id, channel)
    return _answer(exports.exported(actor, look, FileKind.NPY, start_s, stop_s))


@ROUTER.get("/{recording_id}/signal.wav", response_class=StreamingResponse)
def get_wav(
    actor: Acting, recording_id: str, channel: Channel = "", start_s: Start = 0, stop_s: Stop = None
) -> StreamingResponse:
    """Take a stretch of the signal as 32-bit floats in a sound file: the very values."""
    look = Look(recording_id, channel)
    return _answer(exports.exported(actor, look, FileKind.WAV, start_s, stop_s))


@ROUTER.get("/{recording_id}/sound.wav", response_class=StreamingResponse)
def get_sound(
    actor: Acting, recording_id: str, channel: Channel = "", start_s: Start = 0, stop_s: Stop = None
) -> StreamingResponse:
    """Listen to a stretch of the signal: 16 bit, as loud as it can be."""
    look = Look(recording_id, channel)
    return _answer(exports.exported(actor, look, FileKind.SOUND, start_s, stop_s))


def _answer(found: SignalFile) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    if found.size_bytes is not None:
        headers["Content-Length"] = str(found.size_bytes)
    return StreamingResponse(found.chunks, media_type=found.media_type, headers=headers)
