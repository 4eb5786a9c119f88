"""Every field of the training's configuration changes something that one can see in the run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.optim.optimizer import register_optimizer_step_pre_hook

from sonde.learning.core.fitting.training_config import (
    TrainingConfig,
    accept_training,
    training_document,
)
from sonde.learning.core.training.loop import TrainedModule
from sonde.platform.core.errors import Invalid
from tests.unit.learning.core.training.small_fit import PROBLEM, Ledger, fit

BASE = TrainingConfig(epochs=2, batch_size=16, learning_rate=0.01, device="cpu", gradient_clip=0.0)


@dataclass(frozen=True)
class Seen:
    """What could be seen of a run."""

    trained: TrainedModule
    ledger: Ledger
    optimisers: list[str]
    groups: list[dict[str, Any]]
    gradient_norms: list[float]

    def curve(self, name: str) -> list[float]:
        """Return one metric over the epochs."""
        return [one[name] for one in self.ledger.logs.values()]

    def first_batch(self) -> bytes:
        """Return the first windows that the network was fed."""
        return self.trained.module.fed[0].numpy().tobytes()


def _teacher(indices):
    return np.tile([0.7, 0.1, 0.1, 0.1], (len(indices), 1))


def _see(config: TrainingConfig) -> Seen:
    optimisers, groups, norms = [], [], []

    def look(optimiser, *_):
        optimisers.append(type(optimiser).__name__)
        groups.append({k: v for k, v in optimiser.param_groups[0].items() if k != "params"})
        grads = [p.grad for g in optimiser.param_groups for p in g["params"]]
        norms.append(float(torch.nn.utils.get_total_norm([g for g in grads if g is not None])))

    hook = register_optimizer_step_pre_hook(look)
    ledger = Ledger()
    # Fewer healthy samples than others, so that class weights are not all equal.
    few = np.concatenate([np.arange(4), np.arange(6, len(PROBLEM))])
    problem = replace(
        PROBLEM,
        **{
            name: getattr(PROBLEM, name)[few]
            for name in ("labels", "recordings", "groups", "spans", "fingerprints")
        },
        read_windows=lambda indices: PROBLEM.read_windows(few[indices]),
        attributes={},
    )
    try:
        teacher = _teacher if config.teacher else None
        trained = fit(config, ledger, problem=problem, teacher=teacher)
    finally:
        hook.remove()
    return Seen(trained, ledger, optimisers, groups, norms)


@dataclass(frozen=True)
class Case:
    """How one field is changed, on top of what, and where the change is seen."""

    to: Any
    observable: Callable[[Seen], Any]
    before: Mapping[str, Any]


def _case(to: Any, observable: Callable[[Seen], Any], **before: Any) -> Case:
    return Case(to, observable, before)


def _loss(seen: Seen) -> float:
    return seen.curve("train/loss")[0]


RESTLESS = {"epochs": 9, "learning_rate": 5.0, "optimiser": "sgd", "gradient_clip": 1.0}
CASES: Mapping[str, Case] = {
    "epochs": _case(3, lambda seen: len(seen.ledger.logs)),
    "batch_size": _case(8, lambda seen: len(seen.optimisers)),
    "optimiser": _case("rmsprop", lambda seen: set(seen.optimisers)),
    "learning_rate": _case(0.1, lambda seen: seen.curve("learning_rate"), schedule="none"),
    "weight_decay": _case(0.5, lambda seen: seen.groups[0]["weight_decay"]),
    "momentum": _case(0.5, lambda seen: seen.groups[0]["momentum"], optimiser="sgd"),
    "schedule": _case("one-cycle", lambda seen: seen.curve("learning_rate")),
    "warm_up_epochs": _case(1, lambda seen: [group["lr"] for group in seen.groups]),
    "loss": _case("focal", _loss),
    "focal_gamma": _case(5.0, _loss, loss="focal"),
    "label_smoothing": _case(0.3, _loss),
    "class_weights": _case("none", _loss, validation_fraction=0.0),
    "early_stopping": _case(False, lambda seen: seen.trained.ended, patience=1, **RESTLESS),
    "patience": _case(2, lambda seen: len(seen.ledger.logs), **{**RESTLESS, "patience": 1}),
    "validation_fraction": _case(0.5, lambda seen: len(seen.trained.watching)),
    "gradient_clip": _case(0.01, lambda seen: max(seen.gradient_norms) < 0.0101),
    "precision": _case("bf16", lambda seen: seen.trained.module.kinds),
    "augmentations": _case(("noise",), Seen.first_batch),
    "augmentation_strength": _case(0.1, Seen.first_batch, augmentations=("scale",)),
    "checkpoints": _case("all", lambda seen: set(seen.ledger.files)),
    "gradient_statistics": _case(True, lambda seen: set(seen.ledger.logs[1])),
    "tensorboard": _case(True, lambda seen: set(seen.ledger.files)),
    "progressive_resizing": _case((64,), lambda seen: [x.shape for x in seen.trained.module.fed]),
    "pretraining": _case("masked", lambda seen: len(seen.ledger.pretraining)),
    "pretraining_epochs": _case(
        1, lambda seen: len(seen.ledger.pretraining), pretraining="contrastive"
    ),
    "teacher": _case("another experiment", _loss),
    "distillation_temperature": _case(1.0, _loss, teacher="another experiment"),
    "distillation_weight": _case(1.0, _loss, teacher="another experiment"),
}


@pytest.mark.parametrize("field", [one.name for one in fields(TrainingConfig)])
def test_acceptance_training_every_control_changes_the_run(field: str) -> None:
    if field == "device":
        _device_is_obeyed()
        return
    case = CASES[field]
    before = accept_training({**training_document(BASE), **case.before})
    after = accept_training({**training_document(before), field: case.to})
    assert getattr(before, field) != getattr(after, field)
    assert training_document(before) != training_document(after)
    assert case.observable(_see(before)) != case.observable(_see(after))
    assert case.observable(_see(after)) == case.observable(_see(after))


def _device_is_obeyed() -> None:
    if torch.cuda.is_available():
        assert set(_see(replace(BASE, device="cuda")).optimisers) == {"AdamW"}
    else:
        with pytest.raises(Invalid, match="no GPU"):
            _see(replace(BASE, device="cuda"))


def test_half_precision_that_the_machine_lacks_is_refused() -> None:
    with pytest.raises(Invalid, match="FP16 needs a GPU"):
        _see(replace(BASE, precision="fp16"))


def test_a_teacher_that_was_not_handed_over_is_missed() -> None:
    with pytest.raises(Invalid, match="none was handed"):
        fit(replace(BASE, teacher="another experiment"), Ledger())


def test_a_training_that_runs_away_says_so() -> None:
    wild = replace(BASE, optimiser="sgd", learning_rate=10.0, schedule="none", momentum=0.999)
    with pytest.raises(Invalid, match="ran away"):
        _see(replace(wild, epochs=60, early_stopping=False, weight_decay=1.0))


def test_acceptance_training_stopped_by_the_person_keeps_the_best() -> None:
    ledger = Ledger(stop_after=7)
    trained = fit(replace(BASE, epochs=500, early_stopping=False), ledger)
    assert trained.ended == "asked"
    assert 0 < len(trained.curves) < 500
    best = max(
        trained.curves, key=lambda one: (one["validation/macro_f1"], -one["validation/loss"])
    )
    assert trained.best_epoch == best["step"]
    assert "best.safetensors" in ledger.files


def test_augmentation_is_for_training_batches_only() -> None:
    plain = _see(replace(BASE, learning_rate=1e-7))
    bent = _see(replace(BASE, learning_rate=1e-7, augmentations=("scale", "noise", "shift")))
    assert plain.first_batch() != bent.first_batch()
    one, other = plain.curve("validation/loss"), bent.curve("validation/loss")
    assert one == pytest.approx(other, rel=0.05)
