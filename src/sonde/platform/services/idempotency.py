"""One request under one key has one effect and one answer, however often it is sent."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.persistence import idempotency as rows
from sonde.platform.services.work import ports

KEPT_FOR = timedelta(days=1)
_LONGEST_KEY = 255

Answer = tuple[int, Mapping[str, Any]]


def once(actor: Actor, key: str, request: bytes, do: Callable[[], Answer]) -> Answer:
    """Return the answer of `do`, or the one already given under `key`.

    Raises Conflict if the key was used for another request, Invalid for a key without form.
    """
    if not key.isprintable() or not 0 < len(key) <= _LONGEST_KEY:
        raise Invalid(f"An Idempotency-Key has 1 to {_LONGEST_KEY} printable characters.")
    rows.forget_before(ports().clock() - KEPT_FOR)
    digest = hashlib.sha256(request).hexdigest()
    row = rows.claim(actor.user_id, key, digest)
    if row.request_hash != digest:
        raise Conflict("This Idempotency-Key was used for another request.", key=key)
    if row.status is not None and row.answer is not None:
        return row.status, row.answer
    status, answer = do()
    row.status, row.answer = status, dict(answer)
    return status, answer
