"""What a data set can be exported to, and the file that comes of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class ExportFormat:
    """One way of writing a data set.

    Parameters
    ----------
    slug : str
        Such as ``"hdf5"``.
    title : str
        Such as ``"HDF5"``.
    extension, media_type : str
    description : str
        What is in the file, for people.
    """

    slug: str
    title: str
    extension: str
    media_type: str
    description: str


EXPORT_FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        each.slug: each
        for each in (
            ExportFormat(
                "hdf5",
                "HDF5",
                ".h5",
                "application/x-hdf5",
                "One array for each recording, what is known of it as attributes.",
            ),
            ExportFormat(
                "mat",
                "MATLAB",
                ".mat",
                "application/x-matlab-data",
                "One struct for each recording, for MATLAB 5 and later.",
            ),
            ExportFormat(
                "csv",
                "CSV",
                ".zip",
                "application/zip",
                "A zip file: one table for each recording, and labels.csv.",
            ),
            ExportFormat(
                "parquet",
                "Parquet",
                ".parquet",
                "application/vnd.apache.parquet",
                "One long table: a row for each moment, a column for each channel.",
            ),
            ExportFormat(
                "npz",
                "NumPy",
                ".npz",
                "application/x-npz",
                "One array for each recording, and a manifest.",
            ),
        )
    }
)


@dataclass(frozen=True, kw_only=True)
class Export:
    """One file made from a data set, for one person and a day.

    Parameters
    ----------
    id, workspace_id, owner_id, dataset_id : str
    dataset_name, format, file_key, file_name, job_id : str
    size_bytes : int
    created_at, expires_at : datetime
    """

    id: str
    workspace_id: str
    owner_id: str
    dataset_id: str
    dataset_name: str
    format: str
    file_key: str
    file_name: str
    job_id: str
    size_bytes: int
    created_at: datetime
    expires_at: datetime


def export_format(slug: str) -> ExportFormat:
    """Return the format of that name.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> export_format("mat").extension
    '.mat'
    """
    found = EXPORT_FORMATS.get(slug)
    if found is None:
        known = ", ".join(EXPORT_FORMATS)
        raise Invalid(f"Data sets are exported to {known}; {slug!r} is none of them.")
    return found


def format_by_name(name: str) -> str:
    """Return the format that a file's ending asks for.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> format_by_name("cwru.h5")
    'hdf5'
    """
    ending = "." + name.rpartition(".")[2].lower()
    for each in EXPORT_FORMATS.values():
        if each.extension == ending:
            return each.slug
    raise Invalid("End the file's name with .h5, .mat, .zip, .parquet or .npz, or name a format.")


def file_name(dataset_name: str, version: int, chosen: ExportFormat) -> str:
    """Return a name that every system can store.

    Examples
    --------
    >>> file_name("CWRU: 12 kHz / drive end", 2, export_format("mat"))
    'CWRU 12 kHz drive end v2.mat'
    """
    plain = " ".join(re.sub(r"[^\w .()+-]", " ", dataset_name).split())[:100].strip(". ")
    suffix = f" v{version}" if version > 1 else ""
    return f"{plain or 'data set'}{suffix}{chosen.extension}"
