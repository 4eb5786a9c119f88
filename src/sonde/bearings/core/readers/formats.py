"""Which formats are read: the allow-list of extensions and the magic bytes behind them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from sonde.bearings.core.readers.mat4 import looks_like_mat4
from sonde.platform.core.errors import Unreadable

HEAD_BYTES = 1024
_UNIVERSAL = re.compile(rb"\s* {0,4}-1[ \t]*\r?\n")
_HDF5 = b"\x89HDF\r\n\x1a\n"


def _is_hdf5(head: bytes) -> bool:
    return head.startswith(_HDF5) or head[512:520] == _HDF5


def _is_text(head: bytes) -> bool:
    return bool(head.strip()) and b"\0" not in head and not head.startswith(b"PK\x03\x04")


def _is_mat5(head: bytes) -> bool:
    return head.startswith(b"MATLAB 5.0 MAT-file") and head[126:128] in {b"IM", b"MI"}


def _is_npy(head: bytes) -> bool:
    return head.startswith(b"\x93NUMPY")


def _is_wav(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def _is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _is_parquet(head: bytes) -> bool:
    return head.startswith(b"PAR1")


def _is_tdms(head: bytes) -> bool:
    return head.startswith(b"TDSm")


def _is_universal(head: bytes) -> bool:
    return bool(_UNIVERSAL.match(head))


@dataclass(frozen=True)
class Format:
    """One way of writing a recording.

    Parameters
    ----------
    module : str
        Module of the reader, in this folder.
    fits : callable
        From the first bytes of a file to whether it is written this way.
    """

    module: str
    fits: Callable[[bytes], bool]

    @property
    def function(self) -> str:
        """Return the reader as the jail names it."""
        return f"sonde.bearings.core.readers.{self.module}:decode"


_MAT5 = Format("mat5", _is_mat5)
_MAT4 = Format("mat4", looks_like_mat4)
_HDF = Format("hdf5", _is_hdf5)
_TEXT = Format("delimited", _is_text)
_UFF = Format("uff", _is_universal)

FORMATS: Mapping[str, tuple[Format, ...]] = {
    ".mat": (_MAT5, _HDF, _MAT4),
    ".h5": (_HDF,),
    ".hdf5": (_HDF,),
    ".npy": (Format("npy", _is_npy),),
    ".wav": (Format("wav", _is_wav),),
    ".csv": (_TEXT,),
    ".tsv": (_TEXT,),
    ".txt": (_TEXT,),
    ".npz": (Format("npz", _is_zip),),
    ".parquet": (Format("parquet", _is_parquet),),
    ".tdms": (Format("tdms", _is_tdms),),
    ".uff": (_UFF,),
    ".unv": (_UFF,),
}
_TIMESTAMP = re.compile(r"^\d{4}(\.\d\d){5}$")


def format_of(name: str, head: bytes) -> Format:
    """Return the format of a file, by its extension and its first bytes together.

    Parameters
    ----------
    name : str
        The file's name as the person knows it.
    head : bytes
        Its first 1,024 bytes.

    Raises
    ------
    Unreadable

    Examples
    --------
    >>> format_of("105.npy", b"\\x93NUMPY\\x01\\x00").module
    'npy'
    >>> format_of("2003.10.22.12.06.24", b"-0.022\\t-0.039").module
    'delimited'
    """
    extension = ".txt" if _TIMESTAMP.match(name) else PurePath(name).suffix.lower()
    if extension not in FORMATS:
        known = ", ".join(FORMATS)
        raise Unreadable(f"Files ending in {extension or 'nothing'} are not read; {known} are.")
    if not head:
        raise Unreadable("This file is empty.")
    for each in FORMATS[extension]:
        if each.fits(head):
            return each
    raise Unreadable(f"This file is called {extension} but is something else inside.")
