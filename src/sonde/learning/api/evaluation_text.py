"""Answers of an evaluation as pages of text, and as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sonde.learning.services.analyses import Analysis

_WIDTH: Final = 24

Row = Mapping[str, Any]


def as_json(found: Analysis) -> str:
    """Return the whole answer as one JSON object."""
    facts = {
        "id": found.id,
        "kind": found.kind,
        "experiments": found.experiment_ids,
        "params": found.params,
    }
    return json.dumps({**facts, "result": found.result}, indent=2)


def as_text(found: Analysis) -> str:
    """Return the answer as a table of text, with what it rests on below."""
    result = found.result or {}
    heads, rows = _TABLES[found.kind](result)
    noun = result["group_noun"]
    foot = (
        f"{result['n_samples']:,} held-out samples of {result['n_groups']} {noun}s; "
        f"intervals draw whole {noun}s."
    )
    return table_text(found.title, heads, rows, foot)


def table_text(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], foot: str) -> str:
    """Return a table of text with a title above and a sentence below."""
    lines = [title, "", _line(heads), *(_line(row) for row in rows), "", foot]
    return "\n".join(lines)


def _line(cells: Sequence[Any]) -> str:
    first, *others = cells
    return f"{str(first)[: _WIDTH - 1]:<{_WIDTH}}" + "".join(f"{_cell(one):>18}" for one in others)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list):
        low, high = value
        return "-" if low is None else f"{low:.3f} - {high:.3f}"
    return str(value)[:17]


Table = tuple[Sequence[str], list[list[Any]]]


def _curves(found: Row) -> Table:
    heads = ("Class", "AUC", "95 %", "AP", "95 %")
    return heads, [
        [row["name"], row["auc"], row["auc_interval"], row["ap"], row["ap_interval"]]
        for row in found["rows"]
    ]


def _errors(found: Row) -> Table:
    heads = ("Recording", "Is", "Told", "Probability", "From", "To")
    return heads, [
        [one["recording"], one["label"], one["told"], one["probability"], one["first"], one["last"]]
        for one in found["mistakes"][:20]
    ]


def _architectures(found: Row) -> Table:
    heads = ("Model", "Macro-F1", "95 %", "Median ms", "kB", "Front")
    return heads, [
        [
            row["model"],
            row["macro_f1"],
            row["macro_f1_interval"],
            row["p50_ms"],
            f"{row['bytes'] / 1024:,.0f}",
            "yes" if row["is_best"] else "no",
        ]
        for row in found["rows"]
    ]


def _robustness(found: Row) -> Table:
    return (found["title"], "Macro-F1", "95 %", "Accuracy"), [
        [row["name"], row["macro_f1"], row["macro_f1_interval"], row["accuracy"]]
        for row in found["rows"]
    ]


def _calibration(found: Row) -> Table:
    return ("Way", "Error", "95 %", "Log loss", "Brier"), [
        [row["title"], row["error"], row["error_interval"], row["log_loss"], row["brier"]]
        for row in found["rows"]
    ]


def _sets(found: Row) -> Table:
    rows = [found["overall"], *found["by_class"]]
    return (f"Promised {found['promised']:.0%}", "Coverage", "95 %", "Mean size"), [
        [row["name"], row["coverage"], row["coverage_interval"], row["mean_size"]] for row in rows
    ]


def _unseen(found: Row) -> Table:
    return ("Left out", "Value", "AUROC", "Flagged"), [
        [row["what"], row["value"], row["auroc"], row["flagged"]] for row in found["left_out"]
    ]


_TABLES: Final[Mapping[str, Callable[[Row], Table]]] = {
    "curves": _curves,
    "errors": _errors,
    "architectures": _architectures,
    "robustness": _robustness,
    "calibration": _calibration,
    "prediction-sets": _sets,
    "unseen": _unseen,
}
