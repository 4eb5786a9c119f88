"""Run-to-failure tests of Xi'an Jiaotong University and Changxing Sumyoung (XJTU-SY).

Source: B. Wang et al., "A Hybrid Prognostics Approach for Estimating Remaining Useful Life of
Rolling Element Bearings", IEEE Transactions on Reliability, 2018: LDK UER204 bearings, 25.6 kHz,
1.28 s of every minute; ``35Hz12kN/Bearing1_1/1.csv`` is the first minute of a run.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from sonde.bearings.core.recordings import FileContent, Record
from sonde.bearings.core.understanding.presets.preset import (
    Parts,
    Preset,
    only_record,
    renamed,
)
from sonde.bearings.core.understanding.said import Said

SOURCE = "XJTU-SY layout"
RATE_HZ = 25_600.0
_CONDITION = re.compile(r"(?i)^(\d+(?:\.\d+)?)Hz(\d+)kN$")
_RUN = re.compile(r"(?i)^Bearing\s*([123])_([1-5])$")
_COLUMNS = {"horizontal_vibration_signals": "horizontal", "vertical_vibration_signals": "vertical"}
_SPEEDS_RPM = {"1": 2100.0, "2": 2250.0, "3": 2400.0}
_LOADS = {"1": "12 kN", "2": "11 kN", "3": "10 kN"}
_DAY_ONE = datetime(1970, 1, 1, tzinfo=UTC)
# What was found at the end of each run (table II of the source).
_FOUND = {
    "1_1": "outer",
    "1_2": "outer",
    "1_3": "outer",
    "1_4": "cage",
    "1_5": "inner+outer",
    "2_1": "inner",
    "2_2": "outer",
    "2_3": "cage",
    "2_4": "outer",
    "2_5": "outer",
    "3_1": "outer",
    "3_2": "inner+outer+ball+cage",
    "3_3": "inner",
    "3_4": "inner",
    "3_5": "outer",
}


def parts(path: str, content: FileContent, asked: bool) -> Parts | None:
    """Return the record of one minute of an XJTU-SY run; see `Preset`."""
    record = only_record(content)
    if record is None:
        return None
    named = {each.name.lower(): each for each in record.channels}
    known = [name for name in _COLUMNS if name in named]
    if not known and not asked:
        return None
    channels = [renamed(named[name], _COLUMNS[name], rate=RATE_HZ) for name in known]
    return [(Record("", tuple(channels) or record.channels), _said(path))]


def _said(path: str) -> Said:
    place = PurePosixPath(path)
    run = next((match for part in place.parts if (match := _RUN.match(part))), None)
    condition = next((match for part in place.parts if (match := _CONDITION.match(part))), None)
    group = run[1] if run else ""
    name = f"{run[1]}_{run[2]}" if run else ""
    speed = float(condition[1]) * 60.0 if condition else _SPEEDS_RPM.get(group)
    minute = int(place.stem) if place.stem.isdigit() else 0
    at = (_DAY_ONE + timedelta(minutes=minute - 1)).isoformat() if minute and run else ""
    found = _FOUND.get(name, "")
    return Said(
        SOURCE,
        bearing=f"XJTU-SY {name}" if name else "",
        lineage=f"XJTU-SY {name} {place.stem}" if name else "",
        load=f"{condition[2]} kN" if condition else _LOADS.get(group, ""),
        session=f"XJTU-SY {name}" if name else "",
        taken_at=at,
        sampling_rate_hz=RATE_HZ,
        speed_rpm=speed,
        conditions={
            "run_to_failure": True,
            **({"minute": minute} if at else {}),
            **({"found_at_the_end": found} if found else {}),
        },
    )


XJTU = Preset(
    "xjtu",
    "XJTU-SY run to failure",
    "n=8,d=7.92,D=34.55,angle=0",
    "Speed, load and run from the folders, the minute from the number; no date is published, so "
    "time counts from 1 January 1970. The class is for you to say.",
    parts,
)
