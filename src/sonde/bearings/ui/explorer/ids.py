"""Identifiers of the Data explorer."""

from enum import StrEnum


class ExplorerId(StrEnum):
    """The parts of the page."""

    STATE = "bearings-explorer-state"
    DEFAULTS = "bearings-explorer-defaults"
    WAITING = "bearings-explorer-waiting"
    STARTED = "bearings-explorer-started"
    AGAIN = "bearings-explorer-again"
    DATASET = "bearings-explorer-dataset"
    TABS = "bearings-explorer-tabs"
    CONTROLS = "bearings-explorer-controls"
    PANEL = "bearings-explorer-panel"
    COUNT = "bearings-explorer-count"
    FOOT = "bearings-explorer-foot"
    FOLD = "bearings-explorer-fold"
    LABELS = "bearings-explorer-labels"
    SEVERITIES = "bearings-explorer-severities"
    BEARINGS = "bearings-explorer-bearings"
    SESSIONS = "bearings-explorer-sessions"
    LOADS = "bearings-explorer-loads"
    SPEED_LOW = "bearings-explorer-speed-low"
    SPEED_HIGH = "bearings-explorer-speed-high"
    PER_CLASS = "bearings-explorer-per-class"
    SEED = "bearings-explorer-seed"
    APPLY = "bearings-explorer-apply"
    RESET = "bearings-explorer-reset"
    GRID = "bearings-explorer-grid"


class ExplorerType(StrEnum):
    """Types of pattern-matching identifiers."""

    SETTING = "bearings-explorer-setting"
    RANGE = "bearings-explorer-range"
    CHART = "bearings-explorer-chart"
    START = "bearings-explorer-start"


def setting_id(tab: str, name: str) -> dict[str, str]:
    """Return the identifier of one control of a tab."""
    return {"type": ExplorerType.SETTING.value, "tab": tab, "name": name}


def range_id(place: int, part: str) -> dict[str, str | int]:
    """Return the identifier of one field of a range: ``name``, ``low`` or ``high``."""
    return {"type": ExplorerType.RANGE.value, "place": place, "part": part}


def chart_id(name: str) -> dict[str, str]:
    """Return the identifier of a chart that can be clicked."""
    return {"type": ExplorerType.CHART.value, "name": name}


def start_id(job: str) -> dict[str, str]:
    """Return the identifier of the button that starts a job: ``features`` or ``projection``."""
    return {"type": ExplorerType.START.value, "job": job}
