"""Cursors on a spectrum: harmonics, sidebands, and where a bearing's faults would show.

A cursor says where a line is expected, where the nearest peak really is (to a fraction of a line),
how high it is and how far it stands over its surroundings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.spectra import Window
from sonde.platform.core.errors import Invalid

_AROUND = 25


@dataclass(frozen=True)
class Axis:
    """The lines that a cursor reads: of a spectrum in Hz, in orders, or of an envelope.

    Parameters
    ----------
    resolution : float
        Distance between neighbouring lines, in Hz or orders.
    values : ndarray of float, shape (line,)
        From 0 on.
    window : Window, optional
        Of an amplitude spectrum. With Hann and rectangular ones a tone between two lines is found
        exactly; with others, or where it is None (densities), by a parabola, within 0.15 lines
        and 5 per cent.
    """

    resolution: float
    values: NDArray[np.floating]
    window: Window | None = None

    @property
    def end(self) -> float:
        """Return the position of the last line."""
        return (len(self.values) - 1) * self.resolution


@dataclass(frozen=True)
class CursorLine:
    """One line of a cursor.

    Parameters
    ----------
    name : str
        Such as ``"2x"``, ``"BPFO 3x"`` or ``"BPFI 1x -1"``.
    multiple : int
        Of the harmonic.
    sideband : int
        0 for the line itself, -2 for the second one below.
    expected : float
        Position where the line should be.
    position : float
        Where the nearest peak is.
    amplitude : float
        Its height, read between the lines.
    prominence : float
        Its height over the median of the lines around it.
    """

    name: str
    multiple: int
    sideband: int
    expected: float
    position: float
    amplitude: float
    prominence: float


@dataclass(frozen=True)
class HarmonicCursor:
    """A row of harmonics and the fundamental that fits them best.

    Parameters
    ----------
    fundamental : float
        Weighted by amplitude over all the harmonics found.
    lines : tuple of CursorLine
    """

    fundamental: float
    lines: tuple[CursorLine, ...]


def harmonic_cursor(
    axis: Axis, fundamental: float, count: int = 10, tolerance: float = 0.02
) -> HarmonicCursor:
    """Return the peaks nearest to the first harmonics of `fundamental`.

    Parameters
    ----------
    axis : Axis
    fundamental : float
        In the unit of the axis.
    count : int
        Fewer where the axis ends.
    tolerance : float
        How far to look, relative to the fundamental; at least one line.

    Raises
    ------
    Invalid
        If the fundamental is below two lines or beyond the end of the axis.

    Examples
    --------
    >>> values = np.zeros(200)
    >>> values[[20, 41, 61, 81]] = 4.0, 3.0, 2.0, 1.0
    >>> cursor = harmonic_cursor(Axis(0.5, values), 10.1, 4, tolerance=0.1)
    >>> [line.position for line in cursor.lines], round(cursor.fundamental, 2)
    ([10.0, 20.5, 30.5, 40.5], 10.16)
    """
    _check(axis, fundamental)
    lines = tuple(
        _line(axis, f"{k}x", (k, 0), k * fundamental, tolerance * fundamental)
        for k in range(1, count + 1)
        if k * fundamental <= axis.end
    )
    weights = sum(line.amplitude * line.multiple**2 for line in lines)
    moments = sum(line.amplitude * line.multiple * line.position for line in lines)
    return HarmonicCursor(moments / weights if weights > 0 else fundamental, lines)


def sideband_cursor(
    axis: Axis, carrier: float, spacing: float, count: int = 5, tolerance: float = 0.1
) -> tuple[CursorLine, ...]:
    """Return the carrier and the peaks nearest to its sidebands, from below to above.

    Parameters
    ----------
    axis : Axis
    carrier, spacing : float
        In the unit of the axis. The carrier found is where the sidebands are counted from.
    count : int
        On each side; those off the axis are left out.
    tolerance : float
        How far to look, relative to the spacing; at least one line.

    Raises
    ------
    Invalid
        If carrier or spacing is below two lines or beyond the end of the axis.

    Examples
    --------
    >>> values = np.zeros(100)
    >>> values[[40, 50, 60]] = 1.0, 5.0, 2.0
    >>> [line.amplitude for line in sideband_cursor(Axis(1.0, values), 50.0, 10.0, 1)]
    [1.0, 5.0, 2.0]
    """
    _check(axis, carrier)
    _check(axis, spacing)
    reach = tolerance * spacing
    centre = _line(axis, "carrier", (1, 0), carrier, reach)
    return tuple(
        _line(axis, f"carrier {side:+d}", (1, side), centre.position + side * spacing, reach)
        if side
        else centre
        for side in range(-count, count + 1)
        if 0 < centre.position + side * spacing <= axis.end
    )


def fault_overlay(
    axis: Axis,
    geometry: Geometry,
    shaft: float,
    harmonics: int = 3,
    sidebands: int = 1,
    tolerance: float = 0.02,
) -> tuple[CursorLine, ...]:
    """Return where each fault of a rolling bearing would show, and what is measured there.

    Inner-race and ball lines carry sidebands (at the shaft's and at the cage's speed), because
    their spot moves through the load zone; those of outer race and cage carry none.

    Parameters
    ----------
    axis : Axis
    geometry : Geometry
    shaft : float
        Shaft speed in the unit of the axis: Hz, or 1 on an order axis.
    harmonics : int
    sidebands : int
        On each side of the lines that carry them.
    tolerance : float
        Slip to allow for, relative to the line itself; at least one line.

    Raises
    ------
    Invalid
        If the shaft's speed is not positive.

    Examples
    --------
    >>> from sonde.bearings.core.catalogue import find_bearing
    >>> overlay = fault_overlay(Axis(0.1, np.zeros(5000)), find_bearing("6205").geometry, 30.0, 1)
    >>> [(line.name, round(line.expected, 1)) for line in overlay][:4]
    [('BPFO 1x', 107.5), ('BPFI 1x -1', 132.5), ('BPFI 1x', 162.5), ('BPFI 1x +1', 192.5)]
    """
    if not shaft > 0:
        raise Invalid(f"Shaft speed {shaft:g}: it must be positive.", field="shaft")
    spacings = {"BPFI": shaft, "2xBSF": geometry.ftf * shaft}
    expected = (
        (name, multiple, side, multiple * order * shaft, spacings.get(name, 0.0))
        for name, order in geometry.orders.items()
        for multiple in range(1, harmonics + 1)
        for side in _sides(sidebands if name in spacings else 0)
    )
    return tuple(
        _line(
            axis,
            f"{name} {multiple}x{f' {side:+d}' if side else ''}",
            (multiple, side),
            place + side * spacing,
            tolerance * place,
        )
        for name, multiple, side, place, spacing in expected
        if 0 < place + side * spacing <= axis.end
    )


def _sides(sidebands: int) -> Iterator[int]:
    return iter(range(-sidebands, sidebands + 1))


def _check(axis: Axis, position: float) -> None:
    if not 2 * axis.resolution <= position <= axis.end:
        raise Invalid(
            f"{position:g} lies off this spectrum: give a position from {2 * axis.resolution:.3g} "
            f"to {axis.end:.6g}."
        )


def _line(axis: Axis, name: str, which: Sequence[int], expected: float, reach: float) -> CursorLine:
    """Return the highest line within `reach` of where it is expected."""
    values = axis.values
    centre = expected / axis.resolution
    half = max(1.0, reach / axis.resolution)
    first = max(1, int(np.ceil(centre - half)))
    last = min(len(values) - 1, int(centre + half))
    place = min(first, last) + int(values[min(first, last) : last + 1].argmax())
    if 1 < place < len(values) - 1:  # the top itself may lie just outside
        place += int(values[place - 1 : place + 2].argmax()) - 1
    shift, amplitude = _top(axis, place)
    around = values[max(1, place - _AROUND) : place + _AROUND + 1]
    background = float(np.median(around))
    return CursorLine(
        name=name,
        multiple=which[0],
        sideband=which[1],
        expected=float(expected),
        position=(place + shift) * axis.resolution,
        amplitude=amplitude,
        prominence=amplitude / background if background > 0 else 0.0,
    )


def _top(axis: Axis, place: int) -> tuple[float, float]:
    """Return by how many lines the top of a peak is shifted, and its height."""
    values = axis.values
    height = float(values[place])
    if not 0 < place < len(values) - 1:
        return 0.0, height
    left, right = float(values[place - 1]), float(values[place + 1])
    if not (height > 0 and left > 0 and right > 0 and height >= max(left, right)):
        return 0.0, height
    if axis.window in {Window.HANN, Window.RECTANGULAR}:
        return _tone(axis.window, (left, height, right))
    below, top, above = np.log([left, height, right])
    curve = below - 2 * top + above
    if not curve < 0:
        return 0.0, height
    shift = float((below - above) / (2 * curve))
    return shift, float(np.exp(top - (below - above) * shift / 4))


def _tone(window: Window | None, heights: tuple[float, float, float]) -> tuple[float, float]:
    """Return shift and amplitude of a tone from its highest line and that line's neighbours.

    Grandke, "Interpolation algorithms for discrete Fourier transforms of weighted signals", IEEE
    Transactions on Instrumentation and Measurement 32 (1983).
    """
    left, height, right = heights
    ratio = max(left, right) / height
    loss = 1.0
    shift = ratio / (1 + ratio)
    if window is Window.HANN:
        shift = min(max((2 * ratio - 1) / (1 + ratio), 0.0), 0.5)
        loss = 1 - shift**2
    top = height * loss / float(np.sinc(shift))
    return (shift if right >= left else -shift), top
