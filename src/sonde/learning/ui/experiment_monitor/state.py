"""The state of a training on the monitor: figures, words, and what can be done to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.runs import LEVELS, Action, RunView, Wish
from sonde.learning.ui.experiment_monitor.ids import MonitorId, MonitorType
from sonde.learning.ui.marks import score_text
from sonde.platform.core.jobs import JobState
from sonde.platform.core.ports import utc_now
from sonde.platform.ui.components import badge, card, columns, note, stat_card
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import progress_text, state_badge
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import duration, percent

_BUTTONS: Final[Mapping[Action, tuple[str, str]]] = {
    Action.PAUSE: ("Pause", "tabler:player-pause"),
    Action.RESUME: ("Resume", "tabler:player-play"),
    Action.STOP: ("Stop now, keep the best", "tabler:player-stop"),
}


@dataclass(frozen=True)
class State:
    """What the page is looking at; kept in its address."""

    part: str = ""
    level: str = "info"
    text: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "State":
        """Return the state that an address names."""
        level = query.get("level", "info")
        part, text = query.get("part", ""), query.get("text", "")
        return cls(part[:100], level if level in LEVELS else "info", text[:200])


def asked_for(level: str | None, text: str | None) -> State:
    """Return the state with the lines that the fields name."""
    return State.of_query({"level": level or "info", "text": text or ""})


def state_words(view: RunView) -> str:
    """Say what is trained."""
    summary = view.summary
    return f"{summary.model_title} on {summary.ref_title}, {summary.policy_title.lower()}"


def state_panel(view: RunView) -> Any:
    """Return the bar of the whole training and its figures."""
    job, summary = view.job, view.summary
    is_over = summary.state.is_final
    words = progress_text(job) if job and not summary.error else summary.state.value.capitalize()
    if not is_over and view.wish is Wish.PAUSE:
        words = f"Paused at {percent(summary.fraction)}; the training keeps its worker"
    elif not is_over and view.wish is Wish.STOP:
        words = f"Stopping; the best so far is kept · {percent(summary.fraction)}"
    bar = dmc.Progress(
        value=round(summary.fraction * 100, 1),
        size="lg",
        animated=summary.state is JobState.RUNNING and view.wish is Wish.NOTHING,
        striped=summary.state is JobState.RUNNING,
        transitionDuration=300,
        mt=12,
        **{"aria-label": "Progress of the training"},
    )
    head = html.Div([html.Span(words), *_badge(view)], className="sonde-row")
    return html.Div(
        [*_remarks(view), card([head, bar]), columns(_figures(view), minimum=150)],
        className="sonde-stack",
    )


def _badge(view: RunView) -> list[Any]:
    if view.job is None:
        return []
    if view.wish is Wish.PAUSE and not view.summary.state.is_final:
        return [badge("Paused", Tone.WARN, icon_name="tabler:player-pause")]
    return [state_badge(view.job)]


def _remarks(view: RunView) -> list[Any]:
    summary = view.summary
    if summary.error:
        return [note(summary.error, Tone.BAD, title="The training failed")]
    if summary.state is JobState.CANCELLED:
        return [note("Nothing of it was kept but its curves and its log.", title="Cancelled")]
    return []


def _figures(view: RunView) -> list[Any]:
    job, summary = view.job, view.summary
    folds = [part for part in view.parts if part.name.startswith("fold ")]
    done = sum(part.fraction >= 1.0 for part in folds)
    scores = [part.macro_f1 for part in folds if part.macro_f1 is not None]
    left = job.eta_s if job and view.wish is not Wish.PAUSE else None
    mean = sum(scores) / len(scores) if scores else None
    score = summary.macro_f1 if summary.macro_f1 is not None else mean
    hint = "mean of the folds so far" if scores else "known after the first fold"
    if summary.macro_f1 is not None:
        hint = "final, held-out groups"
    elif summary.state.is_final:
        hint = "it ended before it was known"
    return [
        stat_card("Progress", percent(summary.fraction), icon_name="tabler:progress"),
        _time_card(view, left),
        stat_card("Folds", f"{done} of {len(folds)}" if folds else "–", icon_name="tabler:stack-2"),
        stat_card("Macro-F1", score_text(score), icon_name="tabler:target", hint=hint),
    ]


def _time_card(view: RunView, left_s: float | None) -> Any:
    job = view.job
    if job is None or job.started_at is None:
        return stat_card("Time left", "unknown", icon_name="tabler:hourglass")
    passed = duration(max(0.0, ((job.finished_at or utc_now()) - job.started_at).total_seconds()))
    if job.state.is_final:
        return stat_card("Took", passed, icon_name="tabler:hourglass")
    left = "unknown" if left_s is None else duration(max(left_s, 1.0))
    return stat_card("Time left", left, icon_name="tabler:hourglass", hint=f"{passed} so far")


def buttons(view: RunView) -> list[Any]:
    """Return what the looking person may do now."""
    if view.summary.state.is_final or not view.may_control:
        return []
    flow = Action.RESUME if view.wish is Wish.PAUSE else Action.PAUSE
    shown = [] if view.wish is Wish.STOP else [_button(flow), _button(Action.STOP)]
    cancel = dmc.Button(
        "Cancel",
        id=MonitorId.CONFIRM_OPEN,
        variant="default",
        size="sm",
        leftSection=icon("tabler:x", 16),
    )
    return [*shown, cancel]


def button_stamp(view: RunView) -> str:
    """Return a mark of what may be done; the same mark, the same buttons."""
    return f"{view.summary.state.is_final} {view.wish} {view.may_control}"


def _button(action: Action) -> Any:
    text, name = _BUTTONS[action]
    return dmc.Button(
        text,
        id={"type": MonitorType.ACTION.value, "action": action.value},
        variant="default",
        size="sm",
        leftSection=icon(name, 16),
    )


def confirm_cancel(title: str) -> Any:
    """Return the question before a training is thrown away."""
    return dmc.Modal(
        [
            html.P(
                f"{title} ends at once, and nothing of it is kept but its curves and its log. "
                "To keep the best model so far, use Stop now."
            ),
            html.Div(
                dmc.Button(
                    "Cancel the training",
                    id={"type": MonitorType.ACTION.value, "action": Action.CANCEL.value},
                    color="red",
                    leftSection=icon("tabler:x", 16),
                ),
                className="sonde-row sonde-modal-foot",
            ),
        ],
        id=MonitorId.CONFIRM,
        title="Cancel this training?",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )
