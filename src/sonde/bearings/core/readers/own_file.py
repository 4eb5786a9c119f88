"""HDF5 files that this product wrote itself: their manifest says what each recording is.

A manifest is believed no more than any other file: what it says is checked like a label table,
and its recordings are read with the same care as every other array.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.fault_classes import Severity
from sonde.bearings.core.recordings import UNKNOWN_UNIT, Channel, FileContent, Record
from sonde.platform.core.errors import TooLarge, Unreadable

if TYPE_CHECKING:
    import h5py

MANIFEST = "sonde_manifest"
TEXTS = (
    "label",
    "severity",
    "bearing",
    "lineage",
    "session",
    "fault_size",
    "fault_position",
    "tacho_channel",
)
_MAX_RECORDINGS = 100_000
_SEVERITIES = frozenset(one.value for one in Severity)
_MAX_TEXT, _MAX_CONDITIONS = 200, 64
ReadArray = Callable[[str, "h5py.Dataset"], Any]


def is_own(file: "h5py.File") -> bool:
    """Say whether the file has a manifest, in the file itself."""
    return _holds(file, MANIFEST)


def _holds(file: "h5py.File", name: str) -> bool:
    import h5py

    return isinstance(file.get(name, getlink=True), h5py.HardLink)


def read_own(format_name: str, file: "h5py.File", read_array: ReadArray) -> FileContent:
    """Return the recordings that the manifest names.

    Parameters
    ----------
    format_name : str
    file : h5py.File
    read_array : callable
        Reads one data set safely, by name and handle.

    Raises
    ------
    Unreadable, TooLarge
    """
    recordings = _manifest(file, read_array).get("recordings")
    if not isinstance(recordings, Mapping) or not recordings:
        raise Unreadable("The manifest of this file names no recordings.")
    if len(recordings) > _MAX_RECORDINGS:
        raise TooLarge(f"This file holds more than {_MAX_RECORDINGS:,} recordings.")
    records = tuple(
        _record(name, facts, file, read_array) for name, facts in sorted(recordings.items())
    )
    return FileContent(format_name, records)


def _manifest(file: "h5py.File", read_array: ReadArray) -> Mapping[str, Any]:
    place = file[MANIFEST]
    try:
        manifest = json.loads(_manifest_text(place, read_array))
    except (ValueError, TypeError, RecursionError):
        manifest = None
    if not isinstance(manifest, Mapping):
        raise Unreadable("The manifest of this file cannot be read.")
    return manifest


def _manifest_text(place: Any, read_array: ReadArray) -> bytes:
    """Return the manifest, stored as one text or as its bytes; nothing for anything else."""
    import h5py

    if not isinstance(place, h5py.Dataset):
        return b""
    if place.dtype == np.uint8 and place.ndim == 1:
        return np.asarray(read_array(MANIFEST, place), np.uint8).tobytes()
    plan = place.id.get_create_plist()
    is_inside = plan.get_layout() != h5py.h5d.VIRTUAL and not plan.get_external_count()
    is_text = place.shape == () and h5py.check_string_dtype(place.dtype) is not None
    return bytes(place[()]) if is_inside and is_text else b""


def _record(name: str, facts: Any, file: "h5py.File", read_array: ReadArray) -> Record:
    import h5py

    if not isinstance(facts, Mapping):
        raise Unreadable(f"The manifest says nothing that makes sense of {name!r}.")
    if not _holds(file, name):
        raise Unreadable(f"The manifest names {name!r}, but the file does not hold it.")
    place = file[name]
    if not isinstance(place, h5py.Dataset) or place.dtype.kind not in "fiu" or place.ndim != 2:
        raise Unreadable(f"{name!r} is no signal of channels and samples.")
    samples = np.ascontiguousarray(read_array(name, place), dtype=np.float32)
    if not np.isfinite(samples).all():
        raise Unreadable(f"{name!r} holds values that are no numbers.")
    return record_of(name, facts, samples)


def record_of(name: str, facts: Mapping[str, Any], samples: NDArray[np.float32]) -> Record:
    """Return a recording of shape (channel, time) with what a manifest says of it."""
    given = facts.get("channels")
    names = given if isinstance(given, list) and len(given) == len(samples) else None
    rate = _positive(facts.get("sampling_rate_hz"))
    unit = _text(facts.get("unit")) or UNKNOWN_UNIT
    channels = tuple(
        Channel(_text(names[row]) if names else f"channel {row + 1}", each, rate, unit, name)
        for row, each in enumerate(samples)
    )
    return Record(
        name=" ".join(filter(None, map(_text, (facts.get("file"), facts.get("record"))))) or name,
        channels=channels,
        speed_rpm=_positive(facts.get("speed_rpm")),
        load=_text(facts.get("load")),
        taken_at=_text(facts.get("taken_at")),
        declared=dict(_declared(facts)),
    )


def _declared(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in TEXTS:
        text = _text(facts.get(key))
        if text and (key != "severity" or text in _SEVERITIES):
            yield key, text
    conditions = facts.get("conditions")
    if isinstance(conditions, Mapping):
        yield "conditions", checked_conditions(conditions)


def checked_conditions(given: Mapping[Any, Any]) -> dict[str, float | str | bool]:
    """Return the conditions that are plain numbers and short texts.

    Examples
    --------
    >>> checked_conditions({"load": 0.5, "strange": [1], "note": "ok"})
    {'load': 0.5, 'note': 'ok'}
    """
    kept: dict[str, float | str | bool] = {}
    for key, value in list(given.items())[:_MAX_CONDITIONS]:
        is_figure = isinstance(value, int | float) and bool(np.isfinite(float(value)))
        if is_figure or isinstance(value, str):
            kept[_text(key)] = value[:_MAX_TEXT] if isinstance(value, str) else value
    return kept


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(letter for letter in text[:_MAX_TEXT] if letter.isprintable()).strip()


def _positive(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if np.isfinite(float(value)) and value > 0 else None
