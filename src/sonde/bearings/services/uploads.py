"""Uploads: files on their way in, put aside under random names without ever being held whole."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from sonde.bearings.core.readers.packing import plain
from sonde.bearings.core.understanding.label_table import (
    FILE_NAMES,
    MAX_BYTES,
    LabelTable,
    parse,
)
from sonde.bearings.services.scanning import MAX_FILES
from sonde.platform.core.errors import Invalid, TooLarge
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import ports

MAX_UPLOAD_BYTES = 256 << 20
PREFIX = "uploads/"


@dataclass(frozen=True)
class Upload:
    """One uploaded file: the name that the person gave it, and its bytes or a stream of them."""

    name: str
    content: bytes | BinaryIO

    @property
    def n_bytes(self) -> int:
        """Size; a stream is left at its beginning."""
        if isinstance(self.content, bytes):
            return len(self.content)
        size = self.content.seek(0, 2)
        self.content.seek(0)
        return size


def checked(uploads: Sequence[Upload]) -> tuple[list[Upload], LabelTable | None]:
    """Return the recordings among `uploads`, and the label table; raises Invalid, TooLarge."""
    if not uploads or len(uploads) > MAX_FILES:
        raise Invalid(f"Choose 1 to {MAX_FILES:,} files.", field="files")
    if sum(upload.n_bytes for upload in uploads) > MAX_UPLOAD_BYTES:
        raise TooLarge(f"At most {MAX_UPLOAD_BYTES / 1e6:.0f} MB are uploaded at once.")
    tables = [upload for upload in uploads if safe_name(upload.name) in FILE_NAMES]
    recordings = [upload for upload in uploads if safe_name(upload.name) not in FILE_NAMES]
    return recordings, parse(_table_text(tables[-1])) if tables else None


def safe_name(name: str) -> str:
    r"""Return the last part of an uploaded file's name, printable; it never becomes a path.

    Examples
    --------
    >>> safe_name("..\\..\\x/../105.mat"), safe_name("...")
    ('105.mat', 'unnamed')
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    return plain(last).strip(". ") or "unnamed"


def _table_text(upload: Upload) -> str:
    if upload.n_bytes > MAX_BYTES:
        raise TooLarge(f"A label table has at most {MAX_BYTES / 1e6:.0f} MB.")
    content = upload.content if isinstance(upload.content, bytes) else upload.content.read()
    return content.decode("utf-8-sig", "replace")


@contextmanager
def put_aside(uploads: Sequence[Upload]) -> Iterator[list[dict[str, Any]]]:
    """Store files under random keys and yield their names, keys and sizes.

    Whatever is raised inside removes them again.
    """
    stored: list[dict[str, Any]] = []
    try:
        for upload in uploads:
            key = f"{PREFIX}{new_id()}"
            stored.append({"name": safe_name(upload.name), "key": key, "bytes": upload.n_bytes})
            _put(key, upload)
        yield stored
    except BaseException:
        for each in stored:
            ports().files.delete(each["key"])
        raise


def _put(key: str, upload: Upload) -> None:
    if isinstance(upload.content, bytes):
        ports().files.put(key, upload.content)
        return
    with tempfile.NamedTemporaryFile(prefix="sonde-upload-") as aside:
        shutil.copyfileobj(upload.content, aside, 1 << 20)
        aside.flush()
        ports().files.put(key, Path(aside.name))
