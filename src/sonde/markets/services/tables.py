"""The tables of markets, as the domain names them to migrations."""

from sonde.markets.persistence.collections import CollectionRow
from sonde.markets.persistence.feeds import FeedLeaseRow, FeedRow
from sonde.markets.persistence.instruments import InstrumentRow
from sonde.markets.persistence.price_imports import PriceImportRow
from sonde.markets.persistence.replays import ReplayRow
from sonde.markets.persistence.series import SeriesPartRow, SeriesRow

TABLES = (
    InstrumentRow,
    SeriesRow,
    SeriesPartRow,
    PriceImportRow,
    FeedRow,
    FeedLeaseRow,
    CollectionRow,
    ReplayRow,
)
