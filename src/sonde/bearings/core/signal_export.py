"""A stretch of a signal as a file that other programs read: text, numpy and sound."""

import io
import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

LINES_AT_ONCE = 8192
_FLOAT = 3
_PCM = 1
_LOUD = 0.9


def csv_chunks(
    samples: NDArray[np.float32], first: int, sampling_rate_hz: float, title: str
) -> Iterator[bytes]:
    """Return a table of time and value, a few thousand lines at a time.

    Parameters
    ----------
    samples : ndarray of float32, shape (time,)
        Written with nine digits, which name every float32 exactly.
    first : int
        Position of the first sample in its recording.
    sampling_rate_hz : float
    title : str
        Heading of the second column, such as ``"DE (g)"``.

    Examples
    --------
    >>> table = csv_chunks(np.array([0.5, 0.1], dtype=np.float32), 10, 100.0, "DE (g)")
    >>> print(b"".join(table).decode())
    time_s,DE (g)
    0.1,0.5
    0.11,0.100000001
    <BLANKLINE>
    """
    heading = title.replace('"', "'").replace("\n", " ")
    quoted = f'"{heading}"' if "," in heading else heading
    yield f"time_s,{quoted}\n".encode()
    for begin in range(0, len(samples), LINES_AT_ONCE):
        part = samples[begin : begin + LINES_AT_ONCE].tolist()
        lines = [
            f"{(first + begin + place) / sampling_rate_hz:.12g},{value:.9g}\n"
            for place, value in enumerate(part)
        ]
        yield "".join(lines).encode()


def npy_bytes(samples: NDArray[np.float32]) -> bytes:
    """Return the samples as a ``.npy`` file of float32.

    Examples
    --------
    >>> content = npy_bytes(np.array([1.5, -2.0], dtype=np.float32))
    >>> np.load(io.BytesIO(content)).tolist()
    [1.5, -2.0]
    """
    target = io.BytesIO()
    np.save(target, np.ascontiguousarray(samples, dtype="<f4"), allow_pickle=False)
    return target.getvalue()


def wav_bytes(samples: NDArray[np.float32], sampling_rate_hz: float) -> bytes:
    """Return the samples as a ``.wav`` file of 32-bit floats: the very values, whatever their unit.

    Parameters
    ----------
    samples : ndarray of float32, shape (time,)
    sampling_rate_hz : float
        Written as a whole number: the format holds no other.

    Examples
    --------
    >>> content = wav_bytes(np.array([0.5, 4.0], dtype=np.float32), 12_000.0)
    >>> content[:4], len(content), np.frombuffer(content[-8:], dtype="<f4").tolist()
    (b'RIFF', 66, [0.5, 4.0])
    """
    return _riff(np.ascontiguousarray(samples, dtype="<f4").tobytes(), _FLOAT, 32, sampling_rate_hz)


def listenable_wav(samples: NDArray[np.float32], sampling_rate_hz: float) -> bytes:
    """Return the samples as sound: without their mean, 16 bit, the highest peak at 90 per cent.

    Examples
    --------
    >>> content = listenable_wav(np.array([1.0, 3.0, 2.0], dtype=np.float32), 12_000.0)
    >>> np.frombuffer(content[-6:], dtype="<i2").tolist()
    [-29490, 29490, 0]
    """
    centred = samples - samples.mean()
    peak = float(np.abs(centred).max())
    scale = _LOUD * 32767 / peak if peak > 0 else 0.0
    values = np.rint(centred * scale).astype("<i2")
    return _riff(values.tobytes(), _PCM, 16, sampling_rate_hz)


def _riff(data: bytes, kind: int, bits: int, sampling_rate_hz: float) -> bytes:
    rate, width = max(round(sampling_rate_hz), 1), bits // 8
    form = struct.pack("<HHIIHH", kind, 1, rate, rate * width, width, bits)
    chunks = _chunk(b"fmt ", form + b"\0\0" * (kind == _FLOAT))
    if kind == _FLOAT:  # a format other than PCM says how many samples there are
        chunks += _chunk(b"fact", struct.pack("<I", len(data) // width))
    chunks += _chunk(b"data", data)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
