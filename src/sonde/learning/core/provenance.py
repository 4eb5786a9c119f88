"""Where a result comes from: data, split, configuration, code, environment, seeds."""

import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sonde.learning.core.problem import Fold

_LIBRARIES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "aeon",
    "lightgbm",
    "torch",
    "onnxruntime",
    "h5py",
)
_GIT_PATIENCE_S = 10


@dataclass(frozen=True)
class Code:
    """Which code computed.

    Parameters
    ----------
    version : str
        Of the installed package.
    commit : str
        Of the checkout that the code runs from; empty where it runs from an installed package.
    is_dirty : bool
        Whether files of the checkout differed from the commit.
    """

    version: str
    commit: str = ""
    is_dirty: bool = False

    @property
    def words(self) -> str:
        """The code in words."""
        if not self.commit:
            return self.version
        return f"{self.version}, commit {self.commit[:12]}" + " with changes" * self.is_dirty


@dataclass(frozen=True)
class Environment:
    """What the code ran on.

    Parameters
    ----------
    python, platform : str
    libraries : tuple of (str, str)
        Name and version.
    device : str
        ``"cpu"`` or the name of the GPU.
    threads : int
        That one computation may use.
    """

    python: str
    platform: str
    libraries: tuple[tuple[str, str], ...]
    device: str
    threads: int


@dataclass(frozen=True)
class Provenance:
    """Everything that is needed to compute a result again.

    Parameters
    ----------
    data_hash : str
        Of the samples and their labels.
    split_hash : str
        Of the folds: which sample was on which side.
    configuration : mapping
        Exactly what was asked for: source, data set, model, training, split, options.
    seeds : mapping of str to int
    code : Code
    environment : Environment
    rerun_of : str
        Id of the experiment that this one repeats; empty for most.
    """

    data_hash: str
    split_hash: str
    configuration: Mapping[str, Any]
    seeds: Mapping[str, int]
    code: Code
    environment: Environment
    rerun_of: str = ""


def split_hash(folds: Sequence[Fold]) -> str:
    """Return the hash of who was on which side in which fold.

    Parameters
    ----------
    folds : sequence of Fold

    Examples
    --------
    >>> import numpy as np
    >>> one, other = np.array([0, 1]), np.array([2, 3])
    >>> split_hash([Fold("a", one, other)]) == split_hash([Fold("a", other, one)])
    False
    """
    digest = hashlib.sha256()
    for fold in folds:
        digest.update(json.dumps(fold.name).encode())
        for side in (fold.train, fold.test):
            digest.update(len(side).to_bytes(8, "little") + side.astype("<i8").tobytes())
    return digest.hexdigest()


@cache
def code_version() -> Code:
    """Return which code is running; asks git where it runs from a checkout."""
    version = importlib.metadata.version("sonde")
    root = next((one for one in Path(__file__).parents if (one / ".git").exists()), None)
    if root is None:
        return Code(version)
    commit = _git(root, "rev-parse", "HEAD")
    changed = _git(root, "status", "--porcelain", "--untracked-files=no") if commit else ""
    return Code(version, commit, bool(changed))


def _git(root: Path, *words: str) -> str:
    try:
        told = subprocess.run(
            ["git", "-C", str(root), *words],
            capture_output=True,
            text=True,
            timeout=_GIT_PATIENCE_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()


def environment(device: str) -> Environment:
    """Return what this process runs on.

    Parameters
    ----------
    device : str
        Which the person asked for: ``"auto"``, ``"cpu"`` or ``"cuda"``.

    Examples
    --------
    >>> environment("cpu").device
    'cpu'
    """
    torch = sys.modules.get("torch")
    on_gpu = torch is not None and device != "cpu" and torch.cuda.is_available()
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        libraries=tuple((name, found) for name in _LIBRARIES if (found := _version(name))),
        device=str(torch.cuda.get_device_name()) if on_gpu and torch is not None else "cpu",
        threads=torch.get_num_threads() if torch is not None else _threads(),
    )


def _threads() -> int:
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdigit() and int(said) > 0 else os.cpu_count() or 1


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def differences(before: Provenance, data_hash: str, code: Code) -> tuple[str, ...]:
    """Return in words why a repetition may come to other figures.

    Parameters
    ----------
    before : Provenance
        Of the result that is repeated.
    data_hash : str
        Of the data as they are now.
    code : Code
        Which would compute now.

    Examples
    --------
    >>> before = Provenance("a", "", {}, {}, Code("1.0"), environment("cpu"))
    >>> differences(before, "a", Code("1.0"))
    ()
    >>> differences(before, "b", Code("1.0"))
    ('The data have changed since: their hash was a and is b.',)
    """
    told = []
    if before.data_hash != data_hash:
        told.append(
            f"The data have changed since: their hash was {before.data_hash[:12]} and is "
            f"{data_hash[:12]}."
        )
    if before.code != code:
        told.append(f"The code is another one: it was {before.code.words} and is {code.words}.")
    elif code.is_dirty:
        told.append("The code had changes that no commit holds; they may be other ones now.")
    return tuple(told)
