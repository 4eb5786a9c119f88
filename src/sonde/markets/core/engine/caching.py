"""Machine code that is kept on disk for as long as the engine's sources stay the same.

Numba keeps a function's machine code beside its source and forgets it when *that file* changes. A
step of the engine consists of functions from a dozen files; after an update of one of them the old
ledger would go on silently. So the key of what is kept also names the content of all of them.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import config, njit

_SOURCES = (
    *("arithmetic", "book", "commands", "fills", "layout", "ledger", "moments", "walk"),
    "wishing",
)


@cache
def fingerprint(folder: Path = Path(__file__).parent) -> str:
    """Return the content of the sources that compiled steps are made of, as a hash.

    Parameters
    ----------
    folder : Path
        Where the sources are.
    """
    content = sha256()
    for name in _SOURCES:
        content.update((folder / f"{name}.py").read_bytes())
    return content.hexdigest()


def kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call and keep its machine code on disk."""
    compiled = njit(cache=True, nogil=True)(function)
    if config.DISABLE_JIT:
        return function
    store = compiled._cache
    key_of = store._index_key
    store._index_key = lambda signature, codegen: (
        *key_of(signature, codegen),
        fingerprint(),
    )
    return compiled
