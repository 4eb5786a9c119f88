"""What a training has done so far, in files, so that a killed worker loses next to nothing.

Finished steps are kept as arrays; the step that is under way may keep its state as often as it
likes, and go on from there.
"""

import hashlib
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.services.experiments import delete_files, file_prefix
from sonde.platform.core.errors import NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobRun
from sonde.platform.core.ports import FileStore

_STATE = "state of "
_FILE = "file "


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
        outdated = self.keys.pop(_STATE + step, "")
        self._name(step, _as_bytes(array), outdated)
        return array

    def arrays(self, step: str) -> dict[str, NDArray[Any]] | None:
        """Return the arrays that were kept of a step, or None."""
        content = self._content(step)
        return None if content is None else _arrays_of(content)

    def keep_arrays(self, step: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep several arrays of a step."""
        from safetensors.numpy import save

        whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        self._name(step, save(whole), self.keys.get(step, ""))

    def state(self, step: str) -> bytes | None:
        """Return the state that the fit of a step kept last, or None."""
        return self._content(_STATE + step)

    def keep_state(self, step: str, content: bytes) -> None:
        """Keep the state of the fit of a step in place of the last one."""
        self._name(_STATE + step, content, self.keys.get(_STATE + step, ""))

    def keep_file(self, name: str, content: bytes) -> None:
        """Keep a file that stays with the experiment, in place of the last one of that name."""
        self._name(_FILE + name, content, self.keys.get(_FILE + name, ""))

    @property
    def files_by_name(self) -> dict[str, str]:
        """The keys of the files that stay with the experiment."""
        return {
            name.removeprefix(_FILE): key
            for name, key in self.keys.items()
            if name.startswith(_FILE)
        }

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

    def has(self, step: str) -> bool:
        """Say whether a step was finished before."""
        return step in self.keys

    def _name(self, name: str, content: bytes, outdated: str) -> None:
        """Store a file, note it, and only then delete the one in whose place it is."""
        self.keys[name] = self.put(content)
        self.job.save_checkpoint({"stamp": self.stamp, "keys": self.keys})
        if outdated:
            self.files.delete(outdated)

    def _content(self, name: str) -> bytes | None:
        if name not in self.keys:
            return None
        try:
            return self.files.read(self.keys[name])
        except NotFound:
            return None

    def _stored(self, step: str) -> NDArray[Any] | None:
        content = self._content(step)
        return None if content is None else _arrays_of(content)["array"]


def _as_bytes(array: NDArray[Any]) -> bytes:
    from safetensors.numpy import save

    content: bytes = save({"array": array})
    return content


def _arrays_of(content: bytes) -> dict[str, NDArray[Any]]:
    from safetensors.numpy import load

    arrays: dict[str, NDArray[Any]] = load(content)
    return arrays
