"""What learning puts on the home page."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.experiments import BestScore, ExperimentCounts, ExperimentSummary
from sonde.learning.services import experiments
from sonde.learning.ui.marks import honesty_badge, score_text
from sonde.platform.core.actor import Actor
from sonde.platform.core.jobs import JobState
from sonde.platform.ui.components import (
    Trend,
    badge,
    button_link,
    card,
    empty_state,
    facts,
    rising,
    stat_card,
)
from sonde.platform.ui.home.cards import HomeCard, HomeSlot, quick_action
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago, count, percent


def home_cards(actor: Actor) -> Sequence[HomeCard]:
    """Return the figures, the way to a new experiment, and the latest experiments."""
    return (
        HomeCard(HomeSlot.STAT, 30, best_card(experiments.best_honest_score(actor))),
        HomeCard(HomeSlot.STAT, 40, counts_card(experiments.counts(actor))),
        HomeCard(
            HomeSlot.ACTION,
            20,
            quick_action(
                "Train a model",
                "Choose data, model and an honest split",
                "/experiment/new",
                "tabler:flask",
            ),
        ),
        HomeCard(HomeSlot.MAIN, 10, recent_card(experiments.recent(actor))),
    )


def best_card(best: BestScore | None) -> Any:
    """Return the best honest score and how it moved."""
    if best is None:
        return stat_card(
            "Best honest score", "–", icon_name="tabler:target", hint="No finished experiment yet"
        )
    return stat_card(
        "Best honest score",
        score_text(best.macro_f1),
        icon_name="tabler:target",
        trend=_growth(best),
        href=f"/experiment/{best.experiment_id}/results",
    )


def counts_card(counts: ExperimentCounts) -> Any:
    """Return how many experiments there are and how many are new."""
    trend = rising(f"{counts.this_week} this week") if counts.this_week else Trend("none this week")
    return stat_card(
        "Experiments",
        count(counts.total),
        icon_name="tabler:flask",
        trend=trend,
        href="/experiments",
    )


def recent_card(recent: Sequence[ExperimentSummary]) -> Any:
    """Return the latest experiments; a click opens a summary of each."""
    new = button_link("New experiment", "/experiment/new", icon_name="tabler:plus")
    if not recent:
        return card(
            empty_state(
                "No experiment yet",
                "Train a model on a data set; the split keeps apart what belongs together.",
                icon_name="tabler:flask",
                actions=[new],
            ),
            title="Recent experiments",
        )
    return card(
        dmc.Accordion([_item(one) for one in recent], variant="default", className="sonde-recent"),
        title="Recent experiments",
        actions=[dmc.Anchor("All experiments", href="/experiments", size="sm"), new],
    )


def state_mark(one: ExperimentSummary) -> Any:
    """Return the score with its honesty, or how far the training is."""
    if one.state is JobState.SUCCEEDED and one.macro_f1 is not None:
        score = html.Span(score_text(one.macro_f1), className="sonde-score")
        return html.Div([score, honesty_badge(bool(one.is_honest))], className="sonde-row")
    if one.state is JobState.RUNNING:
        return badge(f"Training {percent(one.fraction)}", Tone.INFO, icon_name="tabler:loader-2")
    if one.state is JobState.FAILED:
        return badge("Failed", Tone.BAD, icon_name="tabler:alert-circle", hint=one.error)
    text = "Cancelled" if one.state is JobState.CANCELLED else "Queued"
    return badge(text, Tone.NEUTRAL, icon_name="tabler:clock")


def _growth(best: BestScore) -> Trend:
    if best.before_this_week is None:
        return rising("first this week")
    gain = best.macro_f1 - best.before_this_week
    return rising(f"{gain:+.3f} this week") if gain > 0 else Trend("as a week ago")


def _item(one: ExperimentSummary) -> Any:
    head = html.Div(
        [
            html.Div(
                [
                    html.Div(one.title, className="sonde-strong"),
                    html.Div(f"{one.policy_title} · {ago(one.created_at)}", className="sonde-dim"),
                ]
            ),
            state_mark(one),
        ],
        className="sonde-row sonde-between sonde-recent-head",
    )
    return dmc.AccordionItem(
        [dmc.AccordionControl(head), dmc.AccordionPanel(_summary(one))], value=one.id
    )


def _summary(one: ExperimentSummary) -> Any:
    rows: list[tuple[str, Any]] = [
        ("Data", one.ref_title),
        ("Model", one.model_title),
        ("Split", " ".join((one.policy_title, one.split_detail.replace("_", " "))).strip()),
    ]
    if one.interval_low is not None and one.interval_high is not None:
        rows.append(("Interval", f"{one.interval_low:.3f} to {one.interval_high:.3f}"))
    if one.leaky_macro_f1 is not None:
        rows.append(("Leaky score", f"{one.leaky_macro_f1:.3f}, of random windows: too good"))
    if one.error:
        rows.append(("Failed", one.error))
    link = button_link(
        "Open result", f"/experiment/{one.id}/results", icon_name="tabler:arrow-right"
    )
    return html.Div([facts(rows), html.Div(link)], className="sonde-stack")
