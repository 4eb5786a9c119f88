"""Identifiers of the Datasets page."""

from enum import StrEnum


class DatasetsId(StrEnum):
    """The parts of the Datasets page."""

    SAMPLE = "bearings-datasets-sample"
    SAMPLE_JOB = "bearings-datasets-sample-job"
    TEXT = "bearings-datasets-text"
    TAG = "bearings-datasets-tag"
    ORIGIN = "bearings-datasets-origin"
    STATE = "bearings-datasets-state"
    LOOK = "bearings-datasets-look"
    LIST = "bearings-datasets-list"
    CHANGED = "bearings-datasets-changed"
    REMEMBERED = "bearings-datasets-remembered"
    CHOSEN = "bearings-datasets-chosen"
    BAR = "bearings-datasets-bar"
    BAR_TEXT = "bearings-datasets-bar-text"
    BAR_COMPARE = "bearings-datasets-bar-compare"
    BAR_MERGE = "bearings-datasets-bar-merge"
    BAR_ARCHIVE = "bearings-datasets-bar-archive"
    BAR_DELETE = "bearings-datasets-bar-delete"
    UNDO = "bearings-datasets-undo"
    MERGE_MODAL = "bearings-datasets-merge-modal"
    MERGE_BODY = "bearings-datasets-merge-body"
    MERGE_NAME = "bearings-datasets-merge-name"
    MERGE_BEARINGS = "bearings-datasets-merge-bearings"
    MERGE_VERSION = "bearings-datasets-merge-version"
    MERGE = "bearings-datasets-merge"
    MERGE_JOB = "bearings-datasets-merge-job"


class DatasetsType(StrEnum):
    """Parts that stand more than once, or that come and go."""

    CHOOSE = "bearings-datasets-choose"
    ACT = "bearings-datasets-act"
    GRID = "bearings-datasets-grid"
