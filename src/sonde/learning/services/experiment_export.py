"""The list of experiments as a file, written while it is read: always all of it."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from sonde.learning.core.spreadsheets import harmless
from sonde.learning.services.experiment_search import Export


def as_csv(export: Export) -> Iterator[str]:
    """Yield a table; texts that a spreadsheet would run as a formula begin with an apostrophe."""
    yield _line([column.key for column in export.columns])
    for row in export.rows:
        yield _line([harmless(row.value(column)) for column in export.columns])


def as_json(export: Export) -> Iterator[str]:
    """Yield an array of objects, each on a line of its own."""
    yield "["
    for number, row in enumerate(export.rows):
        one = {column.key: row.value(column) for column in export.columns}
        one |= {"tags": [tag.name for tag in row.tags]} if "tags" in one else {}
        yield ("," if number else "") + "\n" + json.dumps(one, ensure_ascii=False)
    yield "\n]\n"


def _line(values: list[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(values)
    return written.getvalue()
