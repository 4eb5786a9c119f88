"""How exact numbers and times travel: decimals as text without an exponent, times as UTC ISO."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer


def written(number: Decimal) -> str:
    """Return a decimal as plain text, every digit kept.

    Examples
    --------
    >>> written(Decimal("1E-8"))
    '0.00000001'
    """
    return format(number, "f")


Exact = Annotated[Decimal, PlainSerializer(written, return_type=str)]


def moment(time_ms: int) -> datetime:
    """Return milliseconds UTC as a time with its zone.

    Examples
    --------
    >>> moment(1_500).isoformat()
    '1970-01-01T00:00:01.500000+00:00'
    """
    return datetime.fromtimestamp(time_ms / 1000, UTC)


def moment_or_none(time_ms: int | None) -> datetime | None:
    """Return milliseconds UTC as a time, where there are any."""
    return None if time_ms is None else moment(time_ms)
