"""NumPy archives that try to harm whoever reads them."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np

_LINK_MODE = 0o120777 << 16


def _npy(values: np.ndarray, *, pickled: bool = False) -> bytes:
    content = io.BytesIO()
    np.save(content, values, allow_pickle=pickled)
    return content.getvalue()


def _signal() -> bytes:
    return _npy(np.random.default_rng(0).standard_normal(2048))


def npz_expanding_to_134_mb(folder: Path) -> Path:
    """Write an archive of about 130 kB whose array has 134 MB."""
    path = folder / "expands_to_134_mb.npz"
    header = _npy(np.zeros(0)).replace(b"(0,), }", b"(16777216,), }")
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w") as member,
    ):
        member.write(header)
        for _ in range(128):
            member.write(bytes(1 << 20))
    return path


def npz_slip(folder: Path) -> Path:
    """Write an archive whose member climbs out of the folder."""
    path = folder / "slip.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../slipped.npy", _signal())
    return path


def npz_absolute(folder: Path) -> Path:
    """Write an archive whose member names a file of the machine."""
    path = folder / "absolute.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("/etc/cron.d/job.npy", _signal())
    return path


def npz_symbolic_link(folder: Path) -> Path:
    """Write an archive that holds a symbolic link to a file of the machine."""
    path = folder / "symbolic_link.npz"
    link = zipfile.ZipInfo("x.npy")
    link.external_attr = _LINK_MODE
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return path


def npz_encrypted(folder: Path) -> Path:
    """Write an archive that says it is encrypted."""
    path = folder / "encrypted.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", _signal())
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
    return path


def npz_of_objects(folder: Path) -> Path:
    """Write an archive of an object array, which only unpickling could read."""
    path = folder / "objects.npz"
    objects = np.empty(2, dtype=object)
    objects[:] = [print, len]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", _npy(objects, pickled=True))
    return path


def npz_asking_32_gib(folder: Path) -> Path:
    """Write an archive whose small member declares 32 GiB."""
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296,), }".ljust(117) + "\n"
    path = folder / "asks_32_gib.npz"
    with zipfile.ZipFile(path, "w") as archive:
        head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text))
        archive.writestr("x.npy", head + text.encode())
    return path


def npz_of_5000_members(folder: Path) -> Path:
    """Write an archive of very many members."""
    path = folder / "many_members.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_000):
            archive.writestr(f"{number}.npy", b"")
    return path


def npz_of_programs(folder: Path) -> Path:
    """Write an archive that holds something else than arrays."""
    path = folder / "programs.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", _signal())
        archive.writestr("run.py", "import os")
    return path


def npz_truncated(folder: Path) -> Path:
    """Write half of a sound archive."""
    path = folder / "truncated.npz"
    np.savez(path, x=np.random.default_rng(0).standard_normal(2048))
    path.write_bytes(path.read_bytes()[:8000])
    return path


ARCHIVES = (
    npz_expanding_to_134_mb,
    npz_slip,
    npz_absolute,
    npz_symbolic_link,
    npz_encrypted,
    npz_of_objects,
    npz_asking_32_gib,
    npz_of_5000_members,
    npz_of_programs,
    npz_truncated,
)
