"""Identifiers of the dashboard."""

from enum import StrEnum


class DashboardId(StrEnum):
    """The parts of the page."""

    LOOK = "markets-dashboard-look"
    PRICE = "markets-dashboard-price"
    CHANGE = "markets-dashboard-change"
    CHART = "markets-dashboard-chart"
    PANEL = "markets-dashboard-panel"
    TIMEFRAME = "markets-dashboard-timeframe"
    SHOW = "markets-dashboard-show"
    READINGS = "markets-dashboard-readings"
    PORTFOLIO = "markets-dashboard-portfolio"
    POSITIONS = "markets-dashboard-positions"
    WATCH = "markets-dashboard-watch"
    WATCHED = "markets-dashboard-watched"
    NOTES = "markets-dashboard-notes"
    GONE_TO = "markets-dashboard-gone-to"


class LiveId(StrEnum):
    """What keeps the page up to date."""

    STATE = "markets-dashboard-live-state"
    WANTED = "markets-dashboard-live-wanted"
    HEARD = "markets-dashboard-live-heard"
    BAR = "markets-dashboard-live-bar"
    ACCOUNT = "markets-dashboard-live-account"


class DashboardType(StrEnum):
    """Types of pattern-matching identifiers."""

    SYMBOL = "markets-dashboard-symbol"
