"""The tables of markets, as the domain names them to migrations."""

from sonde.markets.persistence.accounts import AccountRow
from sonde.markets.persistence.automations import AutomationRow, SignalRow
from sonde.markets.persistence.backtests import BacktestRow
from sonde.markets.persistence.collections import CollectionRow
from sonde.markets.persistence.feeds import FeedLeaseRow, FeedRow
from sonde.markets.persistence.funding_rates import FundingRateRow
from sonde.markets.persistence.instruments import InstrumentRow
from sonde.markets.persistence.journal import JournalRow
from sonde.markets.persistence.locks import LockRow, PauseEndRow
from sonde.markets.persistence.own_strategies import StrategyRow
from sonde.markets.persistence.price_imports import PriceImportRow
from sonde.markets.persistence.replays import ReplayRow
from sonde.markets.persistence.risk_settings import RiskSettingsRow
from sonde.markets.persistence.series import SeriesPartRow, SeriesRow
from sonde.markets.persistence.trades import TradeRow
from sonde.markets.persistence.watches import WatchRow

TABLES = (
    InstrumentRow,
    SeriesRow,
    SeriesPartRow,
    PriceImportRow,
    FeedRow,
    FeedLeaseRow,
    CollectionRow,
    ReplayRow,
    AccountRow,
    JournalRow,
    RiskSettingsRow,
    LockRow,
    PauseEndRow,
    TradeRow,
    BacktestRow,
    WatchRow,
    AutomationRow,
    SignalRow,
    StrategyRow,
    FundingRateRow,
)
