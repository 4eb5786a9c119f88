"""Identifiers of the list of experiments."""

from enum import StrEnum


class ExperimentsId(StrEnum):
    """The parts of the page."""

    GRID = "learning-experiments-grid"
