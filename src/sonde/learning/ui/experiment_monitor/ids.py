"""Identifiers of the monitor."""

from enum import StrEnum


class MonitorId(StrEnum):
    """The parts of the page."""

    WHICH = "learning-monitor-which"
    STATE = "learning-monitor-state"
    BUTTONS = "learning-monitor-buttons"
    PARTS = "learning-monitor-parts"
    CURVES = "learning-monitor-curves"
    STAMP = "learning-monitor-stamp"
    PART = "learning-monitor-part"
    LEVEL = "learning-monitor-level"
    TEXT = "learning-monitor-text"
    LOG = "learning-monitor-log"
    TICK = "learning-monitor-tick"
    ASKED = "learning-monitor-asked"
    DRAWN = "learning-monitor-drawn"
    KEPT = "learning-monitor-kept"
    CONFIRM = "learning-monitor-confirm"
    CONFIRM_OPEN = "learning-monitor-confirm-open"


class MonitorType(StrEnum):
    """Types of pattern-matching identifiers; the other key is ``"action"`` or ``"chart"``."""

    ACTION = "learning-monitor-action"
    CHART = "learning-monitor-chart"
