"""Runs to failure: the order of their recordings, and the part that a person calls healthy."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sonde.bearings.core.understanding.understand import assumed
from sonde.bearings.core.understanding.understood import Understood

_DAY_ONE = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400.0


def in_runs(rows: Sequence[Understood], healthy_part: float) -> list[Understood]:
    """Return rows with times where only the time of day is known, and healthy beginnings.

    Nothing is called healthy unless the person asks for it, and nothing that has a class is
    changed.

    Parameters
    ----------
    rows : sequence of Understood
    healthy_part : float
        Share of each bearing's run, from its beginning.

    Examples
    --------
    >>> run = [
    ...     Understood(file=f"{n}.csv", bearing="A", session="S", taken_at=f"2004-02-0{n}")
    ...     for n in (1, 2, 3, 4)
    ... ]
    >>> [row.label for row in in_runs(run, 0.5)]
    ['healthy', 'healthy', '', '']
    """
    found = list(rows)
    for places in _by_run(rows):
        _date(found, places)
        if healthy_part > 0:
            _call_healthy(found, places, healthy_part)
    return found


def _by_run(rows: Sequence[Understood]) -> Iterable[list[int]]:
    """Return the places of each bearing's rows in the order of their files."""
    runs: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        if row.bearing and not row.refused:
            runs.setdefault((row.session, row.bearing), []).append(place)
    for places in runs.values():
        yield sorted(places, key=lambda place: (rows[place].file, place))


def _date(rows: list[Understood], places: list[int]) -> None:
    """Count days from where only the time of day is known: a smaller time is the next day."""
    day, before = 0, -1.0
    for place in places:
        clock_s = rows[place].conditions.get("clock_s")
        if clock_s is None or rows[place].taken_at:
            continue
        day += clock_s < before
        before = float(clock_s)
        at = _DAY_ONE + timedelta(seconds=day * _DAY_S + before)
        note = "No date is known; days are counted from 1 January 1970."
        rows[place] = replace(
            rows[place], taken_at=at.isoformat(), notes=(*rows[place].notes, note)
        )


def _call_healthy(rows: list[Understood], places: list[int], part: float) -> None:
    dated = sorted((rows[place].taken_at, place) for place in places if rows[place].taken_at)
    for _, place in dated[: math.ceil(part * len(dated) - 1e-9)]:
        if not rows[place].label:
            source = f"you: the first {part:.0%} of each run"
            sources = {**rows[place].sources, "label": source}
            rows[place] = assumed(replace(rows[place], label="healthy", sources=sources))
