"""Identifiers of the Signal page."""

from enum import StrEnum


class SignalId(StrEnum):
    """The parts of the page."""

    RECORDING = "bearings-signal-recording"
    STATE = "bearings-signal-state"
    DATASET = "bearings-signal-dataset"
    CHOICE = "bearings-signal-choice"
    OPEN = "bearings-signal-open"
    CHANNEL = "bearings-signal-channel"
    BEARING = "bearings-signal-bearing"
    BODY = "bearings-signal-body"
    TIME = "bearings-signal-time"
    SPECTRUM = "bearings-signal-spectrum"
    ENVELOPE = "bearings-signal-envelope"
    BAND = "bearings-signal-band"
    BAND_TEXT = "bearings-signal-band-text"
    BEST_BAND = "bearings-signal-best-band"
