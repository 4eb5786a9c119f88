"""Blocks of columns: what is extracted, kept and found again together."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.features.registry import BY_NAME, REGISTRY, domains, find_feature
from sonde.bearings.core.features.table import FeatureTable

LONGEST = 4_194_304
_PREFERRED_CHANNEL = "DE"
_ID_LENGTH = 26


@dataclass(frozen=True)
class Block:
    """Columns that are computed together.

    Parameters
    ----------
    names : tuple of str
        Features of one domain, or one own feature.
    stamp : str
        Hash of the data, of the features with their versions and of what the values depend on
        besides: the same stamp means the same values.
    own : mapping, optional
        Definition of the own feature, JSON-ready.
    """

    names: tuple[str, ...]
    stamp: str
    own: Mapping[str, Any] | None = None


def plan_blocks(
    dataset: Dataset, names: Sequence[str], own: Mapping[str, Mapping[str, Any]]
) -> tuple[Block, ...]:
    """Return the blocks that hold these features.

    Parameters
    ----------
    dataset : Dataset
    names : sequence of str
        Of the registry, or of `own`.
    own : mapping of str to mapping
        Definitions of own features, JSON-ready.

    Raises
    ------
    Invalid
        If there is no such feature.
    """
    wanted = {find_feature(name).domain for name in names if name not in own}
    blocks = [
        _block(dataset, tuple(one.name for one in found), None)
        for domain, found in domains(REGISTRY).items()
        if domain in wanted
    ]
    chosen = [name for name in dict.fromkeys(names) if name in own]
    return (*blocks, *(_block(dataset, (name,), own[name]) for name in chosen))


def _block(dataset: Dataset, names: tuple[str, ...], own: Mapping[str, Any] | None) -> Block:
    meant = [BY_NAME[name].stamp for name in names] if own is None else [dict(own)]
    text = json.dumps([dataset.content_hash, dataset.designation, meant], sort_keys=True)
    return Block(names, hashlib.sha256(text.encode()).hexdigest(), own)


def feature_channel(recording: StoredRecording) -> int:
    """Return the row that features are taken from: the drive end, else the first that is no tacho.

    Parameters
    ----------
    recording : StoredRecording
    """
    if _PREFERRED_CHANNEL in recording.channels:
        return recording.channels.index(_PREFERRED_CHANNEL)
    measured = [name for name in recording.channels if name != recording.tacho_channel]
    return recording.channels.index(measured[0]) if measured else 0


def block_bytes(recording_ids: Sequence[str], values: NDArray[np.float64]) -> bytes:
    """Return the values of a block as a file's content.

    Parameters
    ----------
    recording_ids : sequence of str
        ULIDs.
    values : ndarray of float64, shape (recording, feature)
    """
    from safetensors.numpy import save

    ids = np.array([one.encode() for one in recording_ids], dtype=f"S{_ID_LENGTH}")
    letters = np.frombuffer(ids.tobytes(), dtype=np.uint8).reshape(len(recording_ids), _ID_LENGTH)
    content: bytes = save({"recording_ids": letters.copy(), "values": np.ascontiguousarray(values)})
    return content


def read_block(content: bytes, names: tuple[str, ...]) -> FeatureTable:
    """Return the table in a block's file.

    Examples
    --------
    >>> content = block_bytes(("0" * 26,), np.array([[1.0, 2.0]]))
    >>> read_block(content, ("RMS", "Kurtosis")).recording_ids
    ('00000000000000000000000000',)
    """
    from safetensors.numpy import load

    parts = load(content)
    ids = parts["recording_ids"].tobytes().decode()
    places = range(0, len(ids), _ID_LENGTH)
    return FeatureTable(names, tuple(ids[at : at + _ID_LENGTH] for at in places), parts["values"])


def join(tables: Sequence[FeatureTable], names: Sequence[str]) -> FeatureTable:
    """Return the columns `names` of tables with the same rows, in that order."""
    joined = FeatureTable(
        tuple(name for table in tables for name in table.names),
        tables[0].recording_ids,
        np.concatenate([table.values for table in tables], axis=1),
    )
    return joined.select(names)
