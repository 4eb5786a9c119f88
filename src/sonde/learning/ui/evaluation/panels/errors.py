"""Mistakes to look at, kinds of errors, and labels that may be wrong."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc

from sonde.learning.ui.evaluation.figures import cluster_figure
from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.panels.panel import Linked, figure, share
from sonde.platform.ui.components import card, columns, note, stack
from sonde.platform.ui.figures import Axis, Twin, bars, graph, new_figure
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_SHOWN = 15
_MOST_BARS = 30
_OFTEN_WRONG = 0.2


def panel(found: Mapping[str, Any], linked: Linked) -> list[Any]:
    """Return what a person should look at, the surest mistakes first."""
    if not found["n_errors"]:
        return [
            note("Every held-out sample was told right: there is no error to analyse.", Tone.GOOD)
        ]
    return [
        columns([_clusters(found), _groups(found)], minimum=420),
        _cluster_table(found, linked),
        _mistakes(found, linked),
        _labels(found, linked),
    ]


def _look(href: str, words: str) -> Any:
    return dmc.Anchor(words, href=href, size="sm") if href else words


def _clusters(found: Mapping[str, Any]) -> Any:
    clusters = found["clusters"]
    rows = clusters["rows"]
    first = rows[0]
    apart = (
        "they do not fall into separate kinds"
        if clusters["silhouette"] is None
        else f"{len(rows)} kinds stand apart (silhouette {figure(clusters['silhouette'], 2)})"
    )
    chart = graph(
        cluster_figure(clusters["points"], [row["name"] for row in rows]),
        id=EvaluationId.CLUSTERS,
        name="Errors in feature space",
        summary=f"{count(found['n_errors'])} of {count(found['n_samples'])} samples are told "
        f"wrong; {apart}. The largest takes {first['label']} for {first['told']}.",
        twin=Twin(
            [Column("Cluster"), Column("Errors", numeric=True), Column("Mostly")],
            [
                [row["name"], count(row["n_samples"]), f"{row['label']} taken for {row['told']}"]
                for row in rows
            ],
        ),
        height=360,
    )
    shown = share(clusters["explained"])
    return card(
        chart,
        title="Errors in feature space",
        description=f"The two directions in which samples vary most; they show {shown} of it.",
    )


def _groups(found: Mapping[str, Any]) -> Any:
    noun = found["group_noun"]
    rows = found["by_group"][:_MOST_BARS]
    bad = sum(row["error_rate"] > 0.5 for row in found["by_group"])
    chart = graph(
        new_figure(
            [bars([row["group"] for row in rows], [row["error_rate"] for row in rows])],
            x=Axis(grid=False, categories=[row["group"] for row in rows]),
            y=Axis("Share told wrong", range=(0, 1.02)),
        ),
        id=EvaluationId.GROUPS,
        name=f"Errors of every {noun}",
        summary=f"{rows[0]['group']} is told wrong most often, {share(rows[0]['error_rate'])}; "
        f"{bad} of {found['n_groups']} {noun}s are wrong more often than right.",
        twin=Twin(
            [
                Column(noun.capitalize()),
                Column("Told wrong", numeric=True),
                Column("Errors", numeric=True),
                Column("Samples", numeric=True),
            ],
            [
                [
                    row["group"],
                    share(row["error_rate"]),
                    count(row["n_errors"]),
                    count(row["n_samples"]),
                ]
                for row in found["by_group"]
            ],
        ),
        height=360,
    )
    more = found["n_groups"] - len(rows)
    words = f"The worst {len(rows)}; the table holds {more} more." if more > 0 else "Worst first."
    return card(chart, title=f"Errors by {noun}", description=words)


def _cluster_table(found: Mapping[str, Any], linked: Linked) -> Any:
    rows = found["clusters"]["rows"]
    hrefs = linked([row["example"] for row in rows])
    noun = found["group_noun"]
    values = [
        [
            row["name"],
            count(row["n_samples"]),
            f"{row['label']} → {row['told']} ({share(row['share_of_pair'])})",
            ", ".join(f"{name} ({number})" for name, number in row["groups"]),
            ", ".join(f"{name} {gap:+.1f}" for name, gap in row["features"]),
            _look(href, row["example"]["recording"]),
        ]
        for row, href in zip(rows, hrefs, strict=True)
    ]
    heads = (
        Column("Cluster"),
        Column("Errors", numeric=True),
        Column("Mostly"),
        Column(f"{noun.capitalize()}s"),
        Column("Unlike right ones in"),
        Column("Surest mistake"),
    )
    return card(
        plain_table(heads, values),
        title="Kinds of errors",
        description="Features in which they differ from right samples of the same classes, in "
        "spreads of all samples.",
    )


def _mistakes(found: Mapping[str, Any], linked: Linked) -> Any:
    shown = found["mistakes"][:_SHOWN]
    hrefs = linked(shown)
    values = [
        [
            _look(href, f"{one['recording']} · {one['first']:,} to {one['last']:,}"),
            one["label"],
            one["told"],
            figure(one["probability"]),
            one["group"],
            ", ".join(
                f"{name.replace('_', ' ')} {said}"
                for name, said in one["attributes"].items()
                if said
            ),
        ]
        for one, href in zip(shown, hrefs, strict=True)
    ]
    heads = (
        Column("Sample"),
        Column("Is"),
        Column("Told"),
        Column("Probability", numeric=True),
        Column(found["group_noun"].capitalize()),
        Column("Conditions"),
    )
    return card(
        plain_table(heads, values),
        title="Confident mistakes",
        description=f"The surest {len(shown)} of {count(found['n_errors'])} wrong answers; each "
        "leads to its signal.",
        id=EvaluationId.MISTAKES,
    )


def _labels(found: Mapping[str, Any], linked: Linked) -> Any:
    doubted = found["label_errors"]
    if not doubted["n_candidates"]:
        return note("No label is confidently contradicted by the held-out predictions.", Tone.GOOD)
    shown = doubted["recordings"][:_SHOWN]
    hrefs = linked(shown)
    values = [
        [
            _look(href, one["recording"]),
            one["label"],
            one["suggested"],
            f"{share(one['share'])} of {count(one['n_samples'])}",
            figure(one["margin"]),
            one["group"],
        ]
        for one, href in zip(shown, hrefs, strict=True)
    ]
    heads = (
        Column("Recording"),
        Column("Label"),
        Column("Looks like"),
        Column("Samples that say so", numeric=True),
        Column("Margin", numeric=True),
        Column(found["group_noun"].capitalize()),
    )
    words = (
        f"{count(doubted['n_candidates'])} samples ({share(doubted['share'])}) are confidently of "
        "another class than their label (confident learning). A whole recording that says so is "
        "either hard or labelled wrongly: look before you correct."
    )
    if found["error_rate"] > _OFTEN_WRONG:
        words += (
            f" This model is wrong in {share(found['error_rate'])} of the cases: most of these "
            "doubts are its own errors. Ask a better model."
        )
    return stack([card(plain_table(heads, values), title="Labels in doubt", description=words)])
