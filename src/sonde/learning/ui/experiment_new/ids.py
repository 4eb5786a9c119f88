"""Identifiers of the page that starts an experiment."""

from enum import StrEnum


class NewId(StrEnum):
    """The parts of the page."""

    DATA = "learning-new-data"
    DATA_FACTS = "learning-new-data-facts"
    OPTIONS = "learning-new-options"
    CHOSEN = "learning-new-chosen"
    MODEL = "learning-new-model"
    POLICY = "learning-new-policy"
    PROTOCOL = "learning-new-protocol"
    ATTRIBUTE = "learning-new-attribute"
    N_FOLDS = "learning-new-n-folds"
    FRACTION = "learning-new-fraction"
    PROTOCOL_BOX = "learning-new-protocol-box"
    ATTRIBUTE_BOX = "learning-new-attribute-box"
    N_FOLDS_BOX = "learning-new-n-folds-box"
    FRACTION_BOX = "learning-new-fraction-box"
    SEED = "learning-new-seed"
    TITLE = "learning-new-title"
    PREVIEW = "learning-new-preview"
    VERDICT = "learning-new-verdict"
    LEAK_BOX = "learning-new-leak-box"
    LEAK_CONSENT = "learning-new-leak-consent"
    START = "learning-new-start"
    STARTED = "learning-new-started"


class NewType(StrEnum):
    """Types of pattern-matching identifiers, by model and knob, or by the data's option."""

    KNOB = "learning-new-knob"
    KNOBS = "learning-new-knobs"
    OPTION = "learning-new-option"
