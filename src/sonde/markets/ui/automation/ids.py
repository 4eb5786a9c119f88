"""Identifiers of the page of automatic trading."""

from enum import StrEnum


class AutomationId(StrEnum):
    """The parts of the page."""

    STRATEGY = "markets-automation-strategy"
    ABOUT = "markets-automation-about"
    PARAMETERS = "markets-automation-parameters"
    SERIES = "markets-automation-series"
    WHERE = "markets-automation-where"
    AMOUNT = "markets-automation-amount"
    KIND = "markets-automation-kind"
    LEVERAGE = "markets-automation-leverage"
    TRADED_AS = "markets-automation-traded-as"
    START = "markets-automation-start"
    LIST = "markets-automation-list"
    CHOSEN = "markets-automation-chosen"
    TICK = "markets-automation-tick"
    SIGNALS = "markets-automation-signals"
    COMPARE = "markets-automation-compare"
    PARITY = "markets-automation-parity"
    SOURCE = "markets-automation-source"
    OWN = "markets-automation-own"


class AutomationType(StrEnum):
    """Types of pattern-matching identifiers."""

    ACT = "markets-automation-act"
    PARAMETER = "markets-automation-parameter"
    WITHDRAW = "markets-automation-withdraw"


def act(name: str, automation_id: str) -> dict[str, str]:
    """Return the identifier of a button that does something to a strategy."""
    return {"type": AutomationType.ACT.value, "act": name, "automation": automation_id}


def parameter(name: str) -> dict[str, str]:
    """Return the identifier of the control of a parameter."""
    return {"type": AutomationType.PARAMETER.value, "name": name}
