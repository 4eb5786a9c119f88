"""When a recording was taken, as far as its file's name says it."""

import re
from datetime import UTC, datetime
from typing import Final

from sonde.platform.core.errors import Invalid

_STAMP: Final = re.compile(
    r"(?<!\d)(20\d\d|19\d\d)[-_.]?(\d\d)[-_.]?(\d\d)"
    r"[T _.-]?(\d\d)[-_.:hH]?(\d\d)(?:[-_.:mM]?(\d\d))?(?!\d)"
)


def moment_in_name(name: str) -> datetime | None:
    """Return the moment that a file's name carries, in UTC; None where there is none.

    Examples
    --------
    >>> moment_in_name("2003.10.22.12.06.24").isoformat()
    '2003-10-22T12:06:24+00:00'
    >>> moment_in_name("pump_20260105T0630.wav").isoformat()
    '2026-01-05T06:30:00+00:00'
    >>> moment_in_name("IR007_1797.mat") is None
    True
    """
    for found in _STAMP.finditer(name):
        numbers = [int(part or 0) for part in found.groups()]
        try:
            return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]
        except ValueError:
            continue
    return None


def moment_said(text: str) -> datetime | None:
    """Return the moment that a person wrote, in UTC where no zone is said; None for nothing.

    Raises
    ------
    Invalid
        If it cannot be understood.

    Examples
    --------
    >>> moment_said("2026-01-31 14:05").isoformat()
    '2026-01-31T14:05:00+00:00'
    >>> moment_said("  ") is None
    True
    """
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(
            f"{text.strip()[:40]!r} is no moment; write it as 2026-01-31 14:05.", field="at"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
