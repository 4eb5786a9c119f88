"""Identifiers of the evaluation page."""

from enum import StrEnum


class EvaluationId(StrEnum):
    """The parts of the page."""

    STATE = "learning-evaluation-state"
    CHANGED = "learning-evaluation-changed"
    SUBJECT = "learning-evaluation-subject"
    TAB = "learning-evaluation-tab"
    BODY = "learning-evaluation-body"
    ROC = "learning-evaluation-roc"
    PRECISION = "learning-evaluation-precision"
    CLUSTERS = "learning-evaluation-clusters"
    GROUPS = "learning-evaluation-groups"
    MISTAKES = "learning-evaluation-mistakes"
    FRONT = "learning-evaluation-front"
    ROBUSTNESS = "learning-evaluation-robustness"
    RECALLS = "learning-evaluation-recalls"
    RELIABILITY = "learning-evaluation-reliability"
    COVERAGE = "learning-evaluation-coverage"
    SIZES = "learning-evaluation-sizes"
    RISK = "learning-evaluation-risk"
    UNSEEN = "learning-evaluation-unseen"


class EvaluationType(StrEnum):
    """Types of pattern-matching identifiers."""

    SETTING = "learning-evaluation-setting"
    ASK = "learning-evaluation-ask"


def setting(name: str) -> dict[str, str]:
    """Return the id of a control whose value the address keeps."""
    return {"type": EvaluationType.SETTING, "name": name}


def ask(what: str) -> dict[str, str]:
    """Return the id of the button that asks."""
    return {"type": EvaluationType.ASK, "what": what}
