"""Identifiers of the import pages."""

from enum import StrEnum


class ImportId(StrEnum):
    """The parts of the page that chooses files."""

    NAME = "bearings-import-name"
    BEARING = "bearings-import-bearing"
    VERSION = "bearings-import-version"
    SOURCE = "bearings-import-source"
    UPLOAD_PART = "bearings-import-upload-part"
    FOLDER_PART = "bearings-import-folder-part"
    UPLOAD = "bearings-import-upload"
    CHOSEN = "bearings-import-chosen"
    FOLDER = "bearings-import-folder"
    RATE = "bearings-import-rate"
    SPEED = "bearings-import-speed"
    LABEL = "bearings-import-label"
    CHANNELS = "bearings-import-channels"
    PRESET = "bearings-import-preset"
    REMARK = "bearings-import-remark"
    REMARKS = "bearings-import-remarks"
    UNIT = "bearings-import-unit"
    SEVERITY = "bearings-import-severity"
    SESSION = "bearings-import-session"
    PHYSICAL = "bearings-import-physical"
    TACHO = "bearings-import-tacho"
    HEALTHY = "bearings-import-healthy"
    RESAMPLE = "bearings-import-resample"
    LENGTH = "bearings-import-length"
    CUT = "bearings-import-cut"
    NORMALISE = "bearings-import-normalise"
    READ = "bearings-import-read"


class ReviewId(StrEnum):
    """The parts of the page that shows what was understood."""

    IMPORT = "bearings-review-import"
    SHOWN = "bearings-review-shown"
    BODY = "bearings-review-body"
    TICK = "bearings-review-tick"
    GRID = "bearings-review-grid"
    SUMMARY = "bearings-review-summary"
    FIELD = "bearings-review-field"
    VALUE = "bearings-review-value"
    FILL = "bearings-review-fill"
    STORE = "bearings-review-store"
    DISCARD = "bearings-review-discard"
