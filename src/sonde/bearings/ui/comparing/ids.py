"""Identifiers of the page that compares two data sets."""

from enum import StrEnum


class ComparingId(StrEnum):
    """The parts of the page."""

    FIRST = "bearings-comparing-first"
    SECOND = "bearings-comparing-second"
    VISITED = "bearings-comparing-visited"
    CLASSES = "bearings-comparing-classes"
