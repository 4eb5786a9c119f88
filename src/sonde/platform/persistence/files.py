"""Where files live: a local folder or an S3-compatible store, by one URL."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from sonde.platform.core.errors import Invalid, NotFound, Unavailable
from sonde.platform.core.identifiers import new_id

if TYPE_CHECKING:
    from obstore.store import LocalStore, S3Store

_KEY = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*)*"
)
_DOWN = "The file store does not answer; try again shortly."


def open_files(url: str, cache_folder: Path) -> "StoredFiles":
    """Open the store that `url` names.

    Parameters
    ----------
    url : str
        A folder (plain path or ``file:``), or ``s3://bucket/prefix?endpoint=https://...`` whose
        other query fields (``region``, ``access_key_id``, ...) configure the client; what is
        not there is read from the usual ``AWS_...`` variables.
    cache_folder : Path
        Where files of a remote store are kept once they were fetched.

    Raises
    ------
    Invalid
        For any other kind of URL.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return StoredFiles(_s3(url), None, cache_folder)
    if parts.scheme in {"", "file"}:
        folder = Path(unquote(parts.path)).absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return StoredFiles(_local(folder), folder, cache_folder)
    raise Invalid(f"FILES_URL begins with file: or s3:, not {parts.scheme}:.", scheme=parts.scheme)


def _local(folder: Path) -> "LocalStore":
    from obstore.store import LocalStore

    return LocalStore(folder)


def _s3(url: str) -> "S3Store":
    from obstore.store import S3Store

    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    plain_http = options.get("endpoint", "").startswith("http:")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=cast("Any", options),
        client_options={"allow_http": plain_http, "timeout": "60s", "connect_timeout": "5s"},
        retry_config={"max_retries": 2},
    )


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise Invalid(f"{key!r} cannot be the name of a stored file.", key=key)
    return key


@contextmanager
def _telling(key: str) -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise NotFound(f"There is no stored file {key}.", key=key) from None
    except (BaseError, OSError) as error:
        raise Unavailable(_DOWN, key=key) from error


@dataclass(frozen=True)
class StoredFiles:
    """Whole files in an object store; a stored file never changes.

    Parameters
    ----------
    store : LocalStore or S3Store
    folder : Path, optional
        Where the store's files lie on this machine; None if it is remote.
    cache_folder : Path
        Where fetched files are kept.
    """

    store: "LocalStore | S3Store"
    folder: Path | None
    cache_folder: Path

    def put(self, key: str, source: Path | bytes) -> int:
        """Store a whole file under `key` (atomically); return its size in bytes."""
        import obstore

        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        with _telling(key):
            obstore.put(self.store, _checked(key), source)
        return size

    def local_path(self, key: str) -> Path:
        """Return a local path with the file's content, fetched once if it is remote."""
        base = self.folder or self.cache_folder
        path = base / _checked(key)
        if path.is_file():
            return path
        if self.folder is not None:
            raise NotFound(f"There is no stored file {key}.", key=key)
        self._fetch(key, path)
        return path

    def _fetch(self, key: str, path: Path) -> None:
        import obstore

        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _telling(key):
            answer = obstore.get(self.store, key)
            with tempfile.TemporaryDirectory(dir=path.parent) as folder:
                fetched = Path(folder) / "whole"
                with fetched.open("wb") as target:
                    for chunk in answer:
                        target.write(chunk)
                fetched.replace(path)

    def read(self, key: str) -> bytes:
        """Return the whole content; raises NotFound."""
        import obstore

        with _telling(key):
            return bytes(obstore.get(self.store, _checked(key)).bytes())

    def delete(self, key: str) -> None:
        """Delete the file; nothing happens if it is not there."""
        import obstore

        try:
            with _telling(key):
                obstore.delete(self.store, _checked(key))
        except NotFound:
            pass
        if self.folder is None:
            (self.cache_folder / key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """Say whether the file is there."""
        import obstore

        try:
            with _telling(key):
                obstore.head(self.store, _checked(key))
        except NotFound:
            return False
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Go through the stored keys that begin with `prefix`."""
        import obstore

        folder = prefix.rpartition("/")[0]
        with _telling(prefix):
            for batch in obstore.list(self.store, prefix=folder or None):
                yield from (meta["path"] for meta in batch if meta["path"].startswith(prefix))

    def check(self) -> None:
        """Raise Unavailable if the store cannot be written."""
        key = f"check/{new_id()}"
        self.put(key, b"sonde")
        self.delete(key)
