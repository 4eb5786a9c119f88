"""Identifiers of the page that compares experiments."""

from enum import StrEnum


class CompareId(StrEnum):
    """The parts of the page."""

    CHOSEN = "learning-compare-chosen"
    SHOWN = "learning-compare-shown"
    VISITED = "learning-compare-visited"
    WRONG = "learning-compare-wrong"
    STATE = "learning-compare-state"
    TABS = "learning-compare-tabs"
    HEAD = "learning-compare-head"
    PANEL = "learning-compare-panel"
    RANKS = "learning-compare-ranks"
    GAP = "learning-compare-gap"
    SCORES = "learning-compare-scores"
    FOLDS = "learning-compare-folds"
    CURVES = "learning-compare-curves"
    CONFUSION = "learning-compare-confusion"
    SLICES = "learning-compare-slices"
    PARALLEL = "learning-compare-parallel"
    KEEP_OPEN = "learning-compare-keep-open"
    KEEP_MODAL = "learning-compare-keep-modal"
    KEEP_NAME = "learning-compare-keep-name"
    KEEP_NOTE = "learning-compare-keep-note"
    KEEP = "learning-compare-keep"
    KEPT = "learning-compare-kept"


class CompareType(StrEnum):
    """Controls of which there are several."""

    SETTING = "learning-compare-setting"
    FORGET = "learning-compare-forget"
