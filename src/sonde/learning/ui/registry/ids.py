"""Identifiers of the registry's pages."""

from enum import StrEnum


class RegistryId(StrEnum):
    """The parts of the pages."""

    GRID = "learning-registry-grid"
    WHICH = "learning-registry-which"
    TAB = "learning-registry-tab"
    DONE = "learning-registry-done"
    PROMOTION = "learning-registry-promotion"
    PROMOTION_BODY = "learning-registry-promotion-body"
    REASON = "learning-registry-reason"
    ALIAS = "learning-registry-alias"
    ALIAS_VERSION = "learning-registry-alias-version"
    DESCRIPTION = "learning-registry-description"
    TRY_VERSION = "learning-registry-try-version"
    UPLOAD = "learning-registry-upload"
    FILE = "learning-registry-file"
    ASK = "learning-registry-ask"
    ANSWER = "learning-registry-answer"
    BATCH_DATA = "learning-registry-batch-data"
    BATCH_UPLOAD = "learning-registry-batch-upload"
    BATCH_FILES = "learning-registry-batch-files"
    BATCH_START = "learning-registry-batch-start"
    BATCHES = "learning-registry-batches"
    REGISTER = "learning-registry-register"
    REGISTER_NAME = "learning-registry-register-name"
    REGISTER_NOTES = "learning-registry-register-notes"
    REGISTER_SAVE = "learning-registry-register-save"
    REGISTER_OPEN = "learning-registry-register-open"
    REGISTER_WHICH = "learning-registry-register-which"
    REGISTER_FAILED = "learning-registry-register-failed"


class RegistryType(StrEnum):
    """Types of pattern-matching identifiers."""

    JUDGE = "learning-registry-judge"
    ACT = "learning-registry-act"
    GIVEN = "learning-registry-given"
    EXAMPLE = "learning-registry-example"
    COPY = "learning-registry-copy"


def act(action: str, ref: str = "") -> dict[str, str]:
    """Return the id of a button that changes something; `ref` says to what."""
    return {"type": RegistryType.ACT, "action": action, "ref": ref}
