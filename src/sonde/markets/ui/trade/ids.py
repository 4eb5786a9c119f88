"""Identifiers of the page of trading."""

from enum import StrEnum


class TicketId(StrEnum):
    """The ticket."""

    SIDE = "markets-trade-ticket-side"
    AS = "markets-trade-ticket-as"
    AMOUNT = "markets-trade-ticket-amount"
    KIND = "markets-trade-ticket-kind"
    TYPE = "markets-trade-ticket-type"
    PRICE = "markets-trade-ticket-price"
    TRIGGER = "markets-trade-ticket-trigger"
    TRAIL = "markets-trade-ticket-trail"
    OR = "markets-trade-ticket-or"
    OR_BOX = "markets-trade-ticket-or-box"
    WORDS = "markets-trade-ticket-words"
    STOP = "markets-trade-ticket-stop"
    STOP_KIND = "markets-trade-ticket-stop-kind"
    TARGET = "markets-trade-ticket-target"
    TARGET_KIND = "markets-trade-ticket-target-kind"
    LEVERAGE = "markets-trade-ticket-leverage"
    LEVERAGE_BOX = "markets-trade-ticket-leverage-box"
    PRICE_BOX = "markets-trade-ticket-price-box"
    TRIGGER_BOX = "markets-trade-ticket-trigger-box"
    TRAIL_BOX = "markets-trade-ticket-trail-box"
    MINUTES_BOX = "markets-trade-ticket-minutes-box"
    HOLDS = "markets-trade-ticket-holds"
    MINUTES = "markets-trade-ticket-minutes"
    POST = "markets-trade-ticket-post"
    OPEN = "markets-trade-ticket-open"
    WAIT = "markets-trade-ticket-wait"
    NEW = "markets-trade-ticket-new"
    KEY = "markets-trade-ticket-key"
    TYPED = "markets-trade-ticket-typed"
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
    TRIGGER = "markets-trade-edit-trigger"
    ENTRY_BOX = "markets-trade-edit-entry-box"
    TRIGGER_BOX = "markets-trade-edit-trigger-box"
    PART_BOX = "markets-trade-edit-part-box"
    STOP_KIND = "markets-trade-edit-stop-kind"
    STOP = "markets-trade-edit-stop"
    TARGET = "markets-trade-edit-target"
    SAVE = "markets-trade-edit-save"
    PART = "markets-trade-edit-part"
    REDUCE = "markets-trade-edit-reduce"


class TradeType(StrEnum):
    """Types of pattern-matching identifiers."""

    QUICK = "markets-trade-quick"
    ACT = "markets-trade-act"
