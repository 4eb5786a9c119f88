"""The result of an experiment: one number, how sure it is, and how it came about."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.experiments import Experiment, ExperimentSummary
from sonde.learning.ui.experiment_result.ids import ResultId
from sonde.learning.ui.experiment_result.made import asked_for
from sonde.learning.ui.experiment_result.overview import headline
from sonde.learning.ui.experiment_result.state import TABS, ResultState
from sonde.learning.ui.marks import honesty_badge
from sonde.learning.ui.registry.registering import register_action
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import PageView, button_link, card, facts, note, stack
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago


def result_view(
    experiment: Experiment, job: Job | None, state: ResultState, panel: Sequence[Any]
) -> PageView:
    """Return the page, whatever state the experiment is in."""
    summary = experiment.summary
    marks = [] if summary.is_honest is None else [honesty_badge(summary.is_honest)]
    return PageView(
        summary.title,
        [
            dcc.Store(id=ResultId.WHICH, data=experiment.id),
            dcc.Store(id=ResultId.STATE, data=state.as_store()),
            html.Div(
                result_body(experiment, job, state, panel),
                id=ResultId.BODY,
                className="sonde-stack",
            ),
        ],
        description=_how(summary),
        marks=marks,
        actions=_actions(experiment),
        crumb="Result",
    )


def result_body(
    experiment: Experiment, job: Job | None, state: ResultState, panel: Sequence[Any]
) -> list[Any]:
    """Return the content below the heading; `panel` is what the tab of `state` shows."""
    if experiment.result is None:
        return [*_waiting(job, experiment.id), _asked(experiment)]
    return [
        dcc.Store(id=ResultId.FINISHED, data=True),
        headline(experiment.result),
        html.Div(_tabs(state)),
        dcc.Loading(
            html.Div(list(panel), id=ResultId.PANEL, className="sonde-stack"),
            delay_show=400,
            custom_spinner=dmc.Loader(size="sm"),
        ),
    ]


def _tabs(state: ResultState) -> Any:
    # One panel serves every tab; the hidden words tell those who listen where it stands.
    hidden = [
        dmc.TabsPanel(html.Span(f"{words}: below", className="sonde-hidden"), value=name)
        for name, words in TABS.items()
    ]
    return dmc.Tabs(
        [dmc.TabsList([dmc.TabsTab(words, value=name) for name, words in TABS.items()]), *hidden],
        id=ResultId.TAB,
        value=state.tab,
        className="sonde-scroll-x",
    )


def _actions(experiment: Experiment) -> list[Any]:
    again = f"/experiment/new?{urlencode({'clone': experiment.id})}"
    actions = [button_link("Train another", again, icon_name="tabler:copy")]
    if experiment.result is not None:
        evaluate = f"/evaluation?{urlencode({'experiment': experiment.id})}"
        register = register_action(experiment.id, experiment.summary.title)
        evaluate_link = button_link("Evaluate", evaluate, icon_name="tabler:target")
        compare = f"/compare?{urlencode({'ids': experiment.id})}"
        compare_link = button_link("Compare", compare, icon_name="tabler:arrows-split")
        actions = [register, evaluate_link, compare_link, *actions]
    return actions


def _how(summary: ExperimentSummary) -> str:
    detail = summary.split_detail.replace("_", " ")
    split_by = f"{summary.policy_title}: {detail}" if detail else summary.policy_title
    return f"{summary.model_title} on {summary.ref_title}, {split_by}, {ago(summary.created_at)}"


def _asked(experiment: Experiment) -> Any:
    return card(facts(asked_for(experiment)), title="What was asked for")


def _waiting(job: Job | None, experiment_id: str) -> list[Any]:
    if job is None:
        return [note("The job behind this experiment is not there any more.", Tone.WARN)]
    is_over = job.state.is_final
    watch = button_link(
        "Look at its curves and its log" if is_over else "Watch the training",
        f"/experiment/{experiment_id}/monitor",
        icon_name="tabler:activity",
    )
    words = (
        "It ended without a result. Start it again, or train another with other settings."
        if is_over
        else "You can leave this page; the training goes on and the bell rings."
    )
    return [card(stack([job_progress(job), watch]), title="Training", description=words)]
