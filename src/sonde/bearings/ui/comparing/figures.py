"""Figures of two data sets beside each other."""

from collections.abc import Sequence

import plotly.graph_objects as go

from sonde.platform.ui.figures import Axis, bars, new_figure
from sonde.platform.ui.theme import series_colour


def class_shares(
    names: Sequence[str], first: Sequence[float], second: Sequence[float], titles: Sequence[str]
) -> go.Figure:
    """Return which share of its recordings each class has in either data set, in percent."""
    traces = [
        bars(names, values, colours=[series_colour(position)] * len(names), name=title)
        for position, (values, title) in enumerate(zip((first, second), titles, strict=True))
    ]
    figure = new_figure(
        traces, x=Axis(grid=False, categories=names), y=Axis("share (%)"), legend=True
    )
    figure.layout.barmode = "group"
    return figure
