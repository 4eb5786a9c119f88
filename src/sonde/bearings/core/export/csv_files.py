"""Export to CSV: a zip file of one table for each recording, and ``labels.csv`` about them."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.export.manifest import TEXTS, Exported, Manifest, Signals

LABELS: Final = "labels.csv"
_ABOUT: Final = ".dataset.json"
_NUMBERS: Final = ("sampling_rate_hz", "speed_rpm")
_JSON: Final = ("conditions", "quality", "notes")


def write(target: Path, manifest: Manifest, signals: Signals) -> None:
    """Write the file; figures have as many digits as it takes to read the same back.

    Unpacked, the folder can be imported: ``labels.csv`` says what each table is.
    """
    rows = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for one in signals:
            with archive.open(f"{one.name}.csv", "w", force_zip64=True) as file:
                _table(one).write_csv(file)
            rows.append(_labels(one.name, manifest.recordings[one.name]))
        text = io.StringIO()
        columns = tuple(rows[0]) if rows else ("file",)
        table = csv.DictWriter(text, columns)
        table.writeheader()
        table.writerows(rows)
        archive.writestr(LABELS, text.getvalue())
        archive.writestr(_ABOUT, json.dumps(dict(manifest.dataset), indent=2))


def _table(one: Exported) -> Any:
    import polars as pl

    names = one.recording.channels
    if len(set(names)) < len(names):
        names = tuple(f"{name} {row + 1}" for row, name in enumerate(names))
    return pl.DataFrame(dict(zip(names, one.samples, strict=True)))


def _labels(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "file": f"{name}.csv",
        **{each: facts[each] for each in TEXTS if each not in {"file", "record"}},
        **{each: repr(facts[each]) for each in _NUMBERS},
        "taken_at": facts["taken_at"],
        "original_file": facts["file"],
        "original_record": facts["record"],
        **{each: json.dumps(facts[each]) if facts[each] else "" for each in _JSON},
        "content_hash": facts["content_hash"],
    }
