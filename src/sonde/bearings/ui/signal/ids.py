"""Identifiers of the Signal page."""

from enum import StrEnum


class SignalId(StrEnum):
    """The parts of the page."""

    STATE = "bearings-signal-state"
    DEFAULTS = "bearings-signal-defaults"
    CLICKED = "bearings-signal-clicked"
    GO = "bearings-signal-go"
    WENT = "bearings-signal-went"
    SAVED = "bearings-signal-saved"
    FOLDED = "bearings-signal-folded"
    FIND = "bearings-signal-find"
    CHANNEL = "bearings-signal-channel"
    BEARING = "bearings-signal-bearing"
    UNIT = "bearings-signal-unit"
    COMPARE = "bearings-signal-compare"
    VIEWS = "bearings-signal-views"
    CONTROLS = "bearings-signal-controls"
    PANEL = "bearings-signal-panel"
    SIDE = "bearings-signal-side"
    SIDE_BODY = "bearings-signal-side-body"
    SIDE_FOLD = "bearings-signal-side-fold"
    RANDOM = "bearings-signal-random"
    SAVE_PNG = "bearings-signal-save-png"
    SAVE_SVG = "bearings-signal-save-svg"
    UPLOAD = "bearings-signal-upload"
    UPLOAD_FILE = "bearings-signal-upload-file"
    UPLOAD_NAME = "bearings-signal-upload-name"
    UPLOAD_RATE = "bearings-signal-upload-rate"
    UPLOAD_SPEED = "bearings-signal-upload-speed"
    UPLOAD_UNIT = "bearings-signal-upload-unit"
    UPLOAD_BEARING = "bearings-signal-upload-bearing"
    UPLOAD_LOOK = "bearings-signal-upload-look"
    UPLOAD_REFUSED = "bearings-signal-upload-refused"
    MODEL = "bearings-signal-model"
    PREDICT = "bearings-signal-predict"
    PREDICTION = "bearings-signal-prediction"
    GROUP = "bearings-signal-group"
    SUPPORT = "bearings-signal-support"
    ZONE = "bearings-signal-zone"


class SignalType(StrEnum):
    """Types of pattern-matching identifiers; the other keys are ``view`` and ``name``."""

    SETTING = "bearings-signal-setting"
    CHART = "bearings-signal-chart"
    BAND = "bearings-signal-band"
    BEST = "bearings-signal-best"
    KURTOGRAM = "bearings-signal-kurtogram"


def setting_id(view: str, name: str) -> dict[str, str]:
    """Return the identifier of one control of a view."""
    return {"type": SignalType.SETTING.value, "view": view, "name": name}


def chart_id(view: str) -> dict[str, str]:
    """Return the identifier of a view's chart, whose zoom is part of what is looked at."""
    return {"type": SignalType.CHART.value, "view": view}
