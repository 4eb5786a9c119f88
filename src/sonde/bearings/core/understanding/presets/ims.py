"""Run-to-failure tests of the Center for Intelligent Maintenance Systems (IMS), Cincinnati.

Source: the data set's "Readme Document for IMS Bearing Data" in NASA's prognostics repository:
four Rexnord ZA-2115 bearings on one shaft at 2000 rpm under 6000 lbs; files of 20,480 rows at 20
kHz, named by the time of measuring; 8 columns (two for each bearing) in set 1, 4 in sets 2 and 3.
"""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from sonde.bearings.core.recordings import FileContent
from sonde.bearings.core.understanding.presets.preset import (
    Parts,
    Preset,
    column_number,
    only_record,
    renamed,
)
from sonde.bearings.core.understanding.said import Said

SOURCE = "IMS layout"
RATE_HZ, SPEED_RPM, LOAD = 20_000.0, 2_000.0, "6000 lbs"
_NAME = re.compile(r"^(\d{4})\.(\d\d)\.(\d\d)\.(\d\d)\.(\d\d)\.(\d\d)$")
_N_BEARINGS = 4
# What was found at the end of each run, by bearing.
_FOUND = {1: {3: "inner", 4: "ball"}, 2: {1: "outer"}, 3: {3: "outer"}}


def parts(path: str, content: FileContent, asked: bool) -> Parts | None:
    """Return one record for each of the four bearings of an IMS file; see `Preset`."""
    record = only_record(content)
    name = _NAME.match(PurePosixPath(path).name)
    if record is None or not (name or asked):
        return None
    numbers = [column_number(channel) for channel in record.channels]
    widest = max(numbers, default=0)
    if 0 in numbers or widest not in {_N_BEARINGS, 2 * _N_BEARINGS}:
        return None
    per_bearing = widest // _N_BEARINGS
    which = _set_of(name, per_bearing)
    found: Parts = []
    for bearing in range(1, _N_BEARINGS + 1):
        first = (bearing - 1) * per_bearing
        channels = tuple(
            renamed(channel, _channel(column_number(channel) - first, per_bearing))
            for channel in record.channels
            if first < column_number(channel) <= first + per_bearing
        )
        if channels:
            part = replace(record, name=f"bearing {bearing}", channels=channels)
            found.append((part, _said(path, name, which, bearing)))
    return found or None


def _channel(number: int, per_bearing: int) -> str:
    return "acc" if per_bearing == 1 else f"acc {'xy'[number - 1]}"


def _set_of(name: re.Match[str] | None, per_bearing: int) -> int:
    """Return the number of the set: by its columns, and by its year and month; 0 if unknown."""
    if per_bearing == 2:
        return 1
    if name is None:
        return 0
    return 2 if (name[1], name[2]) == ("2004", "02") else 3


def _said(path: str, name: re.Match[str] | None, which: int, bearing: int) -> Said:
    run = f"IMS set {which}" if which else "IMS run"
    at = f"{name[1]}-{name[2]}-{name[3]}T{name[4]}:{name[5]}:{name[6]}+00:00" if name else ""
    found = _FOUND.get(which, {}).get(bearing, "")
    return Said(
        SOURCE,
        bearing=f"{run} bearing {bearing}",
        lineage=f"{run} {PurePosixPath(path).name}",
        load=LOAD,
        session=run,
        taken_at=at,
        sampling_rate_hz=RATE_HZ,
        speed_rpm=SPEED_RPM,
        conditions={"run_to_failure": True, **({"found_at_the_end": found} if found else {})},
    )


IMS = Preset(
    "ims",
    "IMS run to failure",
    "",
    "Time of measuring from the names, one recording per bearing; the class is for you to say: "
    "only what was found at the end of each run is published.",
    parts,
)
