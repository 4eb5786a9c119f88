"""The way in: write a data set in any of the formats."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from sonde.bearings.core.export import csv_files, hdf5, mat, npz, parquet
from sonde.bearings.core.export.formats import export_format
from sonde.bearings.core.export.manifest import Manifest, Signals

_WRITERS: Mapping[str, Callable[[Path, Manifest, Signals], None]] = MappingProxyType(
    {
        "hdf5": hdf5.write,
        "mat": mat.write,
        "csv": csv_files.write,
        "parquet": parquet.write,
        "npz": npz.write,
    }
)


def write(slug: str, target: Path, manifest: Manifest, signals: Signals) -> None:
    """Write a manifest and the signals to `target`; on any error nothing is left there.

    Parameters
    ----------
    slug : str
        One of ``formats.EXPORT_FORMATS``.
    target : Path
    manifest : Manifest
    signals : iterator of Exported
        Read one after the other, so that memory stays flat.

    Raises
    ------
    Invalid
        For an unknown format, or a signal that the format cannot hold.
    """
    writer = _WRITERS[export_format(slug).slug]
    try:
        writer(target, manifest, signals)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
