"""The pages of markets."""

from typing import Final

from sonde.markets.ui.market_data.page import show as show_data
from sonde.markets.ui.market_data.page import show_series
from sonde.platform.core.domain import Navigation, Page

PAGES: Final = (
    Page(
        "/markets/data",
        "Market data",
        show_data,
        Navigation("Markets", "tabler:chart-candle", 60),
    ),
    Page("/markets/data/{series_id}", "Series of prices", show_series, parent="/markets/data"),
)
