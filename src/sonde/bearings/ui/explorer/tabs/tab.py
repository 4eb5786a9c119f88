"""What a tab is, and the parts that tabs share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.features.registry import FeatureDefinition
from sonde.bearings.ui.explorer.ids import start_id
from sonde.bearings.ui.explorer.settings import Choices, Said, Setting
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.platform.core.actor import Actor
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import card, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone


@dataclass(frozen=True)
class Offer:
    """What there is to choose from.

    Parameters
    ----------
    labels : tuple of str
        Classes of the data set.
    features : tuple of FeatureDefinition
        What is extracted.
    unit : str
        Of the signals; empty where there are several.
    """

    labels: tuple[str, ...]
    features: tuple[FeatureDefinition, ...]
    unit: str = ""

    @property
    def classes(self) -> Choices:
        """Return the classes as choices."""
        return tuple((label, class_title(label)) for label in self.labels)

    @property
    def figures(self) -> Choices:
        """Return the features as choices."""
        return tuple((one.name, one.title) for one in self.features)

    def first(self, *wanted: str) -> str:
        """Return the first of these features that there is, else any."""
        names = [one.name for one in self.features]
        return next((one for one in wanted if one in names), names[0] if names else "")


@dataclass(frozen=True)
class Drawn:
    """What a tab shows.

    Parameters
    ----------
    children : sequence of components
    waiting : bool
        Whether a job is on its way; the tab is drawn again when jobs change.
    """

    children: Sequence[Any]
    waiting: bool = False


@dataclass(frozen=True)
class Tab:
    """One way of looking.

    Parameters
    ----------
    key, title : str
    settings : callable
        From what there is to what can be chosen.
    draw : callable
        From the person, the state, what is chosen and what there is to components.
    needs_features : bool
    """

    key: str
    title: str
    settings: Callable[[Offer], tuple[Setting, ...]]
    draw: Callable[[Actor, ExplorerState, Said, Offer], Drawn]
    needs_features: bool = False


def no_settings(_offer: Offer) -> tuple[Setting, ...]:
    """Return what can be chosen where nothing can."""
    return ()


def wide(chart: Any) -> Any:
    """Return a chart that needs its width: on small screens it scrolls sideways."""
    inner = html.Div(chart, className="sonde-explore-wide")
    return html.Div(inner, className="sonde-scroll-x", tabIndex=0)


def refusal(message: str) -> Drawn:
    """Return what stands where a tab cannot be drawn, with the reason."""
    words = note(message, Tone.INFO, title="There is nothing to draw")
    return Drawn([html.Div(words, className="sonde-refusal", role="status")])


def on_its_way(job: Job, text: str) -> Drawn:
    """Return how far the job is that computes what the tab shows."""
    return Drawn([card([html.P(text, className="sonde-dim"), job_progress(job)])], waiting=True)


def extraction_offer(job: Job | None, *, may_start: bool) -> Drawn:
    """Return the way to features: the job that extracts them, or the button that starts it."""
    if job is not None:
        return on_its_way(job, "This tab appears when the features are extracted.")
    button = dmc.Button(
        "Extract the 36 features",
        id=start_id("features"),
        leftSection=icon("tabler:player-play", 16),
        disabled=not may_start,
    )
    words = (
        "This tab compares features of the recordings, such as RMS, kurtosis and spectral "
        "centroid. They are computed once for each data set, by a job."
    )
    if not may_start:
        words += " Ask somebody who may change things to extract them."
    body = [
        html.P(words, className="sonde-dim"),
        html.Div(button, className="sonde-row sonde-gap"),
    ]
    return Drawn([card(body, title="The features are not extracted yet")], waiting=True)
