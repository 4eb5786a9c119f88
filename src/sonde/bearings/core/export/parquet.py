"""Export to Parquet: one long table, a row for each moment of each recording.

``recording`` counts from 1, and the columns ``channel_1`` and so on hold its channels; the names of
the channels and everything else stand in the manifest, in the file's metadata.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.export.manifest import Manifest, Signals
from sonde.bearings.core.readers.own_file import MANIFEST

_GROUP_ROWS: Final = 1 << 20


def write(target: Path, manifest: Manifest, signals: Signals) -> None:
    """Write the file; there are as many channels as the recording has that has the most."""
    import polars as pl
    from polars.io.plugins import register_io_source

    every = manifest.recordings.values()
    n_channels = max((len(facts["channels"]) for facts in every), default=1)
    channels = [f"channel_{position + 1}" for position in range(n_channels)]
    schema = {"recording": pl.Int32, **dict.fromkeys(channels, pl.Float32)}

    def batches(*_: Any) -> Iterator[Any]:
        for position, one in enumerate(signals):
            held = dict(zip(channels, one.samples, strict=False))
            missing = [pl.lit(None, pl.Float32).alias(name) for name in channels[len(held) :]]
            number = pl.lit(position + 1, pl.Int32).alias("recording")
            yield pl.DataFrame(held).with_columns(*missing, number).select(list(schema))

    register_io_source(batches, schema=schema).sink_parquet(
        target,
        compression="zstd",
        compression_level=1,
        row_group_size=_GROUP_ROWS,
        metadata={MANIFEST: replace(manifest, recordings=_placed(manifest)).text},
        engine="streaming",
    )


def _placed(manifest: Manifest) -> Mapping[str, Mapping[str, Any]]:
    """Return the facts with the row at which each recording begins."""
    placed, row = {}, 0
    for name, facts in manifest.recordings.items():
        placed[name] = {**facts, "first_row": row}
        row += int(facts["n_samples"])
    return placed
