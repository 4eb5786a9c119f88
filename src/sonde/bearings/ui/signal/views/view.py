"""What a view is, and the parts that views share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from sonde.bearings.ui.signal.ids import chart_id
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.platform.ui.components import note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.theme import Tone

HEIGHT = 440
LINES = Setting(
    "lines",
    "Mark",
    "shaft,bearing",
    (("shaft", "Shaft"), ("bearing", "Bearing")),
    Kind.MANY,
)


@dataclass(frozen=True)
class View:
    """One way of looking at a recording.

    Parameters
    ----------
    key, title, description : str
    settings : tuple of Setting
    panel : callable
        From what was found, the state and what is chosen to components.
    has_zoom : bool
        Whether a part of the horizontal axis can be looked at on its own.
    """

    key: str
    title: str
    description: str
    settings: tuple[Setting, ...]
    panel: Callable[[Any, ViewState, Values], Sequence[Any]]
    has_zoom: bool = True

    def values(self, state: ViewState) -> Values:
        """Return what is chosen here."""
        return Values(self.settings, state.said)


def chart(
    view: str, figure: Any, *, name: str, summary: str, twin: Twin, height: int = HEIGHT
) -> Any:
    """Return a view's chart; its zoom is its own, and does not pass on to the next view."""
    figure.layout.uirevision = view
    return graph(figure, id=chart_id(view), name=name, summary=summary, twin=twin, height=height)


def refusal(message: str) -> Any:
    """Return what stands where a view cannot be drawn, with the reason."""
    return html.Div(
        note(message, Tone.INFO, title="This view needs something that is not there"),
        className="sonde-refusal",
        role="status",
    )
