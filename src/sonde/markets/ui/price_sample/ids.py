"""Identifiers of the button that starts the simulated markets."""

from enum import StrEnum


class SampleType(StrEnum):
    """Types of pattern-matching identifiers: the button stands on several pages."""

    START = "markets-sample-start"
