"""The fault data sets of the Society for Machinery Failure Prevention Technology (MFPT).

Source: "Condition Based Maintenance Fault Database for Testing of Diagnostic and Prognostic
Algorithms", E. Bechhoefer, mfpt.org/fault-data-sets. Baselines and outer-race faults under 270 lbs
at 97,656 Hz, further faults under changing loads at 48,828 Hz; the shaft turns at 25 Hz. Each file
holds a struct ``bearing`` with ``gs``, ``sr``, ``load`` and ``rate``.
"""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from sonde.bearings.core.recordings import FileContent
from sonde.bearings.core.understanding.presets.preset import Parts, Preset, only_record
from sonde.bearings.core.understanding.said import Said

SOURCE = "MFPT layout"
_VARIABLE = re.compile(r"^bearing\.gs(\[\d+\])?$")
_LABELS = (
    (re.compile(r"base ?line|normal", re.IGNORECASE), "healthy"),
    (re.compile(r"inner ?race", re.IGNORECASE), "inner"),
    (re.compile(r"outer ?race", re.IGNORECASE), "outer"),
)


def parts(path: str, content: FileContent, asked: bool) -> Parts | None:
    """Return the record of an MFPT file; see `Preset`."""
    record = only_record(content)
    if record is None or not any(_VARIABLE.match(each.variable) for each in record.channels):
        return None
    del asked
    name = re.sub(r"[_\W]+", " ", PurePosixPath(path).as_posix())
    label = next((label for form, label in _LABELS if form.search(name)), "")
    load = record.load
    return [
        (
            replace(record, load=""),
            Said(
                SOURCE,
                label=label,
                load=f"{load} lbs" if load.replace(".", "").isdigit() else load,
                lineage=f"MFPT {PurePosixPath(path).stem}",
                unit="g",
            ),
        )
    ]


MFPT = Preset(
    "mfpt",
    "MFPT fault data sets",
    "n=8,d=5.969,D=31.623,angle=0",
    "Class from the file names; which files share a bearing is not published.",
    parts,
)
