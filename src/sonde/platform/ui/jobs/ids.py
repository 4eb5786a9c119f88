"""Identifiers of the Jobs page."""

from enum import StrEnum


class JobsId(StrEnum):
    """The parts of the Jobs page."""

    STATE = "platform-jobs-state"
    GRID = "platform-jobs-grid"
    COUNT = "platform-jobs-count"
    DRAWER = "platform-jobs-drawer"
    DETAIL = "platform-jobs-detail"
    OPENED = "platform-jobs-opened"
