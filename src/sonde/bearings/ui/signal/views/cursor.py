"""Cursors on a spectrum: a frequency with its harmonics, and sidebands around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sonde.bearings.core.cursors import Axis, harmonic_cursor, sideband_cursor
from sonde.bearings.core.curves import Curve
from sonde.bearings.core.signal_views import FaultMark
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.platform.core.errors import Invalid

MOST_HARMONICS = 20


@dataclass(frozen=True)
class Cursor:
    """What a cursor marks.

    Parameters
    ----------
    marks : tuple of FaultMark
        Where harmonics and sidebands were found.
    rows : tuple of (str, str, str)
        What stands there: words, place and height.
    told : str
        The same in one sentence, or why there is nothing.
    """

    marks: tuple[FaultMark, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()
    told: str = ""


NO_CURSOR = Cursor()


def cursor_settings(unit: str) -> tuple[Setting, ...]:
    """Return the settings of a cursor on an axis in `unit`."""
    return (
        Setting("cursor", "Cursor", kind=Kind.NUMBER, low=0, unit=unit, hint="click"),
        Setting("harmonics", "Harmonics", "5", kind=Kind.NUMBER, low=1, high=MOST_HARMONICS),
        Setting("apart", "Sidebands", kind=Kind.NUMBER, low=0, unit=unit, hint="none"),
    )


CURSOR = cursor_settings("Hz")


def cursor_on(axis: Axis, values: Values, unit: str) -> Cursor:
    """Return what the chosen cursor finds on an axis in `unit`; empty where none is set."""
    place, apart = values.number("cursor"), values.number("apart")
    if not place:
        return Cursor()
    try:
        found = harmonic_cursor(axis, place, values.count("harmonics"))
        sides = sideband_cursor(axis, place, apart) if apart else ()
    except Invalid as refused:
        return Cursor(told=f" Cursor: {refused.message}")
    marks = [FaultMark("Cursor", line.multiple, line.position) for line in found.lines]
    marks += [
        FaultMark("Sidebands", line.sideband, line.position) for line in sides if line.sideband
    ]
    told = (
        f" Cursor: {len(found.lines)} harmonics of {found.fundamental:,.4g} {unit}, the first "
        f"{found.lines[0].prominence:.1f} times its surroundings."
    )
    lines = [("Cursor", line) for line in found.lines] + [("Sideband", line) for line in sides]
    rows = [
        (f"{words} {line.name}", f"{line.position:,.3f}", f"{line.amplitude:.4g}")
        for words, line in lines
    ]
    return Cursor(tuple(marks), tuple(rows), told)


def readings(
    marks: Sequence[FaultMark], cursor: Cursor, curve: Curve, reach: float
) -> list[tuple[str, str, str]]:
    """Return what stands at every mark: words, place, height."""
    rows = []
    for mark in marks:
        height = curve.height_near(mark.frequency_hz, reach)
        shown = "" if np.isnan(height) else f"{height:.4g}"
        rows.append((f"{mark.name} {mark.multiple}x", f"{mark.frequency_hz:,.2f}", shown))
    return rows + list(cursor.rows)
