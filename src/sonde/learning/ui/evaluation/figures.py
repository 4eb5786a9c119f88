"""Charts of the evaluation page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import SERIES, series_colour

_GUIDE: Final = "#8b93a1"
_SIGNS: Final = ("circle", "square", "diamond", "triangle-up", "cross", "x")
_EVEN: Final = tuple(place / 100 for place in range(101))

Row = Mapping[str, Any]


def band(
    x: Sequence[Any], low: Sequence[float | None], high: Sequence[float | None], colour: str
) -> go.Scatter:
    """Return the area between two lines; places without an interval are left out."""
    known = [
        (place, below, above)
        for place, below, above in zip(x, low, high, strict=True)
        if below is not None and above is not None
    ]
    return go.Scatter(
        x=[one[0] for one in known] + [one[0] for one in reversed(known)],
        y=[one[2] for one in known] + [one[1] for one in reversed(known)],
        fill="toself",
        fillcolor=_faint(colour),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def _guide(x: Sequence[Any], y: Sequence[float], name: str) -> go.Scatter:
    return go.Scatter(
        x=list(x),
        y=list(y),
        name=name,
        mode="lines",
        line={"color": _GUIDE, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )


def curve_figure(rows: Sequence[Row], key: str, titles: tuple[str, str], banded: str) -> go.Figure:
    """Return one curve per class, and the band of one of them."""
    traces: list[Any] = []
    for place, row in enumerate(rows):
        colour = series_colour(place)
        if row["name"] == banded:
            traces.append(band(_EVEN, row[key]["low"], row[key]["high"], colour))
        traces.append(
            go.Scatter(
                x=_EVEN,
                y=row[key]["y"],
                name=row["name"],
                mode="lines",
                line={"color": colour, "width": 2, "shape": "hv" if key == "pr" else "linear"},
            )
        )
    if key == "roc":
        traces.append(_guide((0, 1), (0, 1), "guessing"))
    return new_figure(
        traces, x=Axis(titles[0], range=(0, 1)), y=Axis(titles[1], range=(0, 1.02)), legend=True
    )


def reliability_figure(rows: Sequence[Row]) -> go.Figure:
    """Return what came true over what was told, for each way of mending."""
    traces: list[Any] = [_guide((0, 1), (0, 1), "what is told comes true")]
    for place, row in enumerate(rows):
        points = [
            one
            for one in zip(
                row["told"], row["came_true"], row["low"], row["high"], row["counts"], strict=True
            )
            if one[0] is not None
        ]
        traces.append(
            go.Scatter(
                x=[one[0] for one in points],
                y=[one[1] for one in points],
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": [max((one[3] or one[1]) - one[1], 0) for one in points],
                    "arrayminus": [max(one[1] - (one[2] or 0), 0) for one in points],
                    "thickness": 1,
                    "width": 3,
                },
                customdata=[one[4] for one in points],
                hovertemplate="told %{x:.2f}, true %{y:.2f}, %{customdata} samples",
                name=row["title"],
                mode="lines+markers",
                line={"color": series_colour(place), "width": 1.6},
                marker={"symbol": _SIGNS[place], "size": 8},
            )
        )
    return new_figure(
        traces,
        x=Axis("Told probability", range=(0, 1.02)),
        y=Axis("Share that came true", range=(0, 1.02)),
        legend=True,
    )


def level_figure(rows: Sequence[Row], series: Sequence[tuple[str, Sequence[Any]]]) -> go.Figure:
    """Return macro-F1 with its band, or recalls, over the levels of a change."""
    names = [row["name"] for row in rows]
    traces: list[Any] = []
    if len(series) == 1:
        low, high = zip(*(row["macro_f1_interval"] for row in rows), strict=True)
        traces.append(band(names, low, high, SERIES[0]))
    for place, (name, values) in enumerate(series):
        traces.append(
            go.Scatter(
                x=names,
                y=list(values),
                name=name,
                mode="lines+markers",
                line={"color": series_colour(place), "width": 2},
                marker={"symbol": _SIGNS[place % len(_SIGNS)], "size": 8},
            )
        )
    return new_figure(
        traces,
        x=Axis(grid=False, categories=names),
        y=Axis("Recall" if len(series) > 1 else "Macro-F1", range=(0, 1.02)),
        legend=len(series) > 1,
    )


def coverage_figure(rows: Sequence[Row], promised: float) -> go.Figure:
    """Return the achieved coverage of each row with its interval, and the promise as a line."""
    names = [row["name"] for row in rows]
    known = [row["coverage_interval"] for row in rows]
    traces: list[Any] = [
        go.Scatter(
            x=names,
            y=[row["coverage"] for row in rows],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [
                    max((pair[1] or row["coverage"]) - row["coverage"], 0)
                    for pair, row in zip(known, rows, strict=True)
                ],
                "arrayminus": [
                    max(row["coverage"] - (pair[0] or 0), 0)
                    for pair, row in zip(known, rows, strict=True)
                ],
                "thickness": 1.4,
                "width": 6,
            },
            mode="markers",
            name="achieved",
            marker={"size": 10, "color": SERIES[0]},
        ),
        _guide(names, [promised] * len(names), f"promised {promised:.0%}"),
    ]
    lowest = min((pair[0] if pair[0] is not None else 1.0) for pair in known)
    return new_figure(
        traces,
        x=Axis(grid=False, categories=names),
        y=Axis("Coverage", range=(max(0.0, min(lowest, promised) - 0.08), 1.02)),
        legend=True,
    )


def risk_figure(coverage: Sequence[float], curves: Sequence[Row]) -> go.Figure:
    """Return risk over coverage for each kind of doubt, the first one with its band."""
    traces: list[Any] = [band(coverage, curves[0]["low"], curves[0]["high"], SERIES[0])]
    for place, curve in enumerate(curves):
        traces.append(
            go.Scatter(
                x=list(coverage),
                y=curve["risk"],
                name=curve["title"],
                mode="lines",
                line={"color": series_colour(place), "width": 2},
            )
        )
    return new_figure(
        traces,
        x=Axis("Share that is answered", range=(0, 1)),
        y=Axis("Share of wrong answers"),
        legend=True,
    )


def _label_places(rows: Sequence[Row]) -> dict[str, str]:
    """Return where each name stands: inwards, beside its interval, neighbours in turn."""
    middle = (min(row["p50_ms"] for row in rows) * max(row["p50_ms"] for row in rows)) ** 0.5
    found, turns = {}, {"left": 0, "right": 0}
    for row in sorted(rows, key=lambda row: -row["macro_f1"]):
        side = "left" if row["p50_ms"] > middle else "right"
        found[row["id"]] = f"{'top' if turns[side] % 2 == 0 else 'bottom'} {side}"
        turns[side] += 1
    return found


def front_figure(rows: Sequence[Row]) -> go.Figure:
    """Return score over latency; the area of a mark is the model's size."""
    biggest = max(row["bytes"] for row in rows) or 1
    places = _label_places(rows)
    traces = []
    for is_best, name, colour in (
        (True, "on the front", SERIES[2]),
        (False, "another is better in all", _GUIDE),
    ):
        mine = [row for row in rows if row["is_best"] is is_best]
        if not mine:
            continue
        pairs = [row["macro_f1_interval"] for row in mine]
        scores = [row["macro_f1"] for row in mine]
        traces.append(
            go.Scatter(
                x=[row["p50_ms"] for row in mine],
                y=scores,
                text=[row["model"] for row in mine],
                customdata=[row["bytes"] / 1024 for row in mine],
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": [max((p[1] or s) - s, 0) for p, s in zip(pairs, scores, strict=True)],
                    "arrayminus": [
                        max(s - (p[0] or s), 0) for p, s in zip(pairs, scores, strict=True)
                    ],
                    "thickness": 1.2,
                    "width": 4,
                },
                mode="markers+text",
                textposition=[places[row["id"]] for row in mine],
                hovertemplate="%{text}<br>%{x:.3g} ms, %{customdata:.0f} kB<br>%{y:.3f}",
                name=name,
                marker={
                    "color": colour,
                    "symbol": "circle" if is_best else "diamond",
                    "size": [10 + 26 * (row["bytes"] / biggest) ** 0.5 for row in mine],
                    "opacity": 0.85,
                },
            )
        )
    return new_figure(
        traces,
        x=Axis("Median latency (ms)", logarithmic=True),
        y=Axis("Macro-F1"),
        legend=True,
    )


def cluster_figure(points: Sequence[Sequence[Any]], names: Sequence[str]) -> go.Figure:
    """Return errors by cluster among right samples, on the two main directions."""
    traces = [
        go.Scatter(
            x=[one[0] for one in points if one[2] == place],
            y=[one[1] for one in points if one[2] == place],
            mode="markers",
            name="right" if place < 0 else names[place],
            marker={
                "size": 5 if place < 0 else 8,
                "opacity": 0.35 if place < 0 else 0.9,
                "color": _GUIDE if place < 0 else series_colour(place),
                "symbol": "circle" if place < 0 else _SIGNS[place % len(_SIGNS)],
            },
        )
        for place in range(-1, len(names))
    ]
    return new_figure(traces, x=Axis("First direction"), y=Axis("Second direction"), legend=True)
