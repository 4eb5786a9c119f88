"""A stretch of a signal as a file: a table, a numpy array, or sound."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sonde.bearings.core.signal_export import (
    csv_chunks,
    listenable_wav,
    npy_bytes,
    wav_bytes,
)
from sonde.bearings.core.signal_views import Look, Signal
from sonde.bearings.services.signals.spectra import stretch
from sonde.platform.core.actor import Actor

_CHUNK = 1 << 16


class FileKind(StrEnum):
    """As what a signal is exported."""

    CSV = "csv"
    NPY = "npy"
    WAV = "wav"
    SOUND = "sound"


@dataclass(frozen=True)
class SignalFile:
    """A file on its way out.

    Parameters
    ----------
    name, media_type : str
    chunks : iterator of bytes
        Needs no unit of work.
    size_bytes : int, optional
        None where it is only known in the end.
    """

    name: str
    media_type: str
    chunks: Iterator[bytes]
    size_bytes: int | None


_WRITERS: dict[FileKind, tuple[str, str, Callable[[Signal], bytes]]] = {
    FileKind.NPY: ("npy", "application/octet-stream", lambda one: npy_bytes(one.samples)),
    FileKind.WAV: ("wav", "audio/wav", lambda one: wav_bytes(one.samples, one.rate_hz)),
    FileKind.SOUND: ("wav", "audio/wav", lambda one: listenable_wav(one.samples, one.rate_hz)),
}


def exported(
    actor: Actor, look: Look, kind: FileKind, start_s: float = 0.0, stop_s: float | None = None
) -> SignalFile:
    """Return a stretch of the signal as a file; raises NotFound and Invalid."""
    found, start = stretch(actor, look, start_s, stop_s)
    name = _file_name(found)
    if kind is FileKind.CSV:
        title = found.channel if found.unit == "unknown" else f"{found.channel} ({found.unit})"
        lines = csv_chunks(found.samples, start, found.rate_hz, title)
        return SignalFile(f"{name}.csv", "text/csv; charset=utf-8", lines, None)
    suffix, media_type, write = _WRITERS[kind]
    content = write(found)
    return SignalFile(f"{name}.{suffix}", media_type, _cut(content), len(content))


def _cut(content: bytes) -> Iterator[bytes]:
    for begin in range(0, len(content), _CHUNK):
        yield content[begin : begin + _CHUNK]


def _file_name(signal: Signal) -> str:
    """Return a name that every system takes: letters, digits, dots and dashes."""
    words = f"{signal.recording.file.rpartition('.')[0] or signal.recording.file}"
    words += f"-{signal.recording.record}-{signal.channel}"
    return re.sub(r"[^A-Za-z0-9.]+", "-", words).strip("-.")[:80] or "signal"
