"""Figures of one data set."""

from collections.abc import Sequence

import plotly.graph_objects as go

from sonde.platform.ui.figures import Axis, bars, new_figure
from sonde.platform.ui.theme import series_colour


def class_figure(classes: Sequence[tuple[str, int]]) -> go.Figure:
    """Return how many recordings each class has."""
    names = [label for label, _ in classes]
    colours = [series_colour(position) for position in range(len(names))]
    trace = bars(names, [number for _, number in classes], colours=colours, name="recordings")
    return new_figure(
        [trace], x=Axis(grid=False, categories=names), y=Axis("recordings"), legend=False
    )
