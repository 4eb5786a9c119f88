"""What an analysis may look at: everything of one experiment, read when it is first asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.bundle import Bundle
from sonde.learning.core.fitting.specification import (
    FittedModel,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.held_out import HeldOut
from sonde.learning.core.models.catalogue import model
from sonde.learning.core.planning import SplitPlan
from sonde.learning.core.sample_views import SampleView


@dataclass(frozen=True)
class Material:
    """One experiment, ready to be analysed.

    Parameters
    ----------
    id, title : str
    config : ModelConfig
    model_bytes : int
        Size of the stored model.
    read_plan : callable
        The problem as it was trained on, with its folds and certificate.
    read_held_out : callable
        What the models of the folds said of samples that they never saw.
    read_bundle : callable
        The final model, trained on everything.
    read_features : callable
        From a progress function to the features of every sample of the problem, shape
        (sample, feature); measured once and kept.
    fit_fold : callable
        From the number of a fold and a progress function to a model that was trained on that
        fold's training side only, as the experiment's own was; kept, so that it is fitted once.
    sample_views : tuple of SampleView
        The pictures of single samples that the problem's source knows.
    """

    id: str
    title: str
    config: ModelConfig
    model_bytes: int
    read_plan: Callable[[], SplitPlan]
    read_held_out: Callable[[], HeldOut]
    read_bundle: Callable[[], Bundle]
    read_features: Callable[[Progress], NDArray[np.float64]]
    fit_fold: Callable[[int, Progress], FittedModel]
    sample_views: tuple[SampleView, ...] = ()

    @property
    def specification(self) -> ModelSpecification:
        """The model's specification."""
        return model(self.config.model)

    @cached_property
    def plan(self) -> SplitPlan:
        """The problem, its folds and its certificate."""
        return self.read_plan()

    @cached_property
    def held_out(self) -> HeldOut:
        """The held-out predictions."""
        return self.read_held_out()

    @cached_property
    def bundle(self) -> Bundle:
        """The final model; it has seen every sample, and judges nothing about its own worth."""
        return self.read_bundle()
