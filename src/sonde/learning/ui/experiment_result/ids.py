"""Identifiers of the result page."""

from enum import StrEnum


class ResultId(StrEnum):
    """The parts of the page."""

    STATE = "learning-result-state"
    FINISHED = "learning-result-finished"
    TAB = "learning-result-tab"
    PANEL = "learning-result-panel"
    BODY = "learning-result-body"
    WHICH = "learning-result-which"
    FOLDS = "learning-result-folds"
    UPLOAD = "learning-result-upload"
    FILE = "learning-result-file"
    ASK = "learning-result-ask"
    AGAIN = "learning-result-again"
    AGAIN_MADE = "learning-result-again-made"
    PREDICTION = "learning-result-prediction"


class ResultType(StrEnum):
    """Types of pattern-matching identifiers; the other key is ``"name"``."""

    ANSWER = "learning-result-answer"
