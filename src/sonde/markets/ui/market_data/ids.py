"""Identifiers of the page of market data."""

from enum import StrEnum


class DataId(StrEnum):
    """The parts of the page."""

    LIST = "markets-data-list"
    GRID = "markets-data-grid"
    STATE = "markets-data-state"
    CHART = "markets-data-chart"
    PANEL = "markets-data-panel"
    SHOW = "markets-data-show"
    SIDE = "markets-data-side"
    LONGER = "markets-data-longer"
    KEEP_HOLED = "markets-data-keep-holed"
    RESAMPLE = "markets-data-resample"
    DELETE_ASK = "markets-data-delete-ask"
    DELETE_MODAL = "markets-data-delete-modal"
    DELETE_KEEP = "markets-data-delete-keep"
    DELETE = "markets-data-delete"


class ImportId(StrEnum):
    """The form that imports a file, and what became of the latest ones."""

    SYMBOL = "markets-data-import-symbol"
    VENUE = "markets-data-import-venue"
    TIMEFRAME = "markets-data-import-timeframe"
    LAYOUT = "markets-data-import-layout"
    UNIT = "markets-data-import-unit"
    COLUMNS = "markets-data-import-columns"
    OVERWRITE = "markets-data-import-overwrite"
    FILE = "markets-data-import-file"
    CHOSEN = "markets-data-import-chosen"
    READ = "markets-data-import-read"
    LIST = "markets-data-import-list"
    ASKED = "markets-data-import-asked"


class FundingId(StrEnum):
    """Funding rates of perpetuals."""

    SYMBOL = "markets-data-funding-symbol"
    FILE = "markets-data-funding-file"
    SAID = "markets-data-funding-said"
    LIST = "markets-data-funding-list"


class CollectId(StrEnum):
    """What is collected from exchanges."""

    VENUE = "markets-data-collect-venue"
    SYMBOL = "markets-data-collect-symbol"
    TIMEFRAME = "markets-data-collect-timeframe"
    FROM = "markets-data-collect-from"
    START = "markets-data-collect-start"
    LIST = "markets-data-collect-list"


class FeedId(StrEnum):
    """Live feeds."""

    NAME = "markets-data-feed-name"
    SYMBOLS = "markets-data-feed-symbols"
    ON = "markets-data-feed-on"
    LIST = "markets-data-feed-list"
    TICK = "markets-data-feed-tick"


class ReplayId(StrEnum):
    """Replays."""

    SERIES = "markets-data-replay-series"
    SPEED = "markets-data-replay-speed"
    MAKE = "markets-data-replay-make"
    LIST = "markets-data-replay-list"
    TICK = "markets-data-replay-tick"


class DataType(StrEnum):
    """Types of pattern-matching identifiers."""

    PLACE = "markets-data-place"
    SPAN = "markets-data-span"
    COLLECT = "markets-data-collect-act"
    FEED = "markets-data-feed-act"
    REPLAY = "markets-data-replay-act"
    REPLAY_SPEED = "markets-data-replay-at-speed"
    REPLAY_SEEK = "markets-data-replay-seek"
    REPLAY_PLACE = "markets-data-replay-place"
