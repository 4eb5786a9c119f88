"""Identifiers of the Features page."""

from enum import StrEnum


class FeaturesId(StrEnum):
    """The parts of the page."""

    DATASET = "bearings-features-dataset"
    STATE = "bearings-features-state"
    PRESETS = "bearings-features-presets"
    CHANGED = "bearings-features-changed"
    TAB = "bearings-features-tab"
    BODY = "bearings-features-body"
    SIDE = "bearings-features-side"
    EXPORTS = "bearings-features-exports"
    CHOSEN = "bearings-features-chosen"
    SEARCH = "bearings-features-search"
    COUNT = "bearings-features-count"
    GROUPS = "bearings-features-groups"
    TABLE = "bearings-features-table"
    CHART = "bearings-features-chart"
    OWN_MODAL = "bearings-features-own-modal"
    OWN_EDITED = "bearings-features-own-edited"
    OWN_NAME = "bearings-features-own-name"
    OWN_LOW = "bearings-features-own-low"
    OWN_HIGH = "bearings-features-own-high"
    OWN_SCALE = "bearings-features-own-scale"
    OWN_QUANTITY = "bearings-features-own-quantity"
    OWN_SAVE = "bearings-features-own-save"
    SET_MODAL = "bearings-features-set-modal"
    SET_RENAMED = "bearings-features-set-renamed"


class FeaturesType(StrEnum):
    """Types of pattern-matching identifiers."""

    SETTING = "bearings-features-setting"
    PRESET = "bearings-features-preset"
    ROW = "bearings-features-row"
    GROUP = "bearings-features-group"
    ACT = "bearings-features-act"
    TEXT = "bearings-features-text"
    OWN_EDIT = "bearings-features-own-edit"
    OWN_DELETE = "bearings-features-own-delete"
    SET_EDIT = "bearings-features-set-edit"


def act(action: str, ref: str = "") -> dict[str, str]:
    """Return the id of a button that does something; `ref` says to what."""
    return {"type": FeaturesType.ACT, "action": action, "ref": ref}


def text(name: str) -> dict[str, str]:
    """Return the id of a field that an action reads."""
    return {"type": FeaturesType.TEXT, "name": name}


def setting(name: str) -> dict[str, str]:
    """Return the id of a control whose value the address keeps."""
    return {"type": FeaturesType.SETTING, "name": name}
