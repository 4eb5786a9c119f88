"""What the model is worth under each condition."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sonde.learning.core.slices import Slice
from sonde.platform.ui.components import card, empty_state
from sonde.platform.ui.tables import Column, plain_table


def conditions_panel(found: Sequence[Slice], group_noun: str) -> list[Any]:
    """Return one table for each condition, its worst value first."""
    if not found:
        return [
            card(
                empty_state(
                    "Nothing differs between these recordings",
                    "Give recordings a speed, load or severity to see scores by condition.",
                    icon_name="tabler:adjustments",
                )
            )
        ]
    return [
        card(
            _table(list(rows), group_noun),
            title=f"By {attribute.replace('_', ' ')}",
            description=_sentence(attribute, list(found)),
        )
        for attribute, rows in groupby(found, key=lambda one: one.attribute)
    ]


def _sentence(attribute: str, found: Sequence[Slice]) -> str:
    mine = [one for one in found if one.attribute == attribute]
    worst, best = mine[0], mine[-1]
    if worst.accuracy == best.accuracy:
        return f"Every value is told alike: accuracy {worst.accuracy:.3f}."
    return (
        f"Accuracy goes from {worst.accuracy:.3f} at {worst.value} to {best.accuracy:.3f} at "
        f"{best.value}."
    )


def _table(rows: Sequence[Slice], group_noun: str) -> Any:
    columns = (
        Column("Value"),
        Column("Accuracy", numeric=True),
        Column("95 % interval", numeric=True),
        Column("Told worst"),
        Column("Windows", numeric=True),
        Column(f"{group_noun.capitalize()}s", numeric=True),
    )
    return plain_table(columns, [_row(one) for one in rows])


def _row(one: Slice) -> list[Any]:
    interval = "–" if one.low is None or one.high is None else f"{one.low:.3f} to {one.high:.3f}"
    worst = f"{one.worst_class} ({one.worst_recall:.0%} found)" if one.worst_class else "–"
    return [
        one.value,
        f"{one.accuracy:.3f}",
        interval,
        worst,
        f"{one.n_samples:,}",
        one.n_groups,
    ]
