"""What the experiments were made of, and how parameters and score go together."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.comparison.configuration import ConfigRow
from sonde.learning.core.comparison.metrics import Estimate
from sonde.learning.ui.compare.figures import Coordinate, parallel_figure, shorts
from sonde.learning.ui.compare.ids import CompareId
from sonde.learning.ui.compare.verdict import setting
from sonde.platform.ui.components import card, note, stack
from sonde.platform.ui.figures import graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

_MOST_AXES: Final = 10
_NO_AXIS: Final = frozenset({"Data hash"})
_NO_AXES_OF: Final = "Made by"


def configuration_tab(
    rows: Sequence[ConfigRow],
    titles: Sequence[str],
    scores: Sequence[Estimate],
    *,
    shows_all: bool | None,
) -> list[Any]:
    """Return the tab; without scores there is no figure, without a choice no switch."""
    return [*_parallel_card(rows, titles, scores), _table_card(rows, titles, shows_all=shows_all)]


def coordinates_of(rows: Sequence[ConfigRow], scores: Sequence[Estimate]) -> list[Coordinate]:
    """Return the axes: what differs among the settings, cost last but one, the score last."""
    differing = [
        row
        for row in rows
        if row.differs and row.name not in _NO_AXIS and row.section != _NO_AXES_OF
    ]
    axes = [_coordinate(row.name, row.values) for row in differing[:_MOST_AXES]]
    words = tuple(f"{one.value:.3f}" for one in scores)
    return [*axes, _coordinate("Macro-F1", words)]


def _coordinate(name: str, words: Sequence[str]) -> Coordinate:
    try:
        values = [float(word) for word in words]
    except ValueError:
        known = sorted(set(words))
        values = [float(known.index(word)) for word in words]
    low, high = min(values), max(values)
    places = [0.5 if high == low else (value - low) / (high - low) for value in values]
    return Coordinate(name, tuple(word or "none" for word in words), tuple(places))


def _parallel_card(
    rows: Sequence[ConfigRow], titles: Sequence[str], scores: Sequence[Estimate]
) -> list[Any]:
    if not scores:
        return []
    axes = coordinates_of(rows, scores)
    if len(axes) < 2:
        return []
    chart = graph(
        parallel_figure(axes, titles),
        id=CompareId.PARALLEL.value,
        name="Parameters and score",
        summary=f"One line for each experiment through {len(axes) - 1} settings that differ, to "
        "its macro-F1; each axis goes from the lowest to the highest value here.",
        height=360,
    )
    return [card(chart, title="Parameters and score")]


def _table_card(rows: Sequence[ConfigRow], titles: Sequence[str], *, shows_all: bool | None) -> Any:
    switch = [
        dmc.Switch(
            id=setting("all"), label="Show what is the same, too", checked=shows_all, size="sm"
        )
    ]
    shown = [row for row in rows if shows_all or row.differs]
    columns = (Column("Part"), Column("Setting"), *(Column(title) for title in shorts(titles)))
    lines = [
        [
            html.Span(row.section, className="sonde-dim"),
            html.Span(row.name, className="sonde-strong" if row.differs else ""),
            *row.values,
        ]
        for row in shown
    ]
    content = plain_table(columns, lines)
    if not shown:
        content = note("They were made in the same way.", Tone.INFO)
    return card(
        stack([*([] if shows_all is None else switch), content]),
        title="Configuration and data",
        description="Only what differs, unless you ask for everything."
        if shows_all is not None
        else "What differs.",
    )
