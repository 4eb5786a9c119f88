"""The public numbering of the Case Western Reserve University (CWRU) bearing data.

Source: the data center's download pages ("Seeded Fault Test Data"): drive-end faults at 12 kHz and
48 kHz, normal baselines. Each class and fault size is one physical bearing, run at four loads; the
nominal speeds of the loads stand on the same pages.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from sonde.bearings.core.recordings import Record
from sonde.bearings.core.understanding.said import Said

SOURCE = "public CWRU numbering"
NOMINAL_RPM: Mapping[str, float] = {"0 hp": 1797.0, "1 hp": 1772.0, "2 hp": 1750.0, "3 hp": 1730.0}

_VARIABLE = re.compile(r"^X\d+_(DE|FE|BA)_time$")
_NUMBER = re.compile(r"^(\d{2,4})(?:_(\d+)k)?$")

# label, fault size in mil, clock position, rate in kHz, numbers at 0, 1, 2, 3 hp
_SERIES = (
    ("healthy", 0, "", 48, "97 98 99 100"),
    ("inner", 7, "", 12, "105 106 107 108"),
    ("inner", 14, "", 12, "169 170 171 172"),
    ("inner", 21, "", 12, "209 210 211 212"),
    ("inner", 28, "", 12, "3001 3002 3003 3004"),
    ("ball", 7, "", 12, "118 119 120 121"),
    ("ball", 14, "", 12, "185 186 187 188"),
    ("ball", 21, "", 12, "222 223 224 225"),
    ("ball", 28, "", 12, "3005 3006 3007 3008"),
    ("outer", 7, "6", 12, "130 131 132 133"),
    ("outer", 7, "3", 12, "144 145 146 147"),
    ("outer", 7, "12", 12, "156 158 159 160"),
    ("outer", 14, "6", 12, "197 198 199 200"),
    ("outer", 21, "6", 12, "234 235 236 237"),
    ("outer", 21, "3", 12, "246 247 248 249"),
    ("outer", 21, "12", 12, "258 259 260 261"),
    ("inner", 7, "", 48, "109 110 111 112"),
    ("inner", 14, "", 48, "174 175 176 177"),
    ("inner", 21, "", 48, "213 214 215 217"),
    ("ball", 7, "", 48, "122 123 124 125"),
    ("ball", 14, "", 48, "189 190 191 192"),
    ("ball", 21, "", 48, "226 227 228 229"),
    ("outer", 7, "6", 48, "135 136 137 138"),
    ("outer", 7, "3", 48, "148 149 150 151"),
    ("outer", 7, "12", 48, "161 162 163 164"),
    ("outer", 14, "6", 48, "201 202 203 204"),
    ("outer", 21, "6", 48, "238 239 240 241"),
    ("outer", 21, "3", 48, "250 251 252 253"),
    ("outer", 21, "12", 48, "262 263 264 265"),
)
_LETTERS = {"inner": "IR", "ball": "B", "outer": "OR"}


@dataclass(frozen=True)
class PublicRecord:
    """One record of the public numbering.

    Parameters
    ----------
    label : str
    fault_size, fault_position, load : str
    bearing : str
        The physical bearing, such as ``"DE-OR007@6"``.
    sampling_rate_hz : float
    """

    label: str
    fault_size: str
    fault_position: str
    load: str
    bearing: str
    sampling_rate_hz: float


def _records() -> Iterator[tuple[int, PublicRecord]]:
    for label, mil, position, khz, numbers in _SERIES:
        bearing = f"DE-{_LETTERS[label]}{mil:03d}" if mil else "DE-N"
        bearing += f"@{position}" if position else ""
        for load, number in enumerate(numbers.split()):
            yield (
                int(number),
                PublicRecord(
                    label,
                    f"{mil} mil" if mil else "",
                    position,
                    f"{load} hp",
                    bearing,
                    khz * 1000.0,
                ),
            )


PUBLIC: Mapping[int, PublicRecord] = dict(_records())


def is_of_the_rig(record: Record) -> bool:
    """Say whether a record's variables are named as on this rig, such as ``X105_DE_time``."""
    return all(_VARIABLE.match(channel.variable) for channel in record.channels)


def number_of(path: str, record: Record) -> int | None:
    """Return the public number: the file's own, or the record's where a file holds several."""
    if record.name:
        digits = record.name.lstrip("Xx")
        return int(digits) if digits.isdecimal() else None
    match = _NUMBER.match(PurePosixPath(path).stem)
    return int(match[1]) if match else None


def said_of(path: str, record: Record) -> Said | None:
    """Return what the numbering says of a record, or None if it is none of its files.

    A file called ``98_12k`` holds record 98 at 12 kHz: the normal baselines are 48 kHz and are
    often brought down.

    Examples
    --------
    >>> PUBLIC[130].bearing, PUBLIC[97].sampling_rate_hz
    ('DE-OR007@6', 48000.0)
    """
    number = number_of(path, record)
    if number is None or not is_of_the_rig(record):
        return None
    known = PUBLIC.get(number)
    if known is None:
        return None
    match = _NUMBER.match(PurePosixPath(path).stem)
    brought_down = float(match[2]) * 1000.0 if match and match[2] else None
    return Said(
        SOURCE,
        label=known.label,
        bearing=known.bearing,
        lineage=f"CWRU {number}",
        fault_size=known.fault_size,
        fault_position=known.fault_position,
        load=known.load,
        sampling_rate_hz=brought_down or known.sampling_rate_hz,
    )


def nominal_speed(record: Record, load: str) -> Said | None:
    """Return the rig's nominal speed at `load`, for records that do not say theirs."""
    speed = NOMINAL_RPM.get(load)
    if speed is None or not is_of_the_rig(record):
        return None
    return Said(f"nominal speed at {load}, assumed", speed_rpm=speed)
