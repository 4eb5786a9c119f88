"""Identifiers of the visualization page."""

from enum import StrEnum


class VisualizationId(StrEnum):
    """The parts of the page."""

    STATE = "learning-visualization-state"
    CHANGED = "learning-visualization-changed"
    SUBJECT = "learning-visualization-subject"
    TAB = "learning-visualization-tab"
    BODY = "learning-visualization-body"
    ASK = "learning-visualization-ask"
    MAP = "learning-visualization-map"
    ACTIVATIONS = "learning-visualization-activations"
    WINDOW = "learning-visualization-window"
    GRADIENT = "learning-visualization-gradient"
    SPECTRUM = "learning-visualization-spectrum"
    PICKED = "learning-visualization-picked"
    PICTURE = "learning-visualization-picture"
    LOST = "learning-visualization-lost"
    SHARES = "learning-visualization-shares"
    CORRELATION = "learning-visualization-correlation"
    SPREAD = "learning-visualization-spread"
    FILTERS = "learning-visualization-filters"


class VisualizationType(StrEnum):
    """Types of pattern-matching identifiers."""

    SETTING = "learning-visualization-setting"


def setting(name: str) -> dict[str, str]:
    """Return the id of a control whose value the address keeps."""
    return {"type": VisualizationType.SETTING, "name": name}
