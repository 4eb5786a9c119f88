"""Identifiers of the page of trading."""

from enum import StrEnum


class TicketId(StrEnum):
    """The ticket."""

    SIDE = "markets-trade-ticket-side"
    AMOUNT = "markets-trade-ticket-amount"
    KIND = "markets-trade-ticket-kind"
    TYPE = "markets-trade-ticket-type"
    PRICE = "markets-trade-ticket-price"
    STOP = "markets-trade-ticket-stop"
    STOP_KIND = "markets-trade-ticket-stop-kind"
    TARGET = "markets-trade-ticket-target"
    TARGET_KIND = "markets-trade-ticket-target-kind"
    LEVERAGE = "markets-trade-ticket-leverage"
    OPEN = "markets-trade-ticket-open"
    WAIT = "markets-trade-ticket-wait"
    NEW = "markets-trade-ticket-new"
    KEY = "markets-trade-ticket-key"
    FOR = "markets-trade-ticket-for"
    QUICK = "markets-trade-ticket-quick"
    MOST = "markets-trade-ticket-most"
    CHECK = "markets-trade-ticket-check"
    PREVIEW = "markets-trade-ticket-preview"
    SAID = "markets-trade-ticket-said"


class BookId(StrEnum):
    """What is held, and what was."""

    POSITIONS = "markets-trade-positions"
    SIGN = "markets-trade-sign"
    ASKED = "markets-trade-asked"
    HISTORY = "markets-trade-history"
    GRID = "markets-trade-history-grid"
    STATE = "markets-trade-history-state"


class EditId(StrEnum):
    """The dialog that changes a trade."""

    MODAL = "markets-trade-edit"
    TRADE = "markets-trade-edit-trade"
    ENTRY = "markets-trade-edit-entry"
    STOP = "markets-trade-edit-stop"
    TARGET = "markets-trade-edit-target"
    SAVE = "markets-trade-edit-save"
    PART = "markets-trade-edit-part"
    REDUCE = "markets-trade-edit-reduce"


class TradeType(StrEnum):
    """Types of pattern-matching identifiers."""

    QUICK = "markets-trade-quick"
    ACT = "markets-trade-act"
