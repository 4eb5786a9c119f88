"""Write files that try to harm whoever reads them; each is small on disk.

Run as a program it writes them into the folder named by its argument.
"""

import io
import pickle
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np
import scipy.io

from tests.hostile.archives import ARCHIVES
from tests.hostile.tables import TABLES

MIB = 1 << 20
CANARY = "canary-was-here"


class _Harmful:
    """Pickles to a call that makes a file."""

    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self._canary,)


def _signal(n: int = 4096) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(n)


def npy_asking_32_gib(folder: Path) -> Path:
    """Write 128 bytes that declare 32 GiB."""
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296,), }"
    text = header.ljust(117) + "\n"
    path = folder / "asks_32_gib.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())
    return path


def mat_expanding_to_400_mb(folder: Path) -> Path:
    """Write about 389 kB that inflate to 400 MB, without ever holding them."""
    values = 50_000_000
    inner = struct.pack("<IIII", 6, 8, 6, 0) + struct.pack("<IIii", 5, 8, values, 1)
    inner += struct.pack("<II", 1, 1) + b"x".ljust(8, b"\0") + struct.pack("<II", 9, values * 8)
    deflate = zlib.compressobj(9)
    body = deflate.compress(struct.pack("<II", 14, len(inner) + values * 8) + inner)
    for _ in range(400):
        body += deflate.compress(bytes(1_000_000))
    body += deflate.flush()
    path = folder / "expands_to_400_mb.mat"
    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x0100) + b"IM"
    path.write_bytes(head + struct.pack("<II", 15, len(body)) + body)
    return path


def mat_lying_about_its_size(folder: Path) -> Path:
    """Write a compressed variable that declares little and holds much."""
    body = zlib.compress(struct.pack("<II", 14, 64) + bytes(64 * MIB))
    path = folder / "declares_less.mat"
    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x0100) + b"IM"
    path.write_bytes(head + struct.pack("<II", 15, len(body)) + body)
    return path


def h5_expanding_to_134_mb(folder: Path) -> Path:
    """Write about 134 kB that expand to 134 MB."""
    path = folder / "expands_to_134_mb.h5"
    with h5py.File(path, "w") as file:
        made = file.create_dataset(
            "x", (16 * MIB,), "<f8", chunks=(MIB,), compression="gzip", compression_opts=9
        )
        for start in range(0, 16 * MIB, MIB):
            made[start : start + MIB] = 0.5
    return path


def h5_declaring_1_gib(folder: Path) -> Path:
    """Write 1.4 kB that declare 1 GiB and store nothing."""
    path = folder / "declares_1_gib.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("x", (128 * MIB,), "<f8", chunks=(MIB,))
    return path


def h5_external_storage(folder: Path) -> Path:
    """Write a data set whose values are another file of the machine."""
    path = folder / "external_storage.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("x", (128,), "u1", external=[("/etc/passwd", 0, 128)])
    return path


def h5_external_link(folder: Path) -> Path:
    """Write a link to a data set in another file."""
    path = folder / "external_link.h5"
    secret = folder / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["x"] = _signal()
    with h5py.File(path, "w") as file:
        file["x"] = h5py.ExternalLink(str(secret), "/x")
    secret.rename(folder / "secret.bin")
    return path


def h5_soft_link_out(folder: Path) -> Path:
    """Write a soft link that leads through an external link."""
    path = folder / "soft_link_out.h5"
    with h5py.File(path, "w") as file:
        file["a_soft"] = h5py.SoftLink("/z_out/x")
        file["z_out"] = h5py.ExternalLink("elsewhere.h5", "/")
    return path


def h5_virtual(folder: Path) -> Path:
    """Write a virtual data set over another file."""
    path = folder / "virtual.h5"
    layout = h5py.VirtualLayout((4096,), "<f8")
    layout[:] = h5py.VirtualSource("secret.bin", "x", (4096,))
    with h5py.File(path, "w") as file:
        file.create_virtual_dataset("x", layout)
    return path


def h5_unknown_filter(folder: Path) -> Path:
    """Write a data set that needs a filter which does not ship with HDF5."""
    path = folder / "unknown_filter.h5"
    with h5py.File(path, "w") as file:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((1024,))
        plan.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple((4096,))
        h5py.h5d.create(file.id, b"x", h5py.h5t.NATIVE_DOUBLE, space, plan)
    return path


def npy_pickled(folder: Path) -> Path:
    """Write an object array that would run code when unpickled."""
    path = folder / "pickled.npy"
    content = io.BytesIO()
    objects = np.empty(1, dtype=object)
    objects[0] = _Harmful(folder / CANARY)
    np.save(content, objects, allow_pickle=True)
    path.write_bytes(content.getvalue())
    return path


def pickle_called_npy(folder: Path) -> Path:
    """Write a bare pickle under an accepted extension."""
    path = folder / "bare_pickle.npy"
    path.write_bytes(pickle.dumps(_Harmful(folder / CANARY)))
    return path


def mat_of_objects(folder: Path) -> Path:
    """Write a MAT-file that holds no number, only text and cells."""
    path = folder / "objects.mat"
    cells = np.empty((1, 2), dtype=object)
    cells[0, 0], cells[0, 1] = "__import__('os')", "system"
    scipy.io.savemat(path, {"x": cells})
    return path


