"""Identifiers of the home page."""

from enum import StrEnum


class HomeId(StrEnum):
    """The parts of the home page."""

    HEALTH = "platform-home-health"
    BODY = "platform-home-body"
