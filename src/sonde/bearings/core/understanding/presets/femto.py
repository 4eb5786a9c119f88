"""PRONOSTIA run-to-failure tests of the FEMTO-ST Institute (IEEE PHM 2012 challenge).

Source: P. Nectoux et al., "PRONOSTIA: An experimental platform for bearings accelerated
degradation tests", 2012: ``Bearing1_1/acc_00001.csv`` holds hour, minute, second, microsecond,
horizontal and vertical acceleration; 2,560 rows at 25.6 kHz every 10 s, no date.
"""

import re
from pathlib import PurePosixPath

from sonde.bearings.core.recordings import FileContent, Record
from sonde.bearings.core.understanding.presets.preset import (
    Parts,
    Preset,
    column_number,
    only_record,
    renamed,
    wrong_file,
)
from sonde.bearings.core.understanding.said import Said

SOURCE = "FEMTO layout"
RATE_HZ = 25_600.0
_NAME = re.compile(r"(?i)^(acc|temp)_(\d{5})$")
_RUN = re.compile(r"(?i)^Bearing([123])_([1-7])$")
_CONDITIONS = {"1": (1800.0, "4000 N"), "2": (1650.0, "4200 N"), "3": (1500.0, "5000 N")}
_COLUMNS = {5: "horizontal", 6: "vertical"}


def parts(path: str, content: FileContent, asked: bool) -> Parts | None:
    """Return the record of one file of a PRONOSTIA run; see `Preset`."""
    record = only_record(content)
    name = _NAME.match(PurePosixPath(path).stem)
    if record is None or not (name or asked):
        return None
    if name and name[1].lower() == "temp":
        raise wrong_file("This FEMTO file holds temperatures, no vibration.")
    channels = [
        renamed(channel, _COLUMNS[column_number(channel)], unit="g", rate=RATE_HZ)
        for channel in record.channels
        if column_number(channel) in _COLUMNS
    ]
    if not channels:
        return None
    kept = Record("", tuple(channels), clock_s=record.clock_s)
    return [(kept, _said(path, name, record.clock_s))]


def _said(path: str, name: re.Match[str] | None, clock_s: float | None) -> Said:
    run = next((match for part in PurePosixPath(path).parts if (match := _RUN.match(part))), None)
    speed, load = _CONDITIONS[run[1]] if run else (None, "")
    title = f"FEMTO {run[1]}_{run[2]}" if run else ""
    return Said(
        SOURCE,
        bearing=title,
        lineage=f"{title} {name[2]}" if title and name else "",
        load=load,
        session=title,
        unit="g",
        sampling_rate_hz=RATE_HZ,
        speed_rpm=speed,
        conditions={
            "run_to_failure": True,
            **({"number": int(name[2])} if name else {}),
            **({"clock_s": clock_s} if clock_s is not None else {}),
        },
    )


FEMTO = Preset(
    "femto",
    "FEMTO-ST PRONOSTIA (PHM 2012)",
    "",
    "Speed, load and run from the folder, time of day from the rows; no date is published, so days "
    "count from 1 January 1970. The class is for you to say.",
    parts,
)
