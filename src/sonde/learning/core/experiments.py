"""Experiments as people see them: what was asked for, how far it is, what came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.result import ExperimentResult
from sonde.learning.core.splits.policy import SplitConfig
from sonde.platform.core.jobs import JobState


@dataclass(frozen=True)
class NewExperiment:
    """What a person asks for.

    Parameters
    ----------
    source : str
        Slug of the problem source.
    ref : str
        Which of the source's problems: a data set's id.
    model : ModelConfig
    split : SplitConfig
        An empty policy means the honest one of the problem.
    title : str
        Made from model and data where it is empty.
    options : mapping
        How the source makes samples, such as ``{"window": 12000}``; what is absent is its default.
    notes : str
        For people; kept and searched.
    tags : tuple of str
    """

    source: str
    ref: str
    model: ModelConfig
    split: SplitConfig = field(default_factory=lambda: SplitConfig(""))
    title: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExperimentSummary:
    """One line of the list of experiments.

    Parameters
    ----------
    id, title : str
    source, ref, ref_title : str
        What it was trained on.
    model, model_title : str
    policy, policy_title, split_detail : str
        `split_detail` is the protocol or attribute, where there is one.
    seed : int
    owner_id : str
    created_at : datetime
    finished_at : datetime, optional
    job_id : str
    state : JobState
    phase : str
    fraction : float
    error : str
        Why it failed, for people.
    macro_f1, interval_low, interval_high : float, optional
    is_honest : bool, optional
        Whether nothing was on both sides of the split; None until it is finished.
    leaky_macro_f1 : float, optional
        The misleading score of the random-window split.
    n_groups : int, optional
        Groups that were tested.
    family_id : str
        Shared by the experiments that differ by their seed only; empty for a single one.
    notes : str
    """

    id: str
    title: str
    source: str
    ref: str
    ref_title: str
    model: str
    model_title: str
    policy: str
    policy_title: str
    split_detail: str
    seed: int
    owner_id: str
    created_at: datetime
    finished_at: datetime | None
    job_id: str
    state: JobState
    phase: str
    fraction: float
    error: str
    macro_f1: float | None
    interval_low: float | None
    interval_high: float | None
    is_honest: bool | None
    leaky_macro_f1: float | None
    n_groups: int | None
    family_id: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Experiment:
    """One experiment with everything that is known about it.

    Parameters
    ----------
    summary : ExperimentSummary
    model : ModelConfig
        With every hyper-parameter written out.
    split : SplitConfig
    options : mapping
    result : ExperimentResult, optional
        None until it is finished.
    rerun_of : str
        Id of the experiment that this one repeats; empty for most.
    """

    summary: ExperimentSummary
    model: ModelConfig
    split: SplitConfig
    options: Mapping[str, Any]
    result: ExperimentResult | None
    rerun_of: str = ""

    @property
    def id(self) -> str:
        """The experiment's id."""
        return self.summary.id


@dataclass(frozen=True)
class ExperimentCounts:
    """How many experiments there are.

    Parameters
    ----------
    total, finished, this_week : int
    """

    total: int
    finished: int
    this_week: int


@dataclass(frozen=True)
class BestScore:
    """The best honest score, and how much it grew within a week.

    Parameters
    ----------
    experiment_id, title : str
    macro_f1 : float
    before_this_week : float, optional
        The best honest score of a week ago; None if there was none.
    """

    experiment_id: str
    title: str
    macro_f1: float
    before_this_week: float | None
