"""What may stand after the colon: texts, numbers, ranges and times."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from sonde.learning.core.search.syntax import NumberRange, Pattern, Period, SearchError
from sonde.learning.core.search.tokens import Piece

_COMPARED: Final = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_AGO: Final = re.compile(r"([0-9]{1,6})(min|h|d|w|mo|y)")
_HOURS: Final = {"min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0, "mo": 730.5, "y": 8766.0}
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?%?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_NUMBER: Final = 40
_LONGEST_AGO: Final = timedelta(days=36_525)
_WANTS_NUMBER: Final = "write a number, such as >0.95, <=3 or 0.8..0.9."
_WANTS_TIME: Final = "write a day, such as >2026-10-01, or how long ago, such as >7d."


def number_range(piece: Piece) -> NumberRange:
    """Read a comparison, a range or a number.

    Parameters
    ----------
    piece : Piece

    Raises
    ------
    SearchError

    Examples
    --------
    >>> number_range(Piece("0.8..0.9", 0, False))
    NumberRange(low=0.8, high=0.9, without_low=False, without_high=False)
    >>> number_range(Piece(">95%", 0, False)).low
    0.95
    """
    text, at = piece.text, piece.start
    if ".." in text:
        first, second = text.split("..", 1)
        low = _number(first, at) if first else None
        high = _number(second, at + len(first) + 2) if second else None
        if low is None and high is None:
            raise SearchError(_WANTS_NUMBER, at + 1)
        if low is not None and high is not None and low > high:
            raise SearchError(f"{first} is more than {second}; turn the range round.", at + 1)
        return NumberRange(low, high)
    sign, value = _compared(text)
    number = _number(value, at + len(sign))
    if sign in {">", ">="}:
        return NumberRange(low=number, without_low=sign == ">")
    if sign in {"<", "<="}:
        return NumberRange(high=number, without_high=sign == "<")
    return NumberRange(number, number)


def is_number_like(text: str) -> bool:
    """Say whether a value is meant as a number rather than as a text.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> is_number_like(">100"), is_number_like("1..5"), is_number_like("adam")
    (True, True, False)
    """
    value = _compared(text)[1]
    return text[:1] in {">", "<"} or all(
        not part or (len(part) <= _LONGEST_NUMBER and _NUMBER.fullmatch(part))
        for part in value.split("..", 1)
    )


def period(piece: Piece, now: datetime) -> Period:
    """Read a comparison with a day or with how long ago, or a range of days.

    Parameters
    ----------
    piece : Piece
    now : datetime
        In UTC.

    Raises
    ------
    SearchError

    Examples
    --------
    >>> period(Piece(">2026-10-01", 0, False), datetime(2026, 11, 1, tzinfo=UTC)).start
    datetime.datetime(2026, 10, 2, 0, 0, tzinfo=datetime.timezone.utc)
    >>> period(Piece(">7d", 0, False), datetime(2026, 11, 8, tzinfo=UTC)).start.day
    1
    """
    text, at = piece.text, piece.start
    if ".." in text:
        first, second = text.split("..", 1)
        start = _moment(first, at, now)[0] if first else None
        end = _moment(second, at + len(first) + 2, now)[1] if second else None
        if start is None and end is None:
            raise SearchError(_WANTS_TIME, at + 1)
        if start is not None and end is not None and start > end:
            raise SearchError(f"{first} is after {second}; turn the range round.", at + 1)
        return Period(start, end)
    sign, value = _compared(text)
    begins, ends = _moment(value, at + len(sign), now)
    if sign == ">":
        return Period(start=ends)
    if sign == ">=":
        return Period(start=begins)
    if sign == "<":
        return Period(end=begins)
    if sign == "<=":
        return Period(end=ends)
    return Period(begins, now if _AGO.fullmatch(value) else ends)


def pattern(piece: Piece) -> Pattern:
    """Read a text; an equals sign before it means nothing.

    Parameters
    ----------
    piece : Piece

    Raises
    ------
    SearchError
        For a comparison, which texts do not have.
    """
    if piece.is_quoted:
        return Pattern(piece.text, True)
    sign, value = _compared(piece.text)
    if sign not in {"", "="}:
        raise SearchError(
            f"a text cannot be compared with {sign}; write the text itself, with * for anything.",
            piece.start + 1,
        )
    return Pattern(value)


def _compared(text: str) -> tuple[str, str]:
    found = _COMPARED.fullmatch(text)
    return (found[1] or "", found[2]) if found else ("", text)


def _number(text: str, at: int) -> float:
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise SearchError(f"{_short(text)} is no number; {_WANTS_NUMBER}", at + 1)
    value = float(text.rstrip("%")) / (100.0 if text.endswith("%") else 1.0)
    if not math.isfinite(value):
        raise SearchError(f"{_short(text)} is too large to compare with.", at + 1)
    return value


def _moment(text: str, at: int, now: datetime) -> tuple[datetime, datetime]:
    """Return where a day begins and ends; how long ago is one moment."""
    ago = _AGO.fullmatch(text)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    named = {"today": midnight, "yesterday": midnight - timedelta(days=1)}
    if ago:
        back = timedelta(hours=int(ago[1]) * _HOURS[ago[2]])
        if back > _LONGEST_AGO:
            raise SearchError("this is longer ago than a hundred years.", at + 1)
        return now - back, now - back
    day = named.get(text.lower()) or _date(text, at)
    if _DAY.fullmatch(text) or text.lower() in named:
        return day, day + timedelta(days=1)
    return day, day


def _date(text: str, at: int) -> datetime:
    try:
        found = datetime.fromisoformat(text) if len(text) <= _LONGEST_NUMBER else None
        kept = None if found is None else found.replace(tzinfo=found.tzinfo or UTC)
        found = None if kept is None else kept.astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    if found is None or not 1900 <= found.year < 9999:
        raise SearchError(f"{_short(text)} is no day; {_WANTS_TIME}", at + 1)
    return found


def _short(text: str) -> str:
    if not text:
        return "nothing"
    return repr(text if len(text) <= _LONGEST_NUMBER else f"{text[:_LONGEST_NUMBER]}...")
