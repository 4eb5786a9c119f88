"""Identifiers of the desk's sidebar; pages may listen to `NEWS` and `CHANGED`."""

from enum import StrEnum


class DeskId(StrEnum):
    """The parts of the sidebar."""

    SIDE = "markets-desk-side"
    TOGGLE = "markets-desk-toggle"
    BODY = "markets-desk-body"
    TICK = "markets-desk-tick"
    NEWS = "markets-desk-news"
    CHANGED = "markets-desk-changed"
    CHOSEN = "markets-desk-chosen"
    SYMBOL = "markets-desk-symbol"
    MARKET = "markets-desk-market"
    LIVE = "markets-desk-live"
    ACCOUNT = "markets-desk-account"
    MONEY = "markets-desk-money"
    SET_TO = "markets-desk-set-to"
    SET = "markets-desk-set"
    RESET_ASK = "markets-desk-reset-ask"
    RESET_MODAL = "markets-desk-reset-modal"
    RESET_KEEP = "markets-desk-reset-keep"
    RESET = "markets-desk-reset"
    FILTERS = "markets-desk-filters"
    FILTERED = "markets-desk-filtered"
    VOTES = "markets-desk-votes"
    CONFIDENCE = "markets-desk-confidence"


class GuardId(StrEnum):
    """Risk settings, kill switch and locks."""

    STOP_REQUIRED = "markets-desk-risk-stop-required"
    SAVE = "markets-desk-risk-save"
    VERSION = "markets-desk-risk-version"
    SAID = "markets-desk-risk-said"
    PAST_OPEN = "markets-desk-risk-past-open"
    PAST = "markets-desk-risk-past"
    STATE = "markets-desk-guard-state"
    REASON = "markets-desk-guard-reason"
    STOP = "markets-desk-guard-stop"
    CLOSE_ASK = "markets-desk-guard-close-ask"
    CLOSE_MODAL = "markets-desk-guard-close-modal"
    CLOSE_KEEP = "markets-desk-guard-close-keep"
    CLOSE = "markets-desk-guard-close"
    RELEASE = "markets-desk-guard-release"
    LOCK_SYMBOL = "markets-desk-lock-symbol"
    LOCK_SIDE = "markets-desk-lock-side"
    LOCK_MINUTES = "markets-desk-lock-minutes"
    LOCK_REASON = "markets-desk-lock-reason"
    LOCK = "markets-desk-lock"
    LOCKS = "markets-desk-locks"
    LOCK_GONE = "markets-desk-lock-gone"


class DeskType(StrEnum):
    """Types of pattern-matching identifiers."""

    RISK = "markets-desk-risk"
    UNLOCK = "markets-desk-unlock"
