"""Identifiers of the page of analytics."""

from enum import StrEnum


class AnalyticsId(StrEnum):
    """The parts of the page."""

    EQUITY = "markets-analytics-equity"
    RESULTS = "markets-analytics-results"
    COSTS = "markets-analytics-costs"
    PERIODS = "markets-analytics-periods"
