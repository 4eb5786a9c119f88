"""ROC and precision-recall of every class."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.ui.evaluation.figures import curve_figure
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.panels.panel import Linked, between, figure, share
from sonde.platform.ui.components import card, columns, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_PLACES = (0, 1, 2, 5, 10, 20, 50, 80, 90, 95, 100)


def panel(found: Mapping[str, Any], _linked: Linked) -> list[Any]:
    """Return both charts and the areas under them."""
    rows = found["rows"]
    if not rows:
        return [note("Only one class was tested: there is nothing to tell apart.", Tone.WARN)]
    parts: list[Any] = [columns([_roc(found), _precision(found)], minimum=420), _table(found)]
    if found["skipped"]:
        names = ", ".join(found["skipped"])
        parts.append(note(f"Without held-out samples, and so without a curve: {names}.", Tone.WARN))
    return parts


def _roc(found: Mapping[str, Any]) -> Any:
    rows = found["rows"]
    worst = min(rows, key=lambda row: row["auc"])
    chart = graph(
        curve_figure(rows, "roc", ("False alarms", "Found"), worst["name"]),
        id=EvaluationId.ROC,
        name="ROC of every class against the rest",
        summary=f"The mean area is {figure(found['macro_auc'])}; {worst['name']} is told worst "
        f"with {figure(worst['auc'])} ({between(worst['auc_interval'])}).",
        twin=_twin(rows, "roc", "False alarms"),
        height=360,
    )
    return card(chart, title="Receiver operating characteristic", description=_banded(worst))


def _precision(found: Mapping[str, Any]) -> Any:
    rows = found["rows"]
    worst = min(rows, key=lambda row: row["ap"])
    chart = graph(
        curve_figure(
            rows, "pr", ("Found (recall)", "Right of those told (precision)"), worst["name"]
        ),
        id=EvaluationId.PRECISION,
        name="Precision over recall of every class",
        summary=f"The mean average precision is {figure(found['macro_ap'])}; {worst['name']} is "
        f"worst with {figure(worst['ap'])}, where guessing gives {figure(worst['share'])}.",
        twin=_twin(rows, "pr", "Found"),
        height=360,
    )
    return card(chart, title="Precision and recall", description=_banded(worst))


def _banded(row: Mapping[str, Any]) -> str:
    return f"One class against the rest. The band is that of {row['name']}, which is told worst."


def _twin(rows: Any, key: str, head: str) -> Twin:
    heads = [Column(head, numeric=True), *(Column(row["name"], numeric=True) for row in rows)]
    values = [[f"{place} %", *(share(row[key]["y"][place]) for row in rows)] for place in _PLACES]
    return Twin(heads, values)


def _table(found: Mapping[str, Any]) -> Any:
    heads = (
        Column("Class"),
        Column("AUC", numeric=True),
        Column("95 %", numeric=True),
        Column("Average precision", numeric=True),
        Column("95 %", numeric=True),
        Column("Guessing", numeric=True),
        Column("Samples", numeric=True),
        Column(f"{found['group_noun'].capitalize()}s", numeric=True),
    )
    rows = [
        [
            row["name"],
            figure(row["auc"]),
            between(row["auc_interval"]),
            figure(row["ap"]),
            between(row["ap_interval"]),
            figure(row["share"]),
            count(row["n_samples"]),
            count(row["n_groups"]),
        ]
        for row in found["rows"]
    ]
    return card(
        plain_table(heads, rows),
        title="Areas",
        description=f"AUC is the chance that a sample of the class gets a higher probability than "
        f"another one. Bands and intervals come from {found['n_draws']} draws of whole "
        f"{found['group_noun']}s.",
    )
