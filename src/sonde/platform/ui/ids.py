"""Identifiers of the shell that pages may listen to or write to."""

from enum import StrEnum


class ShellId(StrEnum):
    """The parts of the shell, present on every page."""

    LOCATION = "platform-shell-location"
    CONTENT = "platform-shell-content"
    VIEW = "platform-shell-view"
    AGAIN = "platform-shell-again"
    OFFLINE = "platform-shell-offline"
    PROGRESS = "platform-shell-progress"
    TOASTS = "platform-shell-toasts"
    JOBS_HINT = "platform-shell-jobs-hint"
    NOTIFICATIONS_HINT = "platform-shell-notifications-hint"
    JOBS_STATE = "platform-shell-jobs-state"
    JOBS_CHANGED = "platform-shell-jobs-changed"
    POLL = "platform-shell-poll"
    APP = "platform-shell-app"
    BURGER = "platform-shell-burger"
    THEME = "platform-shell-theme"
    PALETTE = "platform-shell-palette"
    PALETTE_OPEN = "platform-shell-palette-open"
    PALETTE_TEXT = "platform-shell-palette-text"
    PALETTE_LIST = "platform-shell-palette-list"
    TRAY = "platform-shell-tray"
    TRAY_BADGE = "platform-shell-tray-badge"
    TRAY_LIST = "platform-shell-tray-list"
    BELL = "platform-shell-bell"
    BELL_BADGE = "platform-shell-bell-badge"
    BELL_LIST = "platform-shell-bell-list"
    BELL_SEEN = "platform-shell-bell-seen"
    BELL_READ_ALL = "platform-shell-bell-read-all"
    SIGN_OUT = "platform-shell-sign-out"
    SIGN_OUT_EVERYWHERE = "platform-shell-sign-out-everywhere"


class ShellType(StrEnum):
    """Types of pattern-matching identifiers; the other key is ``"job"``."""

    JOB = "platform-job"
    JOB_CANCEL = "platform-job-cancel"
    JOB_RETRY = "platform-job-retry"
