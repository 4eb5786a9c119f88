"""A table of features as a file that other programs read: CSV, Parquet and HDF5."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.features.registry import FeatureDefinition
from sonde.bearings.core.features.table import FeatureTable
from sonde.platform.core.errors import Invalid

_ABOUT: Final = (
    "file", "record", "label", "severity", "bearing", "session", "load", "fault_size",
    "fault_position", "unit",
)  # fmt: skip
_NUMBERS: Final = ("speed_rpm", "sampling_rate_hz")


@dataclass(frozen=True)
class TableFormat:
    """One way of writing a table."""

    kind: str
    title: str
    extension: str
    media_type: str


TABLE_FORMATS: Final[Mapping[str, TableFormat]] = MappingProxyType(
    {
        one.kind: one
        for one in (
            TableFormat("csv", "CSV", ".csv", "text/csv"),
            TableFormat("parquet", "Parquet", ".parquet", "application/vnd.apache.parquet"),
            TableFormat("hdf5", "HDF5", ".h5", "application/x-hdf5"),
        )
    }
)


def table_format(kind: str) -> TableFormat:
    """Return the format of that name; raises Invalid.

    Examples
    --------
    >>> table_format("hdf5").extension
    '.h5'
    """
    if kind not in TABLE_FORMATS:
        raise Invalid(
            f"A table is exported as {', '.join(TABLE_FORMATS)}, not as {kind!r}.", field="format"
        )
    return TABLE_FORMATS[kind]


def table_bytes(
    table: FeatureTable,
    recordings: Sequence[StoredRecording],
    definitions: Sequence[FeatureDefinition],
    kind: str,
) -> bytes:
    """Return a table as a file's content.

    Parameters
    ----------
    table : FeatureTable
    recordings : sequence of StoredRecording
        Of the rows, in their order: what is known of each stands before its values.
    definitions : sequence of FeatureDefinition
        Of the columns, in their order.
    kind : str
        ``"csv"``, ``"parquet"`` or ``"hdf5"``.

    Raises
    ------
    Invalid
        If there is no such format.
    """
    table_format(kind)
    about = _about(recordings)
    if kind == "hdf5":
        return _hdf5(table, about, definitions)
    import polars as pl

    columns = {name: table.values[:, number] for number, name in enumerate(table.names)}
    frame = pl.DataFrame({**about, **columns})
    target = io.BytesIO()
    if kind == "csv":
        frame.with_columns(pl.selectors.float().fill_nan(None)).write_csv(target)
    else:
        frame.write_parquet(target)
    return target.getvalue()


def _about(recordings: Sequence[StoredRecording]) -> dict[str, list[Any]]:
    texts = {name: [str(getattr(one, name)) for one in recordings] for name in _ABOUT}
    numbers = {name: [float(getattr(one, name)) for one in recordings] for name in _NUMBERS}
    return {"recording_id": [one.id for one in recordings], **texts, **numbers}


def _hdf5(
    table: FeatureTable, about: Mapping[str, list[Any]], definitions: Sequence[FeatureDefinition]
) -> bytes:
    import h5py

    target = io.BytesIO()
    with h5py.File(target, "w") as file:
        text = h5py.string_dtype()
        file.create_dataset("values", data=table.values)
        file.create_dataset("names", data=list(table.names), dtype=text)
        file["values"].attrs["axes"] = "recording, feature"
        for name, values in about.items():
            kind = np.float64 if name in _NUMBERS else text
            file.create_dataset(f"recordings/{name}", data=values, dtype=kind)
        for key in ("title", "domain", "unit", "formula", "source"):
            values = [getattr(one, key) for one in definitions]
            file.create_dataset(f"features/{key}", data=values, dtype=text)
        file.create_dataset("features/version", data=[one.version for one in definitions])
    return target.getvalue()
