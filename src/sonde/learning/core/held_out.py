"""What an experiment's models said about every held-out sample, kept for all that comes later.

Results, comparisons and evaluations are computed from this one table: nothing has to be trained
again, and two experiments can be asked whether they were tested on the very same samples.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.evaluation import FoldPrediction
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Unreadable

FORMAT = "sonde-held-out/1"


@dataclass(frozen=True)
class HeldOut:
    """One row for every held-out sample, in the order of the folds.

    Parameters
    ----------
    class_names, fold_names : tuple of str
    group_noun, data_hash : str
    samples : ndarray of int64, shape (row,)
        Index into the experiment's problem.
    folds : ndarray of int64, shape (row,)
    labels : ndarray of int64, shape (row,)
    probabilities : ndarray of float64, shape (row, class)
    recordings, groups : ndarray of str, shape (row,)
    spans : ndarray of int64, shape (row, 2)
        First and one-past-last position of the sample in its recording.
    attributes : mapping of str to ndarray of str, shape (row,)
    learned : tuple of str
        Recordings that the kept model was trained on and that were never held out; empty where the
        table is older than this.
    """

    class_names: tuple[str, ...]
    fold_names: tuple[str, ...]
    group_noun: str
    data_hash: str
    samples: NDArray[np.int64]
    folds: NDArray[np.int64]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    recordings: NDArray[np.str_]
    groups: NDArray[np.str_]
    spans: NDArray[np.int64]
    attributes: Mapping[str, NDArray[np.str_]]
    learned: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.labels)

    @property
    def told(self) -> NDArray[np.int64]:
        """The most probable class of each row."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.int64)

    @property
    def test_key(self) -> str:
        """Hash of what was tested in which fold; equal where two experiments may be compared."""
        rows = sorted(
            zip(
                self.folds.tolist(),
                self.recordings.tolist(),
                self.spans[:, 0].tolist(),
                self.spans[:, 1].tolist(),
                self.labels.tolist(),
                strict=True,
            )
        )
        return hashlib.sha256(json.dumps([self.class_names, rows]).encode()).hexdigest()


def held_out(
    problem: Problem,
    predictions: Sequence[FoldPrediction],
    learned: NDArray[np.intp] | None = None,
) -> HeldOut:
    """Return the table of what the models of all folds said.

    Parameters
    ----------
    problem : Problem
    predictions : sequence of FoldPrediction
    learned : ndarray of intp, optional
        The samples that the kept model was trained on.
    """
    samples = np.concatenate([one.indices for one in predictions]).astype(np.int64)
    folds = np.repeat(np.arange(len(predictions)), [len(one.indices) for one in predictions])
    return HeldOut(
        class_names=problem.class_names,
        fold_names=tuple(one.name for one in predictions),
        group_noun=problem.group_noun,
        data_hash=problem.data_hash,
        samples=samples,
        folds=folds.astype(np.int64),
        labels=problem.labels[samples].astype(np.int64),
        probabilities=np.concatenate([one.probabilities for one in predictions]),
        recordings=problem.recordings[samples],
        groups=problem.groups[samples],
        spans=problem.spans[samples],
        attributes={name: values[samples] for name, values in problem.attributes.items()},
        learned=_never_held_out(problem, samples, learned),
    )


def _never_held_out(
    problem: Problem, samples: NDArray[np.int64], learned: NDArray[np.intp] | None
) -> tuple[str, ...]:
    if learned is None:
        return ()
    names = np.setdiff1d(problem.recordings[learned], problem.recordings[samples])
    return tuple(str(name) for name in names)


def dump(table: HeldOut) -> bytes:
    """Return the table as the bytes of one file."""
    from safetensors.numpy import save

    texts = {"recordings": table.recordings, "groups": table.groups} | {
        f"attribute.{name}": values for name, values in table.attributes.items()
    }
    words, arrays = {}, {}
    for name, values in texts.items():
        known, codes = np.unique(values, return_inverse=True)
        words[name] = [str(word) for word in known]
        arrays[name] = codes.astype(np.int64)
    for name in ("samples", "folds", "labels", "probabilities", "spans"):
        arrays[name] = np.ascontiguousarray(getattr(table, name))
    facts = {
        "format": FORMAT,
        "class_names": table.class_names,
        "fold_names": table.fold_names,
        "group_noun": table.group_noun,
        "data_hash": table.data_hash,
        "learned": table.learned,
        "words": words,
    }
    content: bytes = save(arrays, metadata={"facts": json.dumps(facts)})
    return content


def load(content: bytes) -> HeldOut:
    """Return the table that `dump` wrote.

    Raises
    ------
    Unreadable
        If it is not such a table.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as load_arrays

    try:
        length = int.from_bytes(content[:8], "little")
        facts = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["facts"])
        arrays = load_arrays(content)
        texts = {
            name: np.array(words, dtype=np.str_)[arrays[name]]
            for name, words in facts["words"].items()
        }
    except (SafetensorError, ValueError, KeyError, IndexError) as error:
        raise Unreadable("This is not a table of held-out predictions.") from error
    prefix = "attribute."
    return HeldOut(
        class_names=tuple(facts["class_names"]),
        fold_names=tuple(facts["fold_names"]),
        group_noun=facts["group_noun"],
        data_hash=facts["data_hash"],
        samples=arrays["samples"],
        folds=arrays["folds"],
        labels=arrays["labels"],
        probabilities=arrays["probabilities"],
        recordings=texts["recordings"],
        groups=texts["groups"],
        spans=arrays["spans"],
        attributes={
            name.removeprefix(prefix): values
            for name, values in texts.items()
            if name.startswith(prefix)
        },
        learned=tuple(facts.get("learned", ())),
    )
