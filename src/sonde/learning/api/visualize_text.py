"""Answers of looks at samples, features and layers as tables of text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sonde.learning.api.evaluation_text import table_text
from sonde.learning.services.analyses import Analysis

Found = Mapping[str, Any]
_MOST: Final = 40


def as_text(found: Analysis) -> str:
    """Return the answer as a table, with what it says in one sentence below."""
    result = found.result or {}
    heads, rows, foot = _TABLES[found.kind](result)
    more = len(rows) - _MOST
    if more > 0:
        foot = f"{more} more rows; --json prints all. {foot}"
    return table_text(found.title, heads, rows[:_MOST], foot)


Table = tuple[Sequence[str], list[list[Any]], str]


def _embedding(found: Found) -> Table:
    rows = [
        [recording, found["class_names"][label], group, x, y]
        for recording, label, group, x, y in zip(
            found["recordings"], found["labels"], found["groups"], found["x"], found["y"],
            strict=True,
        )
    ]  # fmt: skip
    foot = f"Trustworthiness {found['trustworthiness']:.3f}."
    if found["class_share_abroad"] is not None:
        foot += (
            f" The nearest sample of another {found['group_noun']} has the same class in "
            f"{found['class_share_abroad']:.0%} of the cases (chance: {found['chance']:.0%})."
        )
    return ("Recording", "Class", found["group_noun"].capitalize(), "x", "y"), rows, foot


def _picture(found: Found) -> Table:
    return found["heads"] or ("Picture",), [list(row) for row in found["rows"]], found["summary"]


def _features(found: Found) -> Table:
    noun = found["group_noun"]
    if found["look"] == "correlation":
        foot = f"{found['n_alike']} pairs of at least {found['alike']:.1f} either way."
        return ("Feature", "Other", "Correlation"), [list(pair) for pair in found["pairs"]], foot
    if found["look"] == "distributions":
        rows = [
            [f"{name}: {one['name']}", *(f"{value:.4g}" for value in one["values"][place])]
            for place, name in enumerate(found["names"])
            for one in found["classes"]
        ]
        foot = f"{found['n_samples']} samples."
        return ("Feature: class", "5 %", "25 %", "Median", "75 %", "95 %"), rows, foot
    lost = found["lost"] or [{"lost": None, "interval": [None, None]}] * len(found["names"])
    shares = zip(found["between_classes"], found["between_groups"], strict=True)
    rows = [
        [name, row["lost"], row["interval"], *own]
        for name, row, own in zip(found["names"], lost, shares, strict=True)
    ]
    rows.sort(key=lambda row: (-float(row[1] or 0.0), -float(row[3])))
    heads = ("Feature", "Accuracy lost", "95 %", "Between classes", f"Between {noun}s")
    return heads, rows, f"{found['n_samples']} samples; shares are those of the variance of ranks."


def _activations(found: Found) -> Table:
    rows = [
        [one["name"], one["kind"], " x ".join(str(size) for size in one["shape"])]
        for one in found["layers"]
    ]
    foot = f"Layer {found['layer']}: the strongest filter is {found['rows'][0]}."
    return ("Layer", "Kind", "Gives"), rows, foot


def _saliency(found: Found) -> Table:
    rows = [list(pair) for pair in zip(found["class_names"], found["probabilities"], strict=True)]
    foot = f"Gradient of {found['class_names'][found['told']]}; --arrays FILE.npz writes it."
    return ("Class", "Probability"), rows, foot


def _filters(found: Found) -> Table:
    rows = [
        [f"filter {one}", f"{peak:,.0f}"]
        for one, peak in zip(found["filters"], found["peaks_hz"], strict=True)
    ]
    return ("Filter", "Peak (Hz)"), rows, f"{found['n_taps']} taps in {found['layer']}."


_TABLES: Final[Mapping[str, Callable[[Found], Table]]] = {
    "embedding": _embedding,
    "picture": _picture,
    "features": _features,
    "activations": _activations,
    "saliency": _saliency,
    "filters": _filters,
}
