"""Identifiers of the pages of backtests."""

from enum import StrEnum


class RunsId(StrEnum):
    """The list of runs."""

    PLACE = "markets-backtests-place"
    SORT = "markets-backtests-sort"
    CHOSEN = "markets-backtests-chosen"
    BOX = "markets-backtests-box"
    GRID = "markets-backtests-grid"
    KIND = "markets-backtests-kind"
    SYMBOL = "markets-backtests-symbol"
    BAR = "markets-backtests-bar"
    BAR_TEXT = "markets-backtests-bar-text"
    COMPARE = "markets-backtests-compare"
    DELETE_ASK = "markets-backtests-delete-ask"
    DELETE_MODAL = "markets-backtests-delete-modal"
    DELETE_WORDS = "markets-backtests-delete-words"
    DELETE_KEEP = "markets-backtests-delete-keep"
    DELETE = "markets-backtests-delete"


class FormId(StrEnum):
    """The form that asks for a backtest or study."""

    STUDY = "markets-backtests-study"
    STRATEGY = "markets-backtests-strategy"
    SERIES = "markets-backtests-series"
    ABOUT = "markets-backtests-about"
    PARAMETERS = "markets-backtests-parameters"
    STUDY_FIELDS = "markets-backtests-study-fields"
    HELD = "markets-backtests-held"
    RUN = "markets-backtests-run"


class ResultId(StrEnum):
    """One run and what came of it."""

    STATE = "markets-backtests-state"
    BODY = "markets-backtests-body"
    EQUITY = "markets-backtests-equity"
    VIEW = "markets-backtests-view"
    SYMBOL = "markets-backtests-candles-symbol"
    CANDLES_PANEL = "markets-backtests-candles-panel"
    CANDLES = "markets-backtests-candles"
    CANDLES_ALL = "markets-backtests-candles-all"
    TRADES = "markets-backtests-trades"
    COSTS = "markets-backtests-costs"
    REDRAWN = "markets-backtests-redrawn"
    BANDS = "markets-backtests-bands"
    MAP = "markets-backtests-map"
    CELLS = "markets-backtests-cells"
    WINDOWS = "markets-backtests-windows"
    TESTED = "markets-backtests-tested"
    COMPARED = "markets-backtests-compared"


class ParityId(StrEnum):
    """What a strategy did on paper, beside its backtest."""

    CHOICE = "markets-backtests-parity-choice"
    PANEL = "markets-backtests-parity"


class BacktestsType(StrEnum):
    """Types of pattern-matching identifiers; the other key is ``"name"``."""

    FIELD = "markets-backtests-field"
    PARAMETER = "markets-backtests-parameter"
    AXIS = "markets-backtests-axis"


def field(name: str) -> dict[str, str]:
    """Return the identifier of a control of the form."""
    return {"type": BacktestsType.FIELD.value, "name": name}


def parameter(name: str) -> dict[str, str]:
    """Return the identifier of the control of a strategy's parameter."""
    return {"type": BacktestsType.PARAMETER.value, "name": name}


def axis(name: str) -> dict[str, str]:
    """Return the identifier of the control that says what a search tries of a parameter."""
    return {"type": BacktestsType.AXIS.value, "name": name}
