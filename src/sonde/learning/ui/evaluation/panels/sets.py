"""Prediction sets: what was promised, what is achieved, how large they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from sonde.learning.ui.evaluation.figures import coverage_figure
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.panels.panel import Linked, between, figure, share
from sonde.platform.ui.components import card, columns, note
from sonde.platform.ui.figures import Axis, Twin, bars, graph, new_figure
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count


def panel(found: Mapping[str, Any], _linked: Linked) -> list[Any]:
    """Return coverage by class and by condition, and the sizes of the sets."""
    parts = [columns([_coverage(found), _sizes(found)], minimum=420)]
    if found["by_condition"]:
        parts.append(_conditions(found))
    parts.append(_honesty(found))
    return parts


def _coverage(found: Mapping[str, Any]) -> Any:
    rows = [{**found["overall"], "name": "all"}, *found["by_class"]]
    worst = min(found["by_class"], key=lambda row: row["coverage"])
    chart = graph(
        coverage_figure(rows, found["promised"]),
        id=EvaluationId.COVERAGE,
        name="Achieved coverage of every class",
        summary=f"Promised are {share(found['promised'])}; achieved are "
        f"{share(found['overall']['coverage'])} overall and {share(worst['coverage'])} for "
        f"{worst['name']}, the worst class.",
        twin=_twin("Class", rows, found["group_noun"]),
        height=340,
    )
    return card(chart, title="Coverage", description="How often the true class is in the set.")


def _heads(first: str, noun: str) -> list[Column]:
    return [
        Column(first),
        Column("Coverage", numeric=True),
        Column("95 %", numeric=True),
        Column("Mean size", numeric=True),
        Column("One class", numeric=True),
        Column("Samples", numeric=True),
        Column(f"{noun.capitalize()}s", numeric=True),
    ]


def _values(row: Mapping[str, Any]) -> list[str]:
    return [
        share(row["coverage"]),
        between(row["coverage_interval"]),
        figure(row["mean_size"], 2),
        share(row["single"]),
        count(row["n_samples"]),
        count(row["n_groups"]),
    ]


def _twin(first: str, rows: Sequence[Mapping[str, Any]], noun: str) -> Twin:
    return Twin(_heads(first, noun), [[row["name"], *_values(row)] for row in rows])


def _sizes(found: Mapping[str, Any]) -> Any:
    sizes = found["sizes"]
    names = [str(place + 1) for place in range(len(sizes))]
    chart = graph(
        new_figure(
            [bars(names, sizes)], x=Axis("Classes in the set", grid=False), y=Axis("Samples")
        ),
        id=EvaluationId.SIZES,
        name="How large the sets are",
        summary=f"{share(found['overall']['single'])} of the samples get exactly one class; on "
        f"average a set holds {figure(found['overall']['mean_size'], 2)} of {len(sizes)}.",
        twin=Twin(
            [Column("Classes in the set", numeric=True), Column("Samples", numeric=True)],
            [[name, count(size)] for name, size in zip(names, sizes, strict=True)],
        ),
        height=340,
    )
    return card(chart, title="Size", description="A set of one class is an answer; all is none.")


def _conditions(found: Mapping[str, Any]) -> Any:
    rows = [
        [row["condition"].replace("_", " "), row["name"] or "not said", *_values(row)]
        for row in found["by_condition"]
    ]
    heads = [Column("Condition"), *_heads("Value", found["group_noun"])]
    return card(
        plain_table(heads, rows),
        title="By condition",
        description="The promise is one about all together; here is what it means for each.",
    )


def _honesty(found: Mapping[str, Any]) -> Any:
    noun = found["group_noun"]
    gap = found["by_sample_coverage"] - found["overall"]["coverage"]
    words = (
        f"Thresholds come from other {noun}s ({found['hands']} parts). Calibrated on samples of "
        f"the same {noun}s the sets would seem to cover {share(found['by_sample_coverage'])}, "
        f"{abs(gap) * 100:.1f} points {'more' if gap > 0 else 'less'} than they do."
    )
    if found["full_sets"]:
        words += f" {count(found['full_sets'])} sets hold every class."
    reached = found["overall"]["coverage"] >= found["promised"] - 0.02
    return note(words, Tone.INFO if reached else Tone.WARN)
