"""The dialog in which a version becomes champion, or is told why not."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.promotion import Verdict
from sonde.learning.core.registry import Promotion
from sonde.learning.ui.registry.ids import RegistryId, act
from sonde.platform.ui.components import note
from sonde.platform.ui.theme import Tone


def promotion_dialog() -> Any:
    """Return the empty dialog."""
    return dmc.Modal(
        html.Div(id=RegistryId.PROMOTION_BODY, className="sonde-stack"),
        id=RegistryId.PROMOTION,
        title="Promote to champion",
        centered=True,
        size="lg",
    )


def promotion_body(told: Promotion, *, is_admin: bool) -> list[Any]:
    """Return what the rule says, and what can be done about it."""
    number = str(told.version)
    if told.is_allowed:
        button = dmc.Button(f"Make version {number} champion", id=act("promote", number))
        return [
            note(told.sentence, Tone.GOOD, title=f"Version {number} may become champion"),
            *_interval(told.verdict),
            *_whole_comparison(told),
            _hidden_reason(),
            html.Div(button, className="sonde-row sonde-end"),
        ]
    refused = note(told.sentence, Tone.WARN, title=f"Version {number} is not promoted")
    if not is_admin:
        return [refused, *_interval(told.verdict), *_whole_comparison(told), _hidden_reason()]
    return [
        refused,
        *_interval(told.verdict),
        *_whole_comparison(told),
        dmc.Textarea(
            id=RegistryId.REASON,
            label="As an administrator you can promote it all the same",
            description="Say why, in at least ten characters. The reason is kept in the history.",
            autosize=True,
            minRows=2,
            inputProps={"maxLength": 2000},
        ),
        html.Div(
            dmc.Button("Promote all the same", id=act("promote", number), color="orange"),
            className="sonde-row sonde-end",
        ),
    ]


def _whole_comparison(told: Promotion) -> list[Any]:
    """Return the way to the page that says the same with everything behind it."""
    if told.verdict is None or not told.experiments:
        return []
    href = f"/compare?ids={','.join(told.experiments)}"
    return [html.Div(dmc.Anchor("See the whole comparison", href=href, size="sm"))]


def _hidden_reason() -> Any:
    return dmc.Textarea(id=RegistryId.REASON, style={"display": "none"}, label="Reason")


def _interval(verdict: Verdict | None) -> list[Any]:
    """Return the difference on its scale, with nothing in the middle."""
    if verdict is None:
        return []
    reach = max(abs(verdict.low), abs(verdict.high), abs(verdict.difference), 0.01) * 1.15

    def place(value: float) -> float:
        return 50.0 + 50.0 * value / reach

    words = (
        f"Difference {verdict.difference:+.3f}, interval {verdict.low:+.3f} to {verdict.high:+.3f}"
    )
    width = max(0.4, place(verdict.high) - place(verdict.low))
    scale = html.Div(
        [
            html.Span(
                className="sonde-scale-band",
                style={"left": f"{place(verdict.low):.2f}%", "width": f"{width:.2f}%"},
            ),
            html.Span(
                className="sonde-scale-dot", style={"left": f"{place(verdict.difference):.2f}%"}
            ),
        ],
        className="sonde-scale",
    )
    ticks = html.Div(
        [html.Span(f"{-reach:+.2f}"), html.Span("0"), html.Span(f"{reach:+.2f}")],
        className="sonde-scale-ticks",
    )
    few = " They are few, so it is widened." if verdict.few_groups else ""
    caption = html.Div(
        f"Challenger less champion in macro-F1: {verdict.difference:+.3f}, {verdict.level:.0%} "
        f"interval {verdict.low:+.3f} to {verdict.high:+.3f} over {verdict.n_groups} "
        f"{verdict.group_noun}s.{few} It shows the size; the paired test decides, as on the page "
        "Compare.",
        className="sonde-dim",
    )
    return [html.Div([scale, ticks], role="img", **{"aria-label": words}), caption]
