"""Identifiers of the page that makes data."""

from enum import StrEnum


class MakeId(StrEnum):
    """The parts of the page."""

    FORM = "bearings-make-form"
    BASE = "bearings-make-base"
    WANTED = "bearings-make-wanted"
    CONFIG = "bearings-make-config"
    TITLES = "bearings-make-titles"
    VERDICT = "bearings-make-verdict"
    KIND = "bearings-make-kind"
    EQUATIONS = "bearings-make-equations"
    PRESET = "bearings-make-preset"
    SAVED = "bearings-make-saved"
    VISITED = "bearings-make-visited"
    SAVE_NAME = "bearings-make-save-name"
    SAVE = "bearings-make-save"
    FORGET = "bearings-make-forget"
    ALL_CLASSES = "bearings-make-all-classes"
    NO_CLASSES = "bearings-make-no-classes"
    CLASS = "bearings-make-class"
    DETAIL = "bearings-make-detail"
    ANOTHER = "bearings-make-another"
    TIME = "bearings-make-time"
    SPECTRUM = "bearings-make-spectrum"
    FACTS = "bearings-make-facts"
    SUMMARY = "bearings-make-summary"
    PROBLEM = "bearings-make-problem"
    NAME = "bearings-make-name"
    VERSION = "bearings-make-version"
    START = "bearings-make-start"
    STARTED = "bearings-make-started"
    SHOWN = "bearings-make-shown"
    PROGRESS = "bearings-make-progress"
    RECENT = "bearings-make-recent"


class MakeType(StrEnum):
    """Types of pattern-matching identifiers; the other key is ``"name"``, the control's."""

    VALUE = "bearings-make-value"
    SWITCH = "bearings-make-switch"
    LOW = "bearings-make-low"
    HIGH = "bearings-make-high"
    ERROR = "bearings-make-error"
