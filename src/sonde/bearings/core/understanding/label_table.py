"""Label tables: a ``.csv`` beside the recordings that says what each file is."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from sonde.bearings.core.understanding.said import Said, plain_label, positive
from sonde.platform.core.errors import Invalid, TooLarge

FILE_NAMES = ("labels.csv", "labels.tsv")
MAX_BYTES = 4 << 20
_MAX_ROWS = 100_000
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("file", "filename", "file_name", "path", "name"),
    "label": ("label", "class", "fault", "condition", "state"),
    "fault_size": ("fault_size", "size"),
    "fault_mil": ("fault_mil", "size_mil", "diameter_mil"),
    "fault_position": ("fault_position", "or_position", "position"),
    "load": ("load",),
    "load_hp": ("load_hp", "hp"),
    "sampling_rate_hz": ("sampling_rate_hz", "sampling_rate", "fs", "sample_rate", "sr"),
    "speed_rpm": ("speed_rpm", "rpm", "rpm_in_file", "speed"),
    "bearing": ("bearing", "bearing_id", "physical_bearing", "group"),
    "lineage": ("lineage", "recording", "measurement"),
    "unit": ("unit", "units"),
    "record": ("record",),
    "severity": ("severity",),
    "session": ("session", "run", "campaign"),
    "tacho_channel": ("tacho", "tacho_channel"),
    "taken_at": ("taken_at", "time", "date", "timestamp"),
}


@dataclass(frozen=True)
class LabelTable:
    """What a label table says, by the files' relative paths.

    Parameters
    ----------
    rows : mapping of str to mapping
        Relative path, as written in the table, to its fields.
    """

    rows: Mapping[str, Mapping[str, str]]

    def fields_of(self, path: str) -> Mapping[str, str] | None:
        """Return the fields of the file at `path`.

        A table without folders speaks of names; an uploaded file has lost its folder and is found
        by its name if only one row carries it.
        """
        if path in self.rows:
            return self.rows[path]
        name = PurePosixPath(path)
        if "/" not in path:
            found = [row for key, row in self.rows.items() if PurePosixPath(key).name == name.name]
            if len(found) == 1:
                return found[0]
        return self.rows.get(name.name) or self.rows.get(name.stem)

    def said_of(self, path: str, record: str = "") -> Said | None:
        """Return what the table says of the file at `path`, or of one record of it, or None.

        Examples
        --------
        >>> table = parse("file,label,fault_mil,load_hp\\na/1.mat,inner race,7,0\\n")
        >>> table.said_of("a/1.mat").fault_size
        '7 mil'
        """
        row = self.rows.get(f"{path} {record}") or self.fields_of(path)
        if row is None:
            return None
        size = row.get("fault_size", "")
        mil = row.get("fault_mil", "")
        hp = row.get("load_hp", "")
        return Said(
            "label table",
            label=plain_label(row.get("label", "")),
            bearing=row.get("bearing", ""),
            lineage=row.get("lineage", ""),
            fault_size=size or (f"{mil} mil" if positive(mil) else ""),
            fault_position=row.get("fault_position", ""),
            load=row.get("load", "") or (f"{hp} hp" if hp else ""),
            unit=row.get("unit", ""),
            severity=row.get("severity", "").lower(),
            session=row.get("session", ""),
            tacho_channel=row.get("tacho_channel", ""),
            taken_at=_time(row.get("taken_at", "")),
            sampling_rate_hz=positive(row.get("sampling_rate_hz", "")),
            speed_rpm=positive(row.get("speed_rpm", "")),
        )


def _time(text: str) -> str:
    """Return a time as ISO 8601 (UTC without a zone), or nothing where it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def parse(text: str) -> LabelTable:
    """Read a label table with ``,`` ``;`` or tab between its columns.

    Raises
    ------
    Invalid, TooLarge
        If there is no column of file names, or there are too many rows.
    """
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(f"The label table cannot be read ({error}).", field="label_table") from None
    if len(rows) > _MAX_ROWS:
        raise TooLarge(f"A label table has at most {_MAX_ROWS:,} rows.")
    names = {(name or "").strip().lower(): name for name in (rows[0] if rows else {})}
    chosen = {
        field: next((names[word] for word in words if word in names), None)
        for field, words in _COLUMNS.items()
    }
    if chosen["file"] is None:
        raise Invalid("The label table needs a column called 'file'.", field="label_table")
    table = {}
    for row in rows:
        fields = {
            field: str(row.get(column) or "").strip()[:200]
            for field, column in chosen.items()
            if column is not None
        }
        path = fields.pop("file").replace("\\", "/").removeprefix("./")
        record = fields.pop("record", "")
        table[f"{path} {record}".strip()] = fields
    return LabelTable(table)
