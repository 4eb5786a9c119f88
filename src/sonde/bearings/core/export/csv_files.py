"""Export to CSV: a zip file of one table for each recording, and ``labels.csv`` about them."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.export.manifest import TEXTS, Exported, Signals, facts_of

LABELS: Final = "labels.csv"
_NUMBERS: Final = ("sampling_rate_hz", "speed_rpm")
_JSON: Final = ("conditions", "quality", "notes")


def write(target: Path, dataset: Mapping[str, Any], signals: Signals) -> None:
    """Write the file; figures have as many digits as it takes to read the same back.

    Unpacked, the folder can be imported: ``labels.csv`` says what each table is.
    """
    rows = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for one in signals:
            with archive.open(f"{one.name}.csv", "w", force_zip64=True) as file:
                _table(one).write_csv(file)
            rows.append(_labels(one))
        text = io.StringIO()
        columns = tuple(rows[0]) if rows else ("file",)
        table = csv.DictWriter(text, columns)
        table.writeheader()
        table.writerows(rows)
        archive.writestr(LABELS, text.getvalue())
        archive.comment = json.dumps(dict(dataset)).encode()[:60_000]


def _table(one: Exported) -> Any:
    import polars as pl

    names = one.recording.channels
    if len(set(names)) < len(names):
        names = tuple(f"{name} {row + 1}" for row, name in enumerate(names))
    return pl.DataFrame(dict(zip(names, one.samples, strict=True)))


def _labels(one: Exported) -> dict[str, Any]:
    facts = facts_of(one.recording)
    return {
        "file": f"{one.name}.csv",
        **{name: facts[name] for name in TEXTS if name not in {"file", "record"}},
        **{name: repr(facts[name]) for name in _NUMBERS},
        "taken_at": facts["taken_at"],
        "original_file": facts["file"],
        "original_record": facts["record"],
        **{name: json.dumps(facts[name]) if facts[name] else "" for name in _JSON},
        "content_hash": facts["content_hash"],
    }
