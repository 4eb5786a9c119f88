"""Random streams: one for each part of a signal, so that switching one part leaves the others.

All of them descend from ``SeedSequence([seed, index])``: nothing else decides about a signal.
"""

import zlib

import numpy as np


def stream(seed: int, index: int, part: str, channel: int = 0) -> np.random.Generator:
    """Return the generator of one part of signal `index`.

    Parameters
    ----------
    seed, index : int
    part : str
        Such as ``"pink"``.
    channel : int
        Sensors do not share their noise.

    Examples
    --------
    >>> bool(stream(1, 2, "pink").random() == stream(1, 2, "pink").random())
    True
    """
    key = (zlib.crc32(part.encode()), channel)
    return np.random.default_rng(np.random.SeedSequence([seed, index], spawn_key=key))


def bearing_stream(seed: int, bearing: str) -> np.random.Generator:
    """Return the generator of what all recordings of a bearing have in common."""
    return np.random.default_rng(
        np.random.SeedSequence([seed], spawn_key=(zlib.crc32(bearing.encode()),))
    )
