"""Exported files of this product in other formats than HDF5: their manifest says what is in them.

Like that of `own_file`, the manifest is believed no more than any other file.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.readers.own_file import MANIFEST, record_of
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import Unreadable

_MIN_SAMPLES = 64


def exported_content(format_name: str, tree: Mapping[str, Any]) -> FileContent:
    """Return the recordings of an exported file, each with what the manifest says of it.

    Raises
    ------
    Unreadable
        If the manifest and the arrays do not fit together.
    """
    recordings = _manifest(tree[MANIFEST]).get("recordings")
    if not isinstance(recordings, Mapping) or not recordings:
        raise Unreadable("The manifest of this file names no recordings.")
    records = []
    for name, facts in recordings.items():
        if not isinstance(facts, Mapping):
            raise Unreadable(f"The manifest says nothing that makes sense of {name!r}.")
        samples = _samples(tree, name, facts)
        if samples.shape[1] < _MIN_SAMPLES or not np.isfinite(samples).all():
            raise Unreadable(f"{name!r} holds values that are no numbers, or too few of them.")
        records.append(record_of(name, facts, samples))
    return FileContent(format_name, tuple(records))


def _manifest(value: Any) -> Mapping[str, Any]:
    text = value if isinstance(value, str) else np.asarray(value).astype(np.uint8).tobytes()
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, Mapping):
        raise Unreadable("The manifest of this file cannot be read.")
    return manifest


def _samples(tree: Mapping[str, Any], name: str, facts: Mapping[str, Any]) -> NDArray[np.float32]:
    """Return the samples of one recording, shape (channel, time)."""
    given = facts.get("channels")
    n_channels = len(given) if isinstance(given, list) else 0
    found = tree.get(name)
    if isinstance(found, Mapping):  # a struct of MATLAB: a column for each channel
        values = np.asarray(found.get("samples", np.empty(0)))
        values = values.reshape(1, -1) if n_channels == 1 else values.T
    elif isinstance(found, np.ndarray):
        values = np.atleast_2d(found)
    else:
        values = _rows(tree, facts, n_channels)
    if values.ndim != 2 or values.shape[0] != n_channels or values.dtype.kind != "f":
        raise Unreadable(f"The manifest names {name!r}, but the file does not hold it like that.")
    return np.ascontiguousarray(values, dtype="<f4")


def _rows(tree: Mapping[str, Any], facts: Mapping[str, Any], n_channels: int) -> NDArray[Any]:
    """Return the rows of a long table that belong to one recording, a row for each channel."""
    first, number = facts.get("first_row"), facts.get("n_samples")
    columns = [tree.get(f"channel_{position + 1}") for position in range(n_channels)]
    if not isinstance(first, int) or not isinstance(number, int) or first < 0 or number < 0:
        return np.empty(0)
    held = [np.asarray(one) for one in columns if isinstance(one, np.ndarray)]
    if not held or len(held) < n_channels or any(len(one) < first + number for one in held):
        return np.empty(0)
    return np.stack([one[first : first + number] for one in held])
