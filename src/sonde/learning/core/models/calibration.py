"""Probabilities and inner folds for models; they live beside the other contracts of fitting."""

from sonde.learning.core.fitting.calibration import (
    fit_temperature,
    inner_folds,
    probabilities,
    subsample,
)

__all__ = ["fit_temperature", "inner_folds", "probabilities", "subsample"]
