"""Files that this product exported: their manifest says what each recording is."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.recordings import UNKNOWN_UNIT, Channel, FileContent, Record
from sonde.platform.core.errors import Unreadable

MANIFEST: Final = "sonde_manifest"
TEXTS: Final = (
    "file",
    "record",
    "label",
    "severity",
    "bearing",
    "lineage",
    "session",
    "fault_size",
    "fault_position",
    "load",
    "tacho_channel",
    "taken_at",
)
_LENGTH: Final = 200
_MIN_SAMPLES: Final = 64


def exported_content(format_name: str, tree: Mapping[str, Any]) -> FileContent:
    """Return the recordings of an exported file, each with what the manifest says of it.

    Raises
    ------
    Unreadable
        If the manifest and the arrays do not fit together.
    """
    manifest = _manifest(tree[MANIFEST])
    records = []
    for name, facts in manifest["recordings"].items():
        channels = [str(one) for one in _list(facts, "channels")]
        samples = _samples(tree, name, facts, len(channels))
        if samples.shape[1] < _MIN_SAMPLES or not np.isfinite(samples).all():
            raise Unreadable(f"{name} of this exported file is no signal.")
        records.append(_record(facts, channels, samples))
    if not records:
        raise Unreadable("This exported file holds no recording.")
    return FileContent(format_name, tuple(records), (_remark(manifest),))


def _manifest(value: Any) -> dict[str, Any]:
    text = value if isinstance(value, str) else bytes(np.asarray(value, dtype=np.uint8).ravel())
    try:
        manifest = json.loads(text)
        recordings = manifest["recordings"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("The manifest of this exported file is damaged.") from error
    if not isinstance(recordings, dict) or not all(
        isinstance(facts, dict) for facts in recordings.values()
    ):
        raise Unreadable("The manifest of this exported file is damaged.")
    return dict(manifest)


def _samples(
    tree: Mapping[str, Any], name: str, facts: Mapping[str, Any], n_channels: int
) -> NDArray[np.float32]:
    """Return the samples of one recording, shape (channel, time)."""
    found = tree.get(name)
    if isinstance(found, Mapping):  # a struct of MATLAB, a column for each channel
        values = np.asarray(found.get("samples", np.empty(0)))
        values = values.reshape(1, -1) if n_channels == 1 else values.T
    elif found is not None:
        values = np.atleast_2d(np.asarray(found))
    else:
        values = _rows(tree, facts, n_channels)
    if values.ndim != 2 or values.shape[0] != n_channels or values.dtype.kind != "f":
        raise Unreadable(f"{name} is not in this exported file as its manifest says.")
    return np.ascontiguousarray(values, dtype="<f4")


def _rows(tree: Mapping[str, Any], facts: Mapping[str, Any], n_channels: int) -> NDArray[Any]:
    """Return the rows of a long table that belong to one recording, a row for each channel."""
    first, number = facts.get("first_row"), facts.get("n_samples")
    columns = [tree.get(f"channel_{position + 1}") for position in range(n_channels)]
    if not isinstance(first, int) or not isinstance(number, int) or first < 0 or number < 0:
        return np.empty(0)
    if any(column is None or len(column) < first + number for column in columns):
        return np.empty(0)
    return np.stack([np.asarray(column)[first : first + number] for column in columns])


def _record(
    facts: Mapping[str, Any], channels: Sequence[str], samples: NDArray[np.float32]
) -> Record:
    rate, speed = _figure(facts.get("sampling_rate_hz")), _figure(facts.get("speed_rpm"))
    unit = _text(facts.get("unit")) or UNKNOWN_UNIT
    return Record(
        _text(facts.get("record")),
        tuple(
            Channel(_text(name), row, rate, unit, _text(name))
            for name, row in zip(channels, samples, strict=True)
        ),
        speed,
        said=told(facts),
    )


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a manifest that are passed on, none of them trusted.

    Examples
    --------
    >>> told({"label": "inner", "file": 7, "notes": ["kept"], "other": 1})
    {'label': 'inner', 'notes': ['kept']}
    """
    kept: dict[str, Any] = {
        name: text for name in TEXTS if (text := _text(facts.get(name, "")))
    }
    notes = [_text(one) for one in _list(facts, "notes")][:50]
    conditions = dict(_conditions(facts.get("conditions")))
    if notes:
        kept["notes"] = notes
    if conditions:
        kept["conditions"] = conditions
    return kept


def _conditions(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, one in list(value.items())[:50]:
            if isinstance(one, bool | int) or (isinstance(one, float) and math.isfinite(one)):
                yield _text(name), one
            elif isinstance(one, str):
                yield _text(name), _text(one)


def _list(facts: Mapping[str, Any], name: str) -> list[Any]:
    found = facts.get(name)
    return list(found) if isinstance(found, list | tuple) else []


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable())[:_LENGTH].strip()


def _figure(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) and value > 0 else None


def _remark(manifest: Mapping[str, Any]) -> str:
    name, kind = _text(manifest.get("name")), _text(manifest.get("designation"))
    bearing = f", bearing type {kind}" if kind else ""
    return f"Exported from the data set {name or 'without a name'}{bearing}."
