"""From a file's named values to records: which value is a signal, a rate, a speed, a time axis.

Public ``.mat`` files name the same things in many ways; every convention that is understood here
stands in one table or one small function, and everything else becomes a channel under its own
name. Nothing is guessed: what no name says stays None.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.ma
from numpy.typing import NDArray

from sonde.bearings.core.readers.exported import exported_content
from sonde.bearings.core.readers.own_file import MANIFEST
from sonde.bearings.core.readers.packing import plain
from sonde.bearings.core.recordings import UNKNOWN_UNIT, Channel, FileContent, Record
from sonde.platform.core.errors import Unreadable

Value = NDArray[np.generic] | str
Tree = Mapping[str, "Value | Tree | Sequence[Tree]"]

MIN_SAMPLES = 64
_MAX_COLUMNS = 64
_TIME_TOLERANCE = 1e-3

_RATE_NAMES = frozenset(
    {
        "fs",
        "fs_hz",
        "sr",
        "fsamp",
        "samplerate",
        "sample_rate",
        "sample_rate_hz",
        "samplingrate",
        "sampling_rate",
        "sampling_rate_hz",
        "sample_frequency",
        "samplingfrequency",
        "sampling_frequency",
    }
)
_SPEED_RPM = re.compile(r"(^|.*[^a-z])(rpm|speed_rpm|rpm_nominal)$|^x\d+rpm$", re.IGNORECASE)
_SPEED_HZ = frozenset({"shaft_hz", "speed_hz", "shaft_rate_hz", "fr_hz", "rotation_hz"})
_UNIT_NAMES = frozenset({"unit", "units"})
_TIME_NAMES = frozenset({"t", "time", "time_s", "zeit", "seconds", "timestamp"})
_NUMBERED = re.compile(r"^X(\d+)_?(DE|FE|BA)_time$|^X(\d+)_?RPM$", re.IGNORECASE)
_LOCATIONS = {"de": "DE", "fe": "FE", "ba": "BA"}


@dataclass(frozen=True)
class _Leaf:
    path: str
    value: Value

    @property
    def last(self) -> str:
        return self.path.rpartition(".")[2].lower()

    @property
    def scalar(self) -> float | None:
        if (
            isinstance(self.value, str)
            or self.value.size != 1
            or self.value.dtype.kind not in "fiu"
        ):
            return None
        figure = float(self.value.reshape(-1)[0])
        return figure if np.isfinite(figure) else None


def content_of(format_name: str, tree: Tree) -> FileContent:
    """Return the records that a tree of named values holds.

    Raises
    ------
    Unreadable
        If no value is a signal.
    """
    if MANIFEST in tree:
        return exported_content(format_name, tree)
    leaves = list(_leaves("", tree))
    groups: dict[str, list[_Leaf]] = {}
    for leaf in leaves:
        match = _NUMBERED.match(leaf.path)
        groups.setdefault(f"X{match[1] or match[3]}" if match else "", []).append(leaf)
    notes: list[str] = []
    common = groups.pop("", [])
    groups = _adopt_foreign_speeds(groups, notes)
    if not groups:
        groups = {"": []}
    alone = len(groups) == 1
    records = [
        _record("" if alone else name, own + common, notes) for name, own in sorted(groups.items())
    ]
    kept = tuple(record for record in records if record.channels)
    if not kept:
        raise Unreadable("; ".join(notes) or "This file holds no signal.")
    return FileContent(format_name, kept, tuple(dict.fromkeys(notes)))


def _adopt_foreign_speeds(
    groups: dict[str, list[_Leaf]], notes: list[str]
) -> dict[str, list[_Leaf]]:
    """Give a speed that carries another record's number to the only record without one."""
    has_signal = {name for name, own in groups.items() if any(_size(leaf) > 1 for leaf in own)}
    lonely = [name for name in groups if name not in has_signal]
    mute = [
        name for name in has_signal if not any(_SPEED_RPM.match(leaf.path) for leaf in groups[name])
    ]
    if len(lonely) == 1 and len(mute) == 1 and len(has_signal) == 1:
        notes.append(f"The speed is named {groups[lonely[0]][0].path}, after another record.")
        return {mute[0]: groups[mute[0]] + groups[lonely[0]]}
    return {name: own for name, own in groups.items() if name in has_signal}


def _size(leaf: _Leaf) -> int:
    return 1 if isinstance(leaf.value, str) else int(leaf.value.size)


def _leaves(prefix: str, tree: Tree) -> Iterator[_Leaf]:
    named = tree.get("Name")
    for name, value in tree.items():
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            yield from _leaves(path, value)
        elif isinstance(value, str | np.ndarray):
            if name == "Data" and isinstance(named, str):
                path = f"{prefix}.{named}"
            yield _Leaf(path, value)
        else:
            for position, each in enumerate(value):
                yield from _leaves(f"{path}[{position}]", each)


def _record(name: str, leaves: list[_Leaf], notes: list[str]) -> Record:
    rate = _first(leaf.scalar for leaf in leaves if leaf.last in _RATE_NAMES)
    speed = _first(leaf.scalar for leaf in leaves if _SPEED_RPM.match(leaf.last))
    if speed is None:
        speed = _speed_from_hz(leaves)
    unit = next(
        (leaf.value for leaf in leaves if leaf.last in _UNIT_NAMES and isinstance(leaf.value, str)),
        UNKNOWN_UNIT,
    )
    load = next((_load_text(leaf) for leaf in leaves if leaf.last == "load"), "")
    signals = []
    for leaf in leaves:
        if leaf.last in _TIME_NAMES and _size(leaf) >= MIN_SAMPLES:
            rate = rate or _rate_of_time(leaf)
        else:
            signals += _columns(leaf)
    channels = []
    for variable, samples in signals:
        reason = unusable(samples)
        if reason:
            notes.append(f"{plain(variable)}: {reason}.")
            continue
        own_unit = "g" if variable.rpartition(".")[2] == "gs" else plain(unit) or UNKNOWN_UNIT
        channels.append(Channel(_short(variable), samples, _positive(rate), own_unit, variable))
    return Record(name, _apart(channels), _positive(speed), load)


