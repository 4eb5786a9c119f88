"""Identifiers of the page that starts an experiment."""

from enum import StrEnum


class NewId(StrEnum):
    """The parts of the page that are not fields of its form."""

    DATA_FACTS = "learning-new-data-facts"
    OPTIONS = "learning-new-options"
    BEGINNING = "learning-new-beginning"
    PROTOCOL_BOX = "learning-new-protocol-box"
    ATTRIBUTE_BOX = "learning-new-attribute-box"
    N_FOLDS_BOX = "learning-new-n-folds-box"
    FRACTION_BOX = "learning-new-fraction-box"
    DEEP = "learning-new-deep"
    TRAINING = "learning-new-training"
    PREVIEW = "learning-new-preview"
    VERDICT = "learning-new-verdict"
    COST = "learning-new-cost"
    REVIEW = "learning-new-review"
    LEAK_BOX = "learning-new-leak-box"
    LEAK_CONSENT = "learning-new-leak-consent"
    START = "learning-new-start"
    STARTED = "learning-new-started"
    TEMPLATE_NAME = "learning-new-template-name"
    TEMPLATE_SAVE = "learning-new-template-save"
    TEMPLATE_SAVED = "learning-new-template-saved"
    TEMPLATES = "learning-new-templates"
    TEMPLATES_OWN = "learning-new-templates-own"
    CLONE = "learning-new-clone"
    CLONED = "learning-new-cloned"


class NewType(StrEnum):
    """Types of pattern-matching identifiers."""

    FIELD = "learning-new-field"  # with "name": the field's path in the form
    KNOBS = "learning-new-knobs"  # with "model": the settings of one model
    FORGET = "learning-new-forget"  # with "template": the button that deletes it


def field(name: str) -> dict[str, str]:
    """Return the identifier of one field of the form."""
    return {"type": NewType.FIELD, "name": name}
