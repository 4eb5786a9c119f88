"""What a whole training does: watches by group, tells, feeds, pretrains, listens to its network."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.splits.policy import indivisible_units
from sonde.learning.core.training.batches import Place, cut_epoch, n_batches
from sonde.learning.core.training.feeding import RememberingReader, feeding
from sonde.learning.core.training.material import auxiliary_targets
from sonde.learning.core.training.precision import precision_of
from sonde.learning.core.training.pretraining import band_powers, pretraining_of
from sonde.learning.core.training.session import EVENTS
from sonde.learning.core.training.tensor_files import from_file
from sonde.learning.core.training.validation import inner_split
from tests.unit.learning.core.training.small_fit import (
    PROBLEM,
    Ledger,
    SmallNet,
    fit,
    small_net,
)
from tests.unit.learning.toy_problem import toy_problem

BASE = TrainingConfig(epochs=2, batch_size=16, learning_rate=0.01, device="cpu")


@settings(max_examples=15)
@given(
    groups=st.integers(1, 5),
    lonely=st.booleans(),
    fraction=st.sampled_from([0.1, 0.2, 0.34, 0.5]),
    seed=st.integers(0, 99),
)
def test_acceptance_training_validation_never_tears_a_group(groups, lonely, fraction, seed) -> None:
    problem = toy_problem(3, groups, 2, 2, lonely_class=lonely)
    indices = np.random.default_rng(seed).permutation(len(problem))
    teaching, watching = inner_split(problem, indices, fraction, seed)
    units = indivisible_units(problem)
    assert not set(units[teaching]) & set(units[watching])
    assert sorted([*teaching, *watching]) == sorted(indices)
    assert set(problem.labels[teaching]) == {0, 1, 2}


def test_every_class_that_can_spare_a_group_is_watched() -> None:
    problem = toy_problem(4, 3, 2, 2)
    _, watching = inner_split(problem, np.arange(len(problem)), 0.2, 0)
    assert set(problem.labels[watching]) == {0, 1, 2, 3}


def test_without_a_group_to_spare_every_epoch_is_done_and_that_is_told() -> None:
    problem = toy_problem(4, 1, 1, 4)
    ledger = Ledger()
    trained = fit(replace(BASE, early_stopping=True, patience=1, epochs=4), ledger, problem=problem)
    assert (trained.best_epoch, trained.ended) == (4, "epochs")
    assert trained.temperature == 1.0
    assert any("No group can be spared" in note for note in ledger.notes)


@settings(max_examples=30)
@given(n=st.integers(1, 60), size=st.integers(1, 20), epoch=st.integers(0, 5))
def test_an_epoch_meets_every_window_once(n, size, epoch) -> None:
    batches = cut_epoch(np.arange(n), size, 7, Place(1, epoch, 0))
    assert sorted(np.concatenate(batches).tolist()) == list(range(n))
    assert len(batches) == n_batches(n, size)
    assert size == 1 or n == 1 or min(len(batch) for batch in batches) > 1


def test_the_feed_keeps_the_order_whatever_the_thread_does_and_ends_with_its_block() -> None:
    random = np.random.default_rng(0)

    def make(number: int) -> int:
        time.sleep(random.uniform(0, 0.003))
        return number

    with feeding(make, iter(range(30)), lambda: None) as feed:
        assert [feed.take() for _ in range(20)] == list(range(20))
    assert not any(thread.name.startswith("sonde-feed") for thread in threading.enumerate())


def test_what_breaks_in_the_feed_breaks_the_taker_and_waiting_is_told() -> None:
    def make(number: int) -> int:
        time.sleep(0.3)
        raise OSError("the disk is gone")

    told: list[int] = []
    with (
        pytest.raises(OSError, match="the disk is gone"),
        feeding(make, iter(range(3)), lambda: told.append(1)) as feed,
    ):
        feed.take()
    assert told


def test_windows_are_read_once_where_they_fit_and_again_where_they_do_not() -> None:
    asked: list[int] = []

    def read(indices):
        asked.extend(indices.tolist())
        return PROBLEM.read_windows(indices)

    one = PROBLEM.read_windows(np.arange(1)).nbytes
    reader = RememberingReader(read, most_bytes=3 * one)
    for _ in range(2):
        order = np.array([4, 1, 3, 0, 2])
        assert np.array_equal(reader(order), PROBLEM.read_windows(order))
    assert sorted(asked) == [0, 0, 1, 2, 2, 3, 4]


def test_progress_is_told_within_long_steps_too() -> None:
    class Slow(SmallNet):
        def forward(self, windows):
            time.sleep(0.8)
            return super().forward(windows)

    ledger = Ledger()
    fit(replace(BASE, epochs=1, validation_fraction=0.0, batch_size=24), ledger, kind=Slow)
    # Two steps of 0.8 s: told at the begin and the end of each, and three times within.
    assert len(ledger.fractions) >= 8


def test_acceptance_training_tensorboard_reads_the_curves_back(tmp_path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    ledger = Ledger()
    trained = fit(replace(BASE, tensorboard=True, gradient_statistics=True), ledger)
    (tmp_path / EVENTS).write_bytes(ledger.files[EVENTS])
    read = EventAccumulator(str(tmp_path))
    read.Reload()
    assert set(read.Tags()["scalars"]) == set(ledger.logs[1])
    losses = [event.value for event in read.Scalars("train/loss")]
    assert losses == pytest.approx([one["train/loss"] for one in trained.curves])
    assert [event.step for event in read.Scalars("train/loss")] == [1, 2]


def test_weights_kept_as_files_are_those_of_their_epoch() -> None:
    ledger = Ledger()
    trained = fit(replace(BASE, checkpoints="all", epochs=3), ledger)
    assert set(ledger.files) == {
        "best.safetensors", "last.safetensors",
        *(f"epoch-000{number}.safetensors" for number in (1, 2, 3)),
    }  # fmt: skip
    best, about = from_file(ledger.files["best.safetensors"])
    assert about == {"model": "small", "epoch": trained.best_epoch}
    same, _ = from_file(ledger.files[f"epoch-000{trained.best_epoch}.safetensors"])
    ours = trained.module.state_dict()
    assert all(torch.equal(best[k], ours[k]) and torch.equal(same[k], ours[k]) for k in ours)


def test_acceptance_training_masked_pretraining_learns_what_was_silenced() -> None:
    config = replace(BASE, pretraining="masked", pretraining_epochs=60, epochs=1)
    config = replace(config, learning_rate=0.03)
    ledger = Ledger()
    fit(config, ledger)
    losses = [one["pretraining/loss"] for one in ledger.pretraining.values()]
    assert losses[-1] < 0.8 * losses[0]


def test_acceptance_training_contrastive_pretraining_tells_windows_apart() -> None:
    config = replace(BASE, pretraining="contrastive", pretraining_epochs=12, epochs=1)
    ledger = Ledger()
    fit(config, ledger)
    losses = [one["pretraining/loss"] for one in ledger.pretraining.values()]
    assert losses[-1] < 0.9 * losses[0]


def test_a_mask_silences_whole_parts_and_the_powers_are_those_of_before() -> None:
    class Whole:
        read = staticmethod(PROBLEM.read_windows)

    config = replace(BASE, pretraining="masked")
    stage = pretraining_of(small_net(), Whole, np.arange(8), config, 0)
    windows = PROBLEM.read_windows(np.arange(8))
    masked, mask, powers = stage.make(Place(0, 0, 0), np.arange(8))
    assert mask.sum(axis=1).tolist() == [6.0] * 8
    changed = (masked != windows)[:, 0].reshape(8, 16, 16).any(axis=2)
    assert np.array_equal(changed, mask.astype(bool))
    assert powers == pytest.approx((band_powers(windows) - stage.mean) / stage.spread)


class Listening(SmallNet):
    """Has a head for a numeric attribute, and remembers what it was told."""

    auxiliary_targets = ("load", "no such attribute")

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[torch.Tensor, ...]] = []
        self.gauge = nn.Linear(16, 1)

    def extra_loss(self, inputs, labels, targets):
        """Return the squared error of the loads that are known."""
        self.told.append((labels, targets))
        known = ~torch.isnan(targets[:, 0])
        error = self.gauge(self.representation(inputs))[:, 0] - targets[:, 0]
        return (error[known] ** 2).mean() if known.any() else error.sum() * 0


def test_a_network_s_own_loss_is_heard_and_gets_its_targets() -> None:
    loads = PROBLEM.attributes["load"].copy()
    loads[::5] = "unknown"
    problem = replace(PROBLEM, attributes={**PROBLEM.attributes, "load": loads})
    trained = fit(BASE, Ledger(), kind=Listening, problem=problem)
    labels, targets = trained.module.told[0]
    assert labels.dtype == torch.int64
    assert targets.shape == (len(labels), 2)
    assert torch.isnan(targets[:, 1]).all()
    assert not torch.isnan(targets[:, 0]).all()
    fresh = small_net(Listening).gauge.weight
    assert not torch.equal(trained.module.gauge.weight, fresh)


def test_targets_have_no_mean_and_unit_spread_over_what_teaches() -> None:
    teaching = np.arange(0, len(PROBLEM), 3)
    targets = auxiliary_targets(PROBLEM, ("load",), teaching)
    assert targets[teaching].mean() == pytest.approx(0.0, abs=1e-6)
    assert targets[teaching].std() == pytest.approx(1.0, rel=1e-5)


def test_acceptance_training_a_student_learns_what_only_its_teacher_knows() -> None:
    """The teacher swaps two classes; a student that trusts it wholly does so, too."""
    swapped = np.array([1, 0, 2, 3])

    def teacher(indices):
        return np.eye(4)[swapped[PROBLEM.labels[indices]]]

    config = replace(
        BASE, teacher="another", distillation_weight=1.0, epochs=60, learning_rate=0.02,
        validation_fraction=0.0, distillation_temperature=1.0,
    )  # fmt: skip
    trained = fit(config, Ledger(), teacher=teacher)
    with torch.no_grad():
        windows = torch.from_numpy(PROBLEM.read_windows(np.arange(len(PROBLEM))))
        told = trained.module(windows).argmax(1).numpy()
    like_teacher = np.mean(told == swapped[PROBLEM.labels])
    assert like_teacher > 0.75
    assert like_teacher > np.mean(told == PROBLEM.labels)


def test_half_precision_on_a_processor_writes_every_gradient() -> None:
    """A convolution whose answer is one position: oneDNN leaves its gradient unwritten."""
    precision = precision_of(replace(BASE, precision="bf16"))
    before = torch._C._get_mkldnn_enabled()
    random = torch.Generator().manual_seed(0)
    with precision.sound():
        for _ in range(20):
            layer = nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False)
            rubbish = [torch.full((size,), 1e30) for size in (512, 4608, 65536)]
            del rubbish
            with precision.autocast():
                told = layer(torch.randn(4, 16, 1, 1, generator=random))
            told.float().sum().backward()
            assert float(layer.weight.grad.abs().max()) < 100.0
    assert torch._C._get_mkldnn_enabled() == before
