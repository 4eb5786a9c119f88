"""NumPy's ``.npz``: an archive of plain arrays; every size is known before anything is inflated."""

import codecs
import io
import stat
import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.npy import array_of
from sonde.bearings.core.readers.packing import Packed, packed
from sonde.bearings.core.readers.variables import content_of
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import TooLarge, Unreadable

codecs.lookup("cp437")  # zipfile would load it at the first name, which is too late in the jail
_MAX_MEMBERS = 1_000
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a ``.npz`` file.

    Raises
    ------
    Unreadable, TooLarge
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            if len(members) > _MAX_MEMBERS:
                raise TooLarge(f"This archive has more than {_MAX_MEMBERS:,} members.")
            budget = Budget(limit_bytes)
            for member in members:
                _check(member, budget)
            arrays = {
                member.filename.removesuffix(".npy"): _array(archive, member, limit_bytes)
                for member in members
            }
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Unreadable(f"This .npz file is damaged or incomplete ({error}).") from None
    return content_of("npz", arrays)


def _check(member: zipfile.ZipInfo, budget: Budget) -> None:
    """Refuse what is no plain array, and count what it declares."""
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in name or ":" in name or "\\" in name:
        raise Unreadable(f"The member {name!r} of this archive leads out of it; it is refused.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Unreadable(f"The member {name!r} of this archive is a symbolic link.")
    if member.flag_bits & _ENCRYPTED:
        raise Unreadable("This archive is encrypted; it cannot be read.")
    if member.compress_type not in _METHODS:
        raise Unreadable(f"The member {name!r} is compressed in a way that is not read.")
    if not name.endswith(".npy"):
        raise Unreadable(f"The member {name!r} of this archive is no .npy array.")
    budget.take(member.file_size, member.compress_size)


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit_bytes: int) -> Any:
    with archive.open(member) as source:
        content = source.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise Unreadable(f"The member {member.filename!r} is not as large as it declares.")
    return array_of(io.BytesIO(content), len(content), Budget(limit_bytes))


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