def _first(figures: Iterator[float | None]) -> float | None:
    return next((figure for figure in figures if figure is not None), None)


def _positive(figure: float | None) -> float | None:
    return figure if figure is not None and figure > 0 else None


def _speed_from_hz(leaves: list[_Leaf]) -> float | None:
    """Return the speed in rpm where a name says Hz; MFPT calls the shaft's rate ``rate``."""
    names = {leaf.path for leaf in leaves}
    for leaf in leaves:
        parent = leaf.path.rpartition(".")[0]
        mfpt = leaf.last == "rate" and f"{parent}.sr" in names and f"{parent}.gs" in names
        if (leaf.last in _SPEED_HZ or mfpt) and leaf.scalar is not None:
            return leaf.scalar * 60.0
    return None


def _load_text(leaf: _Leaf) -> str:
    return plain(leaf.value) if isinstance(leaf.value, str) else f"{leaf.scalar or 0:g}"


def _rate_of_time(leaf: _Leaf) -> float | None:
    """Return the rate of an evenly spaced time axis in seconds, else None.

    The spacing is taken over the whole axis, since each step carries rounding.
    """
    if isinstance(leaf.value, str):
        return None
    time_s = np.asarray(leaf.value, dtype=np.float64).reshape(-1)
    return rate_of_time_axis(time_s)


def is_rate_name(name: str) -> bool:
    """Say whether a value of this name is a sampling rate in Hz."""
    return name.lower().replace(" ", "_") in _RATE_NAMES


def is_speed_name(name: str) -> bool:
    """Say whether a value of this name is a speed in rpm.

    Examples
    --------
    >>> is_speed_name("shaft_rpm"), is_speed_name("speed")
    (True, False)
    """
    return bool(_SPEED_RPM.match(name))


def rate_of_time_axis(time_s: NDArray[np.float64]) -> float | None:
    """Return the sampling rate of an evenly spaced time axis, or None.

    Parameters
    ----------
    time_s : ndarray of float64, shape (time,)

    Examples
    --------
    >>> rate_of_time_axis(np.arange(1000) / 12000.0)
    12000.0
    >>> rate_of_time_axis(np.array([0.0, 1.0, 3.0])) is None
    True
    """
    steps = np.diff(time_s)
    if steps.size == 0 or not np.all(np.isfinite(steps)) or steps.min() <= 0:
        return None
    mean = float(time_s[-1] - time_s[0]) / steps.size
    if abs(float(np.median(steps)) - mean) > _TIME_TOLERANCE * mean or steps.max() > 1.3 * mean:
        return None
    rate = 1.0 / mean
    nearest = round(rate)
    return float(nearest) if abs(rate - nearest) < 1e-4 * rate else rate


def _columns(leaf: _Leaf) -> list[tuple[str, NDArray[np.float32]]]:
    """Return the signals in one value: itself, or its columns or rows, the long axis being time."""
    if isinstance(leaf.value, str) or leaf.value.dtype.kind not in "fiu":
        return []
    values = leaf.value.squeeze()
    if values.ndim == 1 and 1 < values.size < MIN_SAMPLES:
        return []
    if values.ndim == 1:
        return [(leaf.path, as_float32(values))]
    if values.ndim != 2 or max(values.shape) < MIN_SAMPLES or min(values.shape) > _MAX_COLUMNS:
        return []
    rows = values if values.shape[0] < values.shape[1] else values.T
    return [(f"{leaf.path}[{row}]", as_float32(rows[row])) for row in range(rows.shape[0])]


def as_float32(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return `values` as contiguous little-endian float32; what does not fit is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.ascontiguousarray(values, dtype="<f4")


def unusable(samples: NDArray[np.float32]) -> str:
    """Say why `samples` are no signal; empty if they are one.

    Examples
    --------
    >>> unusable(np.ones(100, dtype=np.float32))
    'all values are the same'
    """
    if samples.size < MIN_SAMPLES:
        return f"{samples.size} values are too few for a signal"
    broken = int(samples.size - np.count_nonzero(np.isfinite(samples)))
    if broken:
        return f"{broken} values are not finite numbers"
    if samples.min() == samples.max():
        return "all values are the same"
    return ""


def _short(variable: str) -> str:
    """Return a channel's name: DE, FE, BA where the variable says so, else its last part."""
    match = _NUMBERED.match(variable)
    if match and match[2]:
        return match[2].upper()
    last = variable.rpartition(".")[2]
    return _LOCATIONS.get(last.lower(), plain(last))


def _apart(channels: list[Channel]) -> tuple[Channel, ...]:
    """Name channels by their whole path where short names collide."""
    names = [channel.name for channel in channels]
    return tuple(
        channel
        if names.count(channel.name) == 1
        else Channel(
            plain(channel.variable),
            channel.samples,
            channel.sampling_rate_hz,
            channel.unit,
            channel.variable,
        )
        for channel in channels
    )
