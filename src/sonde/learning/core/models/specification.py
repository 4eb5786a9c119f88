"""What a model is; it lives beside the other contracts of fitting."""

from sonde.learning.core.fitting.specification import (
    Arrays,
    Fit,
    FittedModel,
    ModelConfig,
    ModelSpecification,
    Progress,
)

__all__ = ["Arrays", "Fit", "FittedModel", "ModelConfig", "ModelSpecification", "Progress"]
