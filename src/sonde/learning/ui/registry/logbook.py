"""What was moved and what was told: the history of aliases and the log of predictions."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.registry import AliasMove, MoveKind
from sonde.learning.core.served import LoggedAnswer, VerdictCount
from sonde.platform.ui.components import badge, card, stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count, moment

_TONES = {
    MoveKind.PROMOTED: Tone.GOOD,
    MoveKind.OVERRIDDEN: Tone.WARN,
    MoveKind.ROLLED_BACK: Tone.WARN,
}


def history_panel(moves: Sequence[AliasMove]) -> Any:
    """Return how aliases were moved, newest first."""
    if not moves:
        return card(html.P("No alias was set yet.", className="sonde-dim"))
    items = [
        dmc.TimelineItem(
            [
                html.Div(
                    [
                        badge(one.kind.value.capitalize(), _TONES.get(one.kind, Tone.NEUTRAL)),
                        html.Span(f"{moment(one.at)}, by {one.by}", className="sonde-dim"),
                    ],
                    className="sonde-row",
                ),
                html.P(one.reason) if one.reason else None,
            ],
            title=_moved(one),
        )
        for one in moves
    ]
    return card(
        dmc.Timeline(items, active=len(items), bulletSize=12, className="sonde-timeline"),
        title="History",
        description="Every move of an alias, with what the rule found or what a person wrote.",
    )


def _moved(one: AliasMove) -> str:
    before = f"version {one.from_number}" if one.from_number else "nobody"
    after = f"version {one.to_number}" if one.to_number else "nobody"
    return f"{one.alias.capitalize()}: {before} to {after}"


def log_panel(log: Sequence[LoggedAnswer], verdicts: Sequence[VerdictCount]) -> Any:
    """Return what the model said, newest first, and how often it told each class."""
    if not log:
        return card(
            html.P(
                "Nothing was asked yet. Every answer is noted here with the hash of what was "
                "asked, whichever way it came.",
                className="sonde-dim",
            )
        )
    heads = (
        Column("When"),
        Column("Version", numeric=True),
        Column("Verdict"),
        Column("Probability", numeric=True),
        Column("Unlike training"),
        Column("What"),
        Column("Way"),
        Column("Asked by"),
        Column("ms", numeric=True),
        Column("Input hash"),
    )
    return stack(
        [
            card(_counts(verdicts), title="Told so far"),
            card(
                plain_table(heads, [_row(one) for one in log]),
                title="Latest answers",
                description="The newest 10,000 answers are kept; signals are not.",
            ),
        ]
    )


def _row(one: LoggedAnswer) -> list[Any]:
    said = one.answered
    unlike = {None: "–", True: "yes", False: "no"}[said.is_unlike_training]
    return [
        f"{one.at:%Y-%m-%d %H:%M:%S}",
        one.version,
        said.verdict,
        f"{max(said.probabilities.values(), default=0.0):.1%}",
        unlike,
        said.name or f"{said.n_samples} samples",
        one.way.value,
        one.caller,
        f"{said.latency_ms:.1f}",
        html.Code(said.input_hash[:12]),
    ]


def _counts(verdicts: Sequence[VerdictCount]) -> Any:
    heads = (Column("Version"), Column("Verdict"), Column("Answers", numeric=True))
    return plain_table(heads, [[one.version, one.verdict, count(one.count)] for one in verdicts])
