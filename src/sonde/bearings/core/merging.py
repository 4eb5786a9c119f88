"""The recordings of several data sets together: names of bearings, copies, contradictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sonde.bearings.core.datasets import StoredRecording
from sonde.platform.core.errors import Conflict

_NAMED = 5


class BearingNames(StrEnum):
    """What one name of a bearing in two data sets means."""

    SAME = "same"
    APART = "apart"


@dataclass(frozen=True)
class Merged:
    """The recordings of several data sets together.

    Parameters
    ----------
    recordings : tuple of StoredRecording
        With the names they shall have; each still says which data set holds its signal.
    n_copies : int
        How many recordings were left out because another one holds the same.
    shared_bearings : tuple of str
        Names of bearings that stand in more than one data set.
    """

    recordings: tuple[StoredRecording, ...]
    n_copies: int
    shared_bearings: tuple[str, ...]


def shared_bearings(recordings: Sequence[StoredRecording]) -> tuple[str, ...]:
    """Return the names of bearings that stand in more than one data set, sorted."""
    return _shared({(one.bearing, one.dataset_id) for one in recordings})


def _shared(pairs: set[tuple[str, str]]) -> tuple[str, ...]:
    names = [name for name, _ in pairs]
    return tuple(sorted({name for name in names if names.count(name) > 1}))


def merge(
    recordings: Sequence[StoredRecording], names: Mapping[str, str], bearings: BearingNames
) -> Merged:
    """Put recordings together, each signal once.

    Parameters
    ----------
    recordings : sequence of StoredRecording
        Of all data sets, one after the other.
    names : mapping of str to str
        Name of each data set by its id.
    bearings : BearingNames
        ``SAME``: a name stands for one physical bearing wherever it occurs, so that a split keeps
        all its recordings on one side. ``APART``: the data set's name is put before it.

    Raises
    ------
    Conflict
        If two data sets give the same signal different classes.
    """
    shared = frozenset(shared_bearings(recordings))
    kept = _each_once(recordings)
    if bearings is BearingNames.APART:
        kept_named = [
            replace(one, bearing=f"{names[one.dataset_id]}: {one.bearing}")
            if one.bearing in shared
            else one
            for one in kept
        ]
    else:
        kept_named = list(kept)
    return Merged(
        tuple(_lineages_apart(kept_named, names)),
        len(recordings) - len(kept),
        tuple(sorted(shared)),
    )


def _each_once(recordings: Sequence[StoredRecording]) -> list[StoredRecording]:
    first: dict[tuple[str, float], StoredRecording] = {}
    kept, contradictions = [], []
    for one in recordings:
        key = (one.content_hash, one.sampling_rate_hz)
        other = first.setdefault(key, one)
        if other is one or other.dataset_id == one.dataset_id:
            kept.append(one)
        elif other.label != one.label:
            contradictions.append(f"{one.title} is {other.label} and {one.label}")
    if contradictions:
        some = "; ".join(contradictions[:_NAMED])
        more = " and more" if len(contradictions) > _NAMED else ""
        raise Conflict(
            f"{len(contradictions)} recordings hold the same samples but different classes: "
            f"{some}{more}. Leave them out of one of the data sets first.",
            field="datasets",
        )
    return kept


def _lineages_apart(
    recordings: Sequence[StoredRecording], names: Mapping[str, str]
) -> list[StoredRecording]:
    """Tell measurements apart that only share a name: those of different bearings."""
    pairs = {(one.lineage, one.bearing) for one in recordings}
    datasets = {(one.lineage, one.dataset_id) for one in recordings}
    unclear = frozenset(_shared(pairs)) & frozenset(_shared(datasets))
    return [
        replace(one, lineage=f"{names[one.dataset_id]}: {one.lineage}")
        if one.lineage in unclear
        else one
        for one in recordings
    ]
