"""The answers of a batch for the terminal: a table for people, JSON for programs, or CSV."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Final

_WIDTHS: Final = {"recording": 34, "verdict": 20, "p": 6, "set": 26, "notes": 0}
_NUMBERS: Final = {"windows": int, "novelty": float}


def printed(table: str, form: str) -> str:
    """Return a batch's table as ``"table"``, ``"csv"`` or ``"json"``, ended by a line break.

    Examples
    --------
    >>> table = "recording,verdict,p(x),windows,error\\na,x,0.75,4,\\n"
    >>> print(printed(table, "table").splitlines()[1])
    a                                   x                     75%
    >>> json.loads(printed(table, "json"))[0]["probabilities"]
    {'x': 0.75}
    """
    if form == "csv":
        return table
    rows = list(csv.DictReader(io.StringIO(table)))
    if form == "json":
        return json.dumps([_document(row) for row in rows], indent=2) + "\n"
    head = {name: name for name in _WIDTHS}
    return "".join(f"{_line(cells)}\n" for cells in (head, *map(_cells, rows)))


def _document(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a row with numbers as numbers, and its classes together."""
    told = {name[2:-1]: float(value) for name, value in row.items() if _is_class(name) and value}
    facts: dict[str, Any] = {
        name: _NUMBERS[name](value) if name in _NUMBERS and value else value or None
        for name, value in row.items()
        if not _is_class(name)
    }
    return facts | {"probabilities": told}


def _cells(row: Mapping[str, str]) -> dict[str, str]:
    """Return what a person reads first of a row."""
    told = row.get(f"p({row['verdict']})")
    notes = [
        row["error"],
        "unlike the training" * (row.get("unlike_training") == "yes"),
        "have a person look" * (row.get("reject") == "yes"),
        f"learned from {row.get('learned_from')}" * bool(row.get("learned_from")),
    ]
    return {
        "recording": row["recording"],
        "verdict": row["verdict"] or "-",
        "p": f"{float(told):.0%}" if told else "-",
        "set": row.get("set") or "",
        "notes": "; ".join(filter(None, notes)),
    }


def _line(cells: Mapping[str, str]) -> str:
    return "  ".join(f"{cells[name]:<{width}}" for name, width in _WIDTHS.items()).rstrip()


def _is_class(name: str) -> bool:
    return name.startswith("p(") and name.endswith(")")
