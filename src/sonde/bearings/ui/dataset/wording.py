"""What the list of a data set keeps, as a query and in words."""

from collections.abc import Mapping
from typing import Any

from sonde.bearings.core.recording_query import RecordingQuery, query_from_json
from sonde.bearings.ui.recordings import asked_for
from sonde.platform.ui.wording import count


def query_with(kept: Mapping[str, Any] | None, columns: Mapping[str, Any] | None) -> RecordingQuery:
    """Return what the filters above the list and those of its columns keep together.

    Examples
    --------
    >>> query_with({"labels": ["inner"]}, None).labels
    ('inner',)
    """
    return asked_for({"filterModel": columns or {}}, query_from_json(kept or {}))


def kept_text(total: int, number: int) -> str:
    """Say how many recordings the list shows.

    Examples
    --------
    >>> kept_text(12, 1200), kept_text(3, 3)
    ('12 of 1,200', '3 recordings')
    """
    return (
        f"{count(number)} recordings" if total == number else f"{count(total)} of {count(number)}"
    )


def part_text(total: int, number: int) -> str:
    """Say what will be stored or exported.

    Examples
    --------
    >>> part_text(3, 3), part_text(1, 3)
    ('All 3 recordings.', 'The 1 of 3 recordings that the list shows.')
    """
    if total == number:
        return f"All {count(number)} recordings."
    return f"The {count(total)} of {count(number)} recordings that the list shows."
