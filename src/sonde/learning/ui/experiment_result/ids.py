"""Identifiers of the result page."""

from enum import StrEnum


class ResultId(StrEnum):
    """The parts of the page."""

    BODY = "learning-result-body"
    WHICH = "learning-result-which"
    FOLDS = "learning-result-folds"
    UPLOAD = "learning-result-upload"
    RATE = "learning-result-rate"
    SPEED = "learning-result-speed"
    CHANNEL = "learning-result-channel"
    PREDICTION = "learning-result-prediction"
    BUSY = "learning-result-busy"
