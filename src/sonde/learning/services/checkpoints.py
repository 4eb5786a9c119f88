"""What a training has done so far, in files, so that a killed worker loses at most one fold."""

import hashlib
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.services.experiments import delete_files, file_prefix
from sonde.platform.core.errors import NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobRun
from sonde.platform.core.ports import FileStore


@dataclass
class Checkpoint:
    """Arrays that were computed already, by name; anything not there is computed and kept.

    Parameters
    ----------
    job : JobRun
    files : FileStore
    experiment_id : str
    stamp : str
        Of data, model and split: a checkpoint of anything else is not used.
    keys : dict of str to str
        File of each finished step.
    """

    job: JobRun
    files: FileStore
    experiment_id: str
    stamp: str
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def resume(
        cls, job: JobRun, files: FileStore, experiment_id: str, stamped: str
    ) -> "Checkpoint":
        """Take up what the last attempt left, or begin with an empty table."""
        stamp = hashlib.sha256(stamped.encode()).hexdigest()
        saved = job.checkpoint()
        if saved is not None and saved.get("stamp") == stamp:
            return cls(job, files, experiment_id, stamp, dict(saved["keys"]))
        delete_files(files, experiment_id)
        return cls(job, files, experiment_id, stamp)

    def array(self, step: str, compute: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return the array of a step: the stored one, else computed now and stored."""
        found = self._stored(step)
        if found is not None:
            return found
        array = np.ascontiguousarray(compute())
        self.keys[step] = self.put(_as_bytes(array))
        self.job.save_checkpoint({"stamp": self.stamp, "keys": self.keys})
        return array

    def put(self, content: bytes) -> str:
        """Store a file of this experiment under a random name; return its key."""
        key = file_prefix(self.experiment_id) + new_id()
        self.files.put(key, content)
        return key

    def drop(self, keeping: Set[str]) -> None:
        """Delete every file of the experiment but these, also what a killed attempt never named."""
        for key in list(self.files.keys(file_prefix(self.experiment_id))):
            if key not in keeping:
                self.files.delete(key)

    def _stored(self, step: str) -> NDArray[Any] | None:
        if step not in self.keys:
            return None
        try:
            return _from_bytes(self.files.read(self.keys[step]))
        except NotFound:
            return None


def _as_bytes(array: NDArray[Any]) -> bytes:
    from safetensors.numpy import save

    content: bytes = save({"array": array})
    return content


def _from_bytes(content: bytes) -> NDArray[Any]:
    from safetensors.numpy import load

    array: NDArray[Any] = load(content)["array"]
    return array
