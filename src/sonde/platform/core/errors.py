"""What can go wrong, as one small vocabulary.

::

    SondeError
    ├── NotFound       the thing is not there, or not yours to see
    ├── Invalid        the input cannot be accepted; says what and why
    │   ├── Unreadable     a file that cannot be read as what it claims to be
    │   └── TooLarge       a file or request beyond a stated limit
    ├── Forbidden      you may see it but not do this
    ├── SignedOut      nobody is signed in
    ├── Conflict       it changed, exists already, or is in the wrong state
    ├── RateLimited    too many tries; says when to come back
    └── Unavailable    a part is down for now; the only error that is retried

The message is the sentence that a person reads; ``details`` are the facts for machines.
No error here knows about HTTP: the renderers in ``api``, ``ui`` and ``tasks`` do.
"""

from collections.abc import Mapping
from typing import ClassVar


class SondeError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.details: Mapping[str, object] = details
        super().__init__(self.message)


class NotFound(SondeError):
    """There is nothing here under this name, or it is not yours to see."""

    code = "not_found"


class Invalid(SondeError):
    """This input cannot be accepted."""

    code = "invalid"


class Unreadable(Invalid):
    """This file cannot be read."""

    code = "unreadable"


class TooLarge(Invalid):
    """This is larger than the limit."""

    code = "too_large"


class Forbidden(SondeError):
    """Your role does not allow this."""

    code = "forbidden"


class SignedOut(SondeError):
    """Sign in first."""

    code = "signed_out"


class Conflict(SondeError):
    """This has changed in the meantime, or exists already."""

    code = "conflict"


class RateLimited(SondeError):
    """Too many tries; wait a little."""

    code = "rate_limited"

    def __init__(
        self, message: str | None = None, *, retry_after_s: int, **details: object
    ) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message, retry_after_s=retry_after_s, **details)


class Unavailable(SondeError):
    """A part of the system is down for the moment; try again shortly."""

    code = "unavailable"
