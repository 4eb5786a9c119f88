"""Uploaded files, in a folder that is gone as soon as they were read."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import UploadFile


@contextmanager
def kept_for_a_moment(file: UploadFile) -> Iterator[tuple[Path, str]]:
    """Yield where an uploaded file lies, and its name as the person knows it."""
    printable = "".join(filter(str.isprintable, file.filename or ""))
    name = Path(printable).name or "recording"
    with tempfile.TemporaryDirectory(prefix="sonde-") as folder:
        path = Path(folder) / f"upload{Path(name).suffix.lower()[:8]}"
        with path.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        yield path, name
