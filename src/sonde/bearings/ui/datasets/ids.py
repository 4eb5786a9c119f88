"""Identifiers of the Datasets page."""

from enum import StrEnum


class DatasetsId(StrEnum):
    """The parts of the Datasets page."""

    GRID = "bearings-datasets-grid"
    SAMPLE = "bearings-datasets-sample"
    SAMPLE_JOB = "bearings-datasets-sample-job"
