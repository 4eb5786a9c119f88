"""Trained experiments to register: a weak model and strong ones, on the same and another test."""

from collections.abc import Mapping
from typing import Any

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

WEAK = ModelConfig("random-forest", 1, {"n_trees": 10, "max_depth": 1, "min_samples_leaf": 25})
STRONG = ModelConfig("rbf-svm", 1, {})
ON_WINDOWS = ModelConfig("minirocket", 1, {})
PLANS: Mapping[str, tuple[ModelConfig, SplitConfig]] = {
    "weak": (WEAK, SplitConfig("")),
    "strong": (STRONG, SplitConfig("")),
    "other test": (STRONG, SplitConfig("stratified-group-hold-out", test_fraction=0.34)),
    "leaky": (STRONG, SplitConfig("random-windows")),
    "windows": (ON_WINDOWS, SplitConfig("")),
}


def train(outside: Ports, actor: Actor, which: str) -> str:
    """Train one of `PLANS` by the real job runner; return the experiment's id."""
    model, split = PLANS[which]
    wanted = NewExperiment("tones", "tones", model, split, title=f"Tones, {which}")
    with unit_of_work(outside):
        made = experiments.create(actor, wanted)
    assert run_job(outside, made.summary.job_id, "test worker") == "succeeded"
    return made.id


def trained(outside: Ports, actor: Actor, *names: str) -> dict[str, Any]:
    """Train several of `PLANS`; return the experiments' ids by name."""
    return {name: train(outside, actor, name) for name in names}
