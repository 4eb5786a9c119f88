"""How a deep model is trained; it lives beside the other contracts of fitting."""

from sonde.learning.core.fitting.training_config import (
    AUGMENTATIONS,
    TRAINING_KNOBS,
    TrainingConfig,
    accept_training,
    training_document,
)

__all__ = [
    "AUGMENTATIONS",
    "TRAINING_KNOBS",
    "TrainingConfig",
    "accept_training",
    "training_document",
]
