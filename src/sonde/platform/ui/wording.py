"""Numbers and times in the words of people."""

from datetime import datetime

from sonde.platform.core.ports import utc_now

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Say how long ago `moment` was.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> ago(datetime(2026, 5, 1, 12, 0, tzinfo=UTC), datetime(2026, 5, 1, 14, 5, tzinfo=UTC))
    '2 hours ago'
    """
    seconds = ((now or utc_now()) - moment).total_seconds()
    for length, name in _UNITS:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def duration(seconds: float) -> str:
    """Say how long something takes.

    Examples
    --------
    >>> duration(4.2), duration(75), duration(3700)
    ('4 s', '1 min 15 s', '1 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def count(number: int) -> str:
    """Write a whole number with thin groups.

    Examples
    --------
    >>> count(102400)
    '102,400'
    """
    return f"{number:,}"


def percent(fraction: float) -> str:
    """Write a fraction as whole percent.

    Examples
    --------
    >>> percent(0.456)
    '46 %'
    """
    return f"{fraction * 100:.0f} %"


def moment(when: datetime) -> str:
    """Write a time in UTC to the minute.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> moment(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))
    '2026-05-01 12:00 UTC'
    """
    return f"{when:%Y-%m-%d %H:%M} UTC"
