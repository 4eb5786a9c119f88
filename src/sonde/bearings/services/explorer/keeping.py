"""What the explorer computes once and reads again, and how often it could read.

Nothing here is reached without a data set that the actor may see: `datasets.get` comes first, and
every key holds the data set's id and its content hash.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sonde.bearings.core.datasets import Dataset
from sonde.platform.core.ports import Cache
from sonde.platform.services.work import ports

TTL_S = 7 * 24 * 3600
_VERSION = 1


@dataclass(frozen=True)
class Reads:
    """How often an answer of one data set was there already.

    Parameters
    ----------
    hits, misses : int
    """

    hits: int
    misses: int

    @property
    def rate(self) -> float:
        """Return the share of reads that were there already, 0 before the first."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 0.0


def key_of(dataset: Dataset, name: str, *facts: Any) -> str:
    """Return where an answer about a data set's content is kept."""
    text = json.dumps([_VERSION, dataset.content_hash, *facts], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    return f"bearings:dataset:{dataset.id}:explorer:{name}:{digest}"


def look(dataset: Dataset, key: str) -> bytes | None:
    """Return what is kept under a key, and count whether it was there."""
    kept = ports().cache.get(key)
    _note(dataset, hit=kept is not None)
    return kept


def keep(key: str, content: bytes) -> None:
    """Keep an answer for a week."""
    ports().cache.set(key, content, TTL_S)


def once(dataset: Dataset, key: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept under a key, made first if it is not there."""
    kept = look(dataset, key)
    if kept is not None:
        return kept
    made = make()
    keep(key, made)
    return made


def outside() -> Cache:
    """Return the cache for a job, which ends its unit of work before it computes."""
    return ports().cache


def reads(dataset: Dataset) -> Reads:
    """Return how often answers about a data set were there already, within the last week."""
    kept = ports().cache.get(_counts_key(dataset))
    hits, misses = json.loads(kept) if kept is not None else (0, 0)
    return Reads(hits, misses)


def _note(dataset: Dataset, *, hit: bool) -> None:
    # two readers at the same moment may lose one count: a share in per cent does not mind
    before = reads(dataset)
    counts = [before.hits + hit, before.misses + (not hit)]
    ports().cache.set(_counts_key(dataset), json.dumps(counts).encode(), TTL_S)


def _counts_key(dataset: Dataset) -> str:
    return f"bearings:dataset:{dataset.id}:explorer-reads"
