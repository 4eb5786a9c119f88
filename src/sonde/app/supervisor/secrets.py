"""Secrets that are made on the first start: one file each, readable by its owner only."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def secret(folder: Path, name: str) -> str:
    """Return the secret called `name`, made now if there is none yet."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists() or not _read(path):
        _make(folder, path)
    return _read(path)


def _make(folder: Path, path: Path) -> None:
    """Write a whole secret aside, then give it its name; an empty file of that name yields."""
    descriptor, aside = tempfile.mkstemp(dir=folder, prefix=".secret-")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        Path(aside).replace(path)
        return
    with suppress(FileExistsError):
        os.link(aside, path)
    Path(aside).unlink()


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()
