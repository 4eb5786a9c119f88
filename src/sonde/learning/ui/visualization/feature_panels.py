"""What the features tell, as cards."""

from collections.abc import Mapping
from typing import Any, Final

import dash_mantine_components as dmc

from sonde.learning.ui.visualization.feature_figures import (
    correlation_figure,
    lost_figure,
    shares_figure,
    spread_figure,
)
from sonde.learning.ui.visualization.ids import VisualizationId, setting
from sonde.learning.ui.visualization.state import ViewState
from sonde.platform.ui.components import card, columns, note, stack
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import count

Found = Mapping[str, Any]
_MOST_BARS: Final = 25
_ROW_PX: Final = 19
_SURE: Final = 0.0


def features_panel(found: Found, state: ViewState, _arrays: Any = None) -> list[Any]:
    """Return what was asked of the features."""
    if found["look"] == "correlation":
        return [_correlation(found)]
    if found["look"] == "distributions":
        return [_distributions(found, state.feature)]
    return _importance(found)


def _height(n_rows: int) -> int:
    return 110 + _ROW_PX * n_rows


def _importance(found: Found) -> list[Any]:
    if found["eats_features"]:
        return [columns([_lost(found), _shares(found)], minimum=420)]
    words = (
        f"{found['model']} eats windows and no features: it cannot be asked what it loses without "
        "one. What each feature tells of the classes stands below."
    )
    return [note(words), _shares(found)]


def _lost(found: Found) -> Any:
    rows = sorted(zip(found["names"], found["lost"], strict=True), key=lambda row: -row[1]["lost"])
    surely = [name for name, row in rows if (row["interval"][0] or 0.0) > _SURE]
    best, most = rows[0]
    shown = rows[:_MOST_BARS]
    chart = graph(
        lost_figure(shown),
        id=VisualizationId.LOST,
        name="Accuracy that the model loses without each feature",
        summary=f"Without {best} it is right {most['lost']:.1%} less often; "
        f"{len(surely)} of {len(rows)} features are surely missed.",
        twin=Twin(
            [
                Column("Feature"),
                Column("Accuracy lost", numeric=True),
                Column("95 %", numeric=True),
            ],
            [[name, f"{row['lost']:.4f}", _between(row["interval"])] for name, row in rows],
        ),
        height=_height(len(shown)),
    )
    words = (
        f"Each feature is given another sample's value: {count(found['n_tested'])} samples of "
        f"{found['n_groups']} {found['group_noun']}s, asked of models that never saw them. "
        "Features that say the same stand in for each other, and then none seems to matter."
    )
    return card(chart, title=f"What {found['model']} loses without it", description=words)


def _between(bounds: list[float | None]) -> str:
    low, high = bounds
    return "–" if low is None or high is None else f"{low:.4f} to {high:.4f}"


def _shares(found: Found) -> Any:
    noun = found["group_noun"]
    rows = sorted(
        zip(found["names"], found["between_classes"], found["between_groups"], strict=True),
        key=lambda row: -row[1],
    )
    doubtful = sum(own > told for _, told, own in rows)
    shown = rows[:_MOST_BARS]
    chart = graph(
        shares_figure(shown, noun),
        id=VisualizationId.SHARES,
        name=f"Share of each feature's variance between classes and between {noun}s",
        summary=f"{rows[0][0]} tells most of the class ({rows[0][1]:.0%} of its variance); "
        f"{doubtful} of {len(rows)} features tell more of the {noun} than of the class.",
        twin=Twin(
            [
                Column("Feature"),
                Column("Between classes", numeric=True),
                Column(f"Between {noun}s of one class", numeric=True),
            ],
            [[name, f"{told:.1%}", f"{own:.1%}"] for name, told, own in rows],
        ),
        height=_height(len(shown)),
    )
    words = (
        f"Variance of ranks over {count(found['n_samples'])} samples. A feature that mostly "
        f"differs between {noun}s of the same class recognises its {noun}: a leak waiting to "
        "happen."
    )
    return card(chart, title="What each tells alone", description=words)


def _correlation(found: Found) -> Any:
    names = [found["names"][place] for place in found["order"]]
    pairs = found["pairs"]
    first = f"; most of all {pairs[0][0]} and {pairs[0][1]} ({pairs[0][2]:+.2f})" if pairs else ""
    chart = graph(
        correlation_figure(names, found["correlation"]),
        id=VisualizationId.CORRELATION,
        name="Rank correlation of every two features",
        summary=f"{count(found['n_alike'])} pairs of features say nearly the same "
        f"(at least {found['alike']:.1f} either way){first}.",
        twin=Twin(
            [Column("Feature"), Column("Other feature"), Column("Correlation", numeric=True)],
            [[one, other, f"{value:+.3f}"] for one, other, value in pairs],
        ),
        height=min(max(420, 14 * len(names) + 150), 900),
    )
    words = f"Spearman's, over {count(found['n_samples'])} samples; alike ones stand together."
    return card(chart, title="Which say the same", description=words)


def _distributions(found: Found, wanted: str) -> Any:
    names, told = found["names"], found["between_classes"]
    order = sorted(range(len(names)), key=lambda place: -told[place])
    place = names.index(wanted) if wanted in names else order[0]
    choose = dmc.Select(
        id=setting("feature"),
        label="Feature",
        data=[
            {"value": names[one], "label": f"{names[one]} · {told[one]:.0%} between classes"}
            for one in order
        ],
        value=names[place],
        searchable=True,
        allowDeselect=False,
        maw=420,
    )
    noun = found["group_noun"]
    classes = found["classes"]
    middles = sorted(classes, key=lambda one: one["values"][place][2])
    heads = ["5 %", "25 %", "Median", "75 %", "95 %"]
    chart = graph(
        spread_figure(classes, place, names[place]),
        id=VisualizationId.SPREAD,
        name=f"{names[place]} of every class",
        summary=f"{told[place]:.0%} of its variance lies between classes, "
        f"{found['between_groups'][place]:.0%} between {noun}s of one class; the median is lowest "
        f"in {middles[0]['name']} and highest in {middles[-1]['name']}.",
        twin=Twin(
            [
                Column("Class"),
                Column("Samples", numeric=True),
                Column(f"{noun.capitalize()}s", numeric=True),
                *(Column(head, numeric=True) for head in heads),
            ],
            [
                [
                    one["name"],
                    count(one["n_samples"]),
                    count(one["n_groups"]),
                    *(f"{value:.4g}" for value in one["values"][place]),
                ]
                for one in classes
            ],
        ),
        height=400,
    )
    words = "Boxes hold the middle half of the samples, whiskers 5 to 95 %."
    return card(stack([choose, chart]), title="How it is spread", description=words)