def mat_truncated(folder: Path) -> Path:
    """Write half of a sound MAT-file."""
    path = folder / "truncated.mat"
    content = io.BytesIO()
    scipy.io.savemat(content, {"x": _signal()}, do_compression=True)
    path.write_bytes(content.getvalue()[: len(content.getvalue()) // 2])
    return path


def h5_truncated(folder: Path) -> Path:
    """Write half of a sound HDF5 file."""
    path = folder / "truncated.h5"
    with h5py.File(path, "w") as file:
        file["x"] = _signal()
    path.write_bytes(path.read_bytes()[:16_000])
    return path


def mat_nested(folder: Path) -> Path:
    """Write structs within structs within structs."""
    path = folder / "nested.mat"
    value: object = _signal(100)
    for _ in range(40):
        value = {"inner": value}
    scipy.io.savemat(path, {"x": value})
    return path


def wrong_magic(folder: Path) -> Path:
    """Write a program under the name of a recording."""
    path = folder / "program.mat"
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(600))
    return path


def zip_bomb(folder: Path) -> Path:
    """Write an archive of zeros, under an accepted extension."""
    path = folder / "bomb.csv"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(32 * MIB))
    return path


def zip_slip(folder: Path) -> Path:
    """Write an archive whose member climbs out of the folder."""
    path = folder / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../slipped.npy", b"out")
    return path


def symbolic_link(folder: Path) -> Path:
    """Make a symbolic link to a file of the machine."""
    path = folder / "link.csv"
    path.symlink_to("/etc/passwd")
    return path


def not_a_file(folder: Path) -> Path:
    """Make a folder that is named like a recording."""
    path = folder / "folder.npy"
    path.mkdir()
    return path


def empty(folder: Path) -> Path:
    """Write nothing."""
    path = folder / "empty.csv"
    path.write_bytes(b"")
    return path


def nan(folder: Path) -> Path:
    """Write a signal with holes."""
    path = folder / "nan.npy"
    values = _signal()
    values[100:110] = np.nan
    np.save(path, values)
    return path


def constant(folder: Path) -> Path:
    """Write a signal that never moves."""
    path = folder / "constant.npy"
    np.save(path, np.ones(4096))
    return path


def infinite_when_single(folder: Path) -> Path:
    """Write values that are finite as float64 but not as float32."""
    path = folder / "beyond_single.npy"
    np.save(path, _signal() * 1e300)
    return path


def wav_lying(folder: Path) -> Path:
    """Write a WAVE file that declares more than it holds."""
    path = folder / "lying.wav"
    head = b"RIFF" + struct.pack("<I", 0xFFFFFFF0) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, 12000, 24000, 2, 16)
    path.write_bytes(head + b"data" + struct.pack("<I", 0xFFFFFF00) + bytes(100))
    return path


def csv_of_words(folder: Path) -> Path:
    """Write a text that is no table of numbers."""
    path = folder / "words.csv"
    path.write_text("=cmd|' /C calc'!A0,<script>alert(1)</script>\n" * 100)
    return path


def csv_of_endless_digits(folder: Path) -> Path:
    """Write one number of 60,000 digits that is none at its end."""
    path = folder / "endless_digits.csv"
    path.write_text("1" * 60_000 + "x\n")
    return path


def csv_of_blanks(folder: Path) -> Path:
    """Write a remark of 60,000 blanks, on which careless expressions take hours."""
    path = folder / "blanks.csv"
    path.write_text("a" + " " * 60_000 + "\n" + "word word\n" * 20)
    return path


def csv_binary(folder: Path) -> Path:
    """Write bytes that are no text under the name of a text."""
    path = folder / "binary.csv"
    path.write_bytes(b"1,2\n" * 400 + bytes(200))
    return path


def wav_of_no_channels(folder: Path) -> Path:
    """Write a WAVE file whose header divides by nothing."""
    path = folder / "no_channels.wav"
    head = b"RIFF" + struct.pack("<I", 136) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 0, 0, 0, 0, 0)
    path.write_bytes(head + b"data" + struct.pack("<I", 100) + bytes(100))
    return path


MAKERS = (
    *ARCHIVES,
    *TABLES,
    csv_of_endless_digits,
    csv_of_blanks,
    csv_binary,
    wav_of_no_channels,
    npy_asking_32_gib,
    mat_expanding_to_400_mb,
    mat_lying_about_its_size,
    h5_expanding_to_134_mb,
    h5_declaring_1_gib,
    h5_external_storage,
    h5_external_link,
    h5_soft_link_out,
    h5_virtual,
    h5_unknown_filter,
    npy_pickled,
    pickle_called_npy,
    mat_of_objects,
    mat_truncated,
    h5_truncated,
    mat_nested,
    wrong_magic,
    zip_bomb,
    zip_slip,
    symbolic_link,
    not_a_file,
    empty,
    nan,
    constant,
    infinite_when_single,
    wav_lying,
    csv_of_words,
)

FOREIGN_NAMES = (
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "file:///etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%252f..%252fetc/passwd",
    "a#../../etc/passwd",
    "a?../../etc/passwd",
    "C:\\secret.npy",
    "\\\\server\\share\\x.npy",
    "name\x00.npy",
    "name\r\nSet-Cookie: a=b.npy",
    '"; filename="other.exe',
    "\u202egnp.npy",
    "." * 300,
)


def make_corpus(folder: Path) -> list[Path]:
    """Write every file into `folder` and return their paths."""
    return [make(folder) for make in MAKERS]


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for written in make_corpus(target):
        print(written.name, written.lstat().st_size)
