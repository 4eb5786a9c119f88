"""The columns of a backtest in one file: every array by its name, nothing that can be run."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Unreadable


def encoded(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as the content of one .npz file."""
    content = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(content, **named)
    return content.getvalue()


def read(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file; raises Unreadable if it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except (ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        raise Unreadable(f"The stored result {path.name} is damaged; run it again.") from error
