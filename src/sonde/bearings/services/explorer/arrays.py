"""Arrays and plain facts as bytes, for what is kept."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def packed_arrays(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return facts (as JSON) and arrays together."""
    into = io.BytesIO()
    said = np.frombuffer(json.dumps(dict(facts)).encode(), dtype=np.uint8)
    np.savez(into, allow_pickle=False, facts=said, **arrays)
    return into.getvalue()


def unpacked_arrays(content: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return what `packed_arrays` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "facts"}
        facts: dict[str, Any] = json.loads(stored["facts"].tobytes())
        return facts, arrays
