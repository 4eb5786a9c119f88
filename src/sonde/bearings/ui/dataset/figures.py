"""Figures of one data set."""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from sonde.platform.ui.figures import Axis, bars, new_figure
from sonde.platform.ui.theme import series_colour

_PLACES: Final = {"healthy": 2, "inner": 0, "outer": 1, "ball": 3, "cage": 4}


def class_colour(label: str) -> str:
    """Return the colour of a class: the same on every page.

    Examples
    --------
    >>> class_colour("inner") == class_colour("inner") != class_colour("outer")
    True
    """
    return series_colour(_PLACES.get(label, 5 + sum(label.encode()) % 3))


def class_figure(classes: Sequence[tuple[str, int]]) -> go.Figure:
    """Return how many recordings each class has."""
    names = [label for label, _ in classes]
    colours = [class_colour(name) for name in names]
    trace = bars(names, [number for _, number in classes], colours=colours, name="recordings")
    return new_figure(
        [trace], x=Axis(grid=False, categories=names), y=Axis("recordings"), legend=False
    )
