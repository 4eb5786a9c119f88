"""The home page: where things stand, and where to go next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.platform.core.health import PartHealth, health_score
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import (
    PageView,
    badge,
    card,
    columns,
    empty_state,
    split,
    stack,
)
from sonde.platform.ui.home.cards import HomeCard, HomeSlot
from sonde.platform.ui.home.ids import HomeId
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import percent


@dataclass(frozen=True)
class Home:
    """Everything that the home page shows.

    Parameters
    ----------
    name : str
        Of the person.
    cards : tuple of HomeCard
    health : tuple of PartHealth
    loading : tuple of Job
        Jobs that load the sample project.
    """

    name: str
    cards: tuple[HomeCard, ...]
    health: tuple[PartHealth, ...]
    loading: tuple[Job, ...]


def home_view(home: Home) -> PageView:
    """Return the page."""
    return PageView(
        "Home",
        html.Div(home_body(home), id=HomeId.BODY, className="sonde-stack"),
        description=f"Welcome, {home.name}. Every score here says how it was tested.",
    )


def home_body(home: Home) -> list[Any]:
    """Return what changes while one looks at the page."""
    return [
        *[_loading(job) for job in home.loading],
        columns(_in(home, HomeSlot.STAT), minimum=210),
        split(
            stack(_in(home, HomeSlot.MAIN) or [_nothing()]),
            stack(
                [
                    _actions(home),
                    html.Div(health_card(home.health), id=HomeId.HEALTH),
                    *_in(home, HomeSlot.SIDE),
                ]
            ),
        ),
    ]


def health_card(parts: Sequence[PartHealth]) -> Any:
    """Return the health figure with what it is computed from."""
    score = health_score(parts)
    tone = Tone.GOOD if score == 1 else Tone.WARN if score >= 0.5 else Tone.BAD
    ring = dmc.RingProgress(
        sections=[{"value": score * 100, "color": tone.value}],
        size=92,
        thickness=8,
        roundCaps=True,
        label=html.Div(percent(score), className="sonde-ring-label"),
    )
    words = "All parts answer" if score == 1 else "Some parts do not answer"
    lines = [_part(part) for part in parts]
    return card(
        [
            html.Div(
                [ring, html.Div([html.Div(words, className="sonde-strong")])],
                className="sonde-row",
                role="img",
                **{"aria-label": f"Health {percent(score)}. {words}"},
            ),
            html.Ul(lines, className="sonde-health"),
        ],
        title="System health",
    )


def _part(part: PartHealth) -> Any:
    mark = badge("Up", Tone.GOOD) if part.is_up else badge("Down", Tone.BAD, hint=part.detail)
    return html.Li([html.Span(part.name), mark])


def _loading(job: Job) -> Any:
    return card(
        job_progress(job),
        title="Your sample project is being made",
        description="A small simulated data set, a model trained on it, and its honest score.",
    )


def _actions(home: Home) -> Any:
    return card(html.Div(_in(home, HomeSlot.ACTION), className="sonde-actions"), title="Next steps")


def _nothing() -> Any:
    return card(
        empty_state(
            "Nothing measured yet",
            "Import recordings, or wait for the sample project to arrive.",
            icon_name="tabler:wave-sine",
        )
    )


def _in(home: Home, slot: HomeSlot) -> list[Any]:
    chosen = [one for one in home.cards if one.slot is slot]
    return [one.content for one in sorted(chosen, key=lambda one: one.order)]
