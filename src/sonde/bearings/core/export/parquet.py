"""Export to Parquet: one row for each recording; samples are a list of channels."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.export.manifest import MANIFEST, TEXTS, Signals, facts_of

_NUMBERS: Final = ("sampling_rate_hz", "speed_rpm")
_JSON: Final = ("channels", "conditions", "quality", "notes")
_GROUP_BYTES: Final = 32 << 20


def write(target: Path, dataset: Mapping[str, Any], signals: Signals) -> None:
    """Write the file in row groups of about 32 MB; the data set's facts stand in its metadata."""
    import polars as pl
    from polars.io.plugins import register_io_source

    schema = {
        "name": pl.String,
        **dict.fromkeys((*TEXTS, "taken_at", "content_hash"), pl.String),
        **dict.fromkeys(_NUMBERS, pl.Float64),
        **dict.fromkeys(_JSON, pl.String),
        "samples": pl.List(pl.List(pl.Float32)),
    }

    def batches(*_: Any) -> Iterator[Any]:
        for rows in _grouped(signals):
            columns = {name: [row[name] for row in rows] for name in schema}
            columns["samples"] = [
                pl.Series([pl.Series(channel) for channel in row["samples"]]) for row in rows
            ]
            yield pl.DataFrame(columns, schema=schema)

    register_io_source(batches, schema=schema).sink_parquet(
        target,
        compression="uncompressed",
        metadata={MANIFEST: json.dumps(dict(dataset))},
        engine="streaming",
    )


def _grouped(signals: Signals) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    size = 0
    for one in signals:
        facts = facts_of(one.recording)
        texts = {name: json.dumps(facts[name]) for name in _JSON}
        rows.append({"name": one.name, **facts, **texts, "samples": one.samples})
        size += one.samples.nbytes
        if size > _GROUP_BYTES:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows
