"""Identifiers of the page of analytics."""

from enum import StrEnum


class AnalyticsId(StrEnum):
    """The parts of the page."""

    EQUITY = "markets-analytics-equity"
    RESULTS = "markets-analytics-results"
    COSTS = "markets-analytics-costs"
    PERIODS = "markets-analytics-periods"
    BEFORE = "markets-analytics-before"
    PRUNE_ASK = "markets-analytics-prune-ask"
    PRUNE_WORDS = "markets-analytics-prune-words"
    PRUNE_MODAL = "markets-analytics-prune-modal"
    PRUNE_KEEP = "markets-analytics-prune-keep"
    PRUNE = "markets-analytics-prune"
    PRUNED = "markets-analytics-pruned"
