"""Identifiers of the page of one data set."""

from enum import StrEnum


class DatasetId(StrEnum):
    """The parts of the page."""

    DATASET = "bearings-dataset-id"
    CLASSES = "bearings-dataset-classes"
    SIGNALS = "bearings-dataset-signals"
    RENAME_OPEN = "bearings-dataset-rename-open"
    RENAME_MODAL = "bearings-dataset-rename-modal"
    RENAME_NAME = "bearings-dataset-rename-name"
    RENAME = "bearings-dataset-rename"
    DELETE_OPEN = "bearings-dataset-delete-open"
    DELETE_MODAL = "bearings-dataset-delete-modal"
    DELETE = "bearings-dataset-delete"
