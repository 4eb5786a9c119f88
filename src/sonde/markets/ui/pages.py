"""The pages of markets."""

from typing import Final

from sonde.markets.ui.analytics.page import show as show_analytics
from sonde.markets.ui.automation.page import show as show_automation
from sonde.markets.ui.backtests.page import show as show_backtests
from sonde.markets.ui.backtests.page import show_comparison, show_run
from sonde.markets.ui.dashboard.page import show as show_dashboard
from sonde.markets.ui.desk.beside import beside_desk
from sonde.markets.ui.market_data.page import show as show_data
from sonde.markets.ui.market_data.page import show_series
from sonde.markets.ui.trade.page import show as show_trade
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import Navigation, Page

_PAGES: Final = (
    Page(
        "/markets",
        "Dashboard",
        show_dashboard,
        Navigation("Markets", "tabler:activity-heartbeat", 10),
    ),
    Page(
        "/markets/data",
        "Market data",
        show_data,
        Navigation("Markets", "tabler:chart-candle", 60),
    ),
    Page(
        "/markets/trade",
        "Trade",
        show_trade,
        Navigation("Markets", "tabler:target", 20),
        minimum_role=Role.ANALYST,
    ),
    Page(
        "/markets/analytics",
        "Analytics",
        show_analytics,
        Navigation("Markets", "tabler:chart-line", 30),
    ),
    Page(
        "/markets/automation",
        "Automation",
        show_automation,
        Navigation("Markets", "tabler:player-play", 40),
        minimum_role=Role.ANALYST,
    ),
    Page(
        "/markets/backtests",
        "Backtests",
        show_backtests,
        Navigation("Markets", "tabler:flask", 50),
    ),
    Page(
        "/markets/backtests/compare",
        "Compare backtests",
        show_comparison,
        parent="/markets/backtests",
    ),
    Page("/markets/backtests/{backtest_id}", "Backtest", show_run, parent="/markets/backtests"),
    Page("/markets/data/{series_id}", "Series of prices", show_series, parent="/markets/data"),
)

PAGES: Final = tuple(beside_desk(page) for page in _PAGES)
