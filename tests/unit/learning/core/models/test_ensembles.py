"""Ensembles say what their members say, weighed; nothing is torn inside."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.fitting.fit_run import FitRun
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.steps import Steps
from sonde.learning.core.models import logistic_regression, stacking, voting
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.members import parse_members
from sonde.platform.core.errors import Invalid
from tests.unit.learning.toy_problem import toy_problem

NOISY = toy_problem(noise=2.0, groups_per_class=4, windows_per_recording=2)
EVERY = np.arange(len(NOISY))
FRESH = toy_problem(noise=2.0, seed=4)
INPUTS = FRESH.read_features(np.arange(len(FRESH)))
PAIR = "logistic-regression(c=0.1), k-nn(n_neighbours=3)"


def _quiet(_fraction: float) -> None:
    return None


def _vote(vote: str) -> voting.Voters:
    config = ModelConfig("voting", 0, {"members": PAIR, "vote": vote})
    return voting.SPECIFICATION.fit(NOISY, EVERY, config, _quiet)  # type: ignore[return-value]


def test_voting_is_the_mean_of_what_its_members_say_alone() -> None:
    config = ModelConfig("logistic-regression", 0, {"c": 0.1})
    alone = logistic_regression.fit(NOISY, EVERY, config, _quiet)
    voters = _vote("soft")
    other = voters.members[1].fitted.predict_proba(INPUTS)
    assert np.allclose(
        voters.predict_proba(INPUTS), (alone.predict_proba(INPUTS) + other) / 2, atol=1e-12
    )
    votes = _vote("hard").predict_proba(INPUTS)
    assert set(np.unique(votes)) <= {0.0, 0.5, 1.0}


def test_stacking_never_tears_a_group_and_learns_from_groups_unseen() -> None:
    taught: list[np.ndarray] = []

    def read(indices: np.ndarray) -> np.ndarray:
        taught.append(indices)
        return NOISY.read_features(indices)

    watched = replace(NOISY, read_features=read)
    values = {"members": PAIR, "n_folds": 2}
    fitted = stacking.SPECIFICATION.fit(watched, EVERY, ModelConfig("stacking", 0, values), _quiet)
    told = fitted.predict_proba(INPUTS)
    assert (told.argmax(axis=1) == FRESH.labels).mean() > 0.6
    halves = [one for one in taught if len(one) == len(NOISY) // 2]
    assert halves
    assert taught[-1].tolist() == EVERY.tolist()
    for half in halves:
        inside = set(NOISY.groups[half])
        outside = set(NOISY.groups[np.setdiff1d(EVERY, half)])
        assert not inside & outside


def test_stacking_trusts_the_member_that_is_right() -> None:
    values = {"members": "logistic-regression, k-nn(n_neighbours=200, weights=uniform)"}
    fitted = stacking.SPECIFICATION.fit(NOISY, EVERY, ModelConfig("stacking", 0, values), _quiet)
    weights: Any = np.abs(fitted.last.weights)  # type: ignore[attr-defined]
    assert weights[:4].sum() > 3 * weights[4:].sum()


def test_stacking_says_why_it_cannot_divide_the_training_samples() -> None:
    lonely = toy_problem(lonely_class=True, recordings_per_group=1, groups_per_class=1)
    with pytest.raises(Invalid, match="at least two groups of every class"):
        stacking.SPECIFICATION.fit(lonely, np.arange(len(lonely)), ModelConfig("stacking"), _quiet)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rbf-svm", "has 2 to 12 members, not 1"),
        ("", "has 2 to 12 members, not 0"),
        ("rbf-svm; k-nn", "cannot be read"),
        ("rbf-svm, oracle", "no model 'oracle'"),
        ("rbf-svm, voting", "cannot be a member of an ensemble"),
        ("rbf-svm, minirocket", "is fed with windows"),
        ("rbf-svm, k-nn(7)", "written name=value"),
        ("rbf-svm, k-nn(colour=7)", "has no setting 'colour'"),
    ],
)
def test_members_that_cannot_be_are_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        parse_members(text, "features")


def test_steps_report_under_their_names_within_their_share() -> None:
    said: list[Any] = []
    run = FitRun(
        said.append,
        log=lambda step, values: said.append((step, dict(values))),
        note=said.append,
        keep_file=lambda name, _: said.append(name),
    )
    steps = Steps.resume(run, 4, np.zeros(1, dtype=np.uint8))
    steps.take("k-nn", lambda _: {"a": np.zeros(1)})

    def learn(part: FitRun) -> dict[str, np.ndarray]:
        part(0.5)
        part.log(3, {"train/loss": 1.5})
        part.note("stopped")
        part.keep_file("best.safetensors", b"")
        assert part.kept() is None
        return {"a": np.zeros(1)}

    steps.take("cnn-1d", learn)
    assert said == [
        0.375,
        (3, {"cnn-1d/train/loss": 1.5}),
        "cnn-1d: stopped",
        "cnn-1d/best.safetensors",
    ]


class Killed(BaseException):
    """The worker dies here."""


@dataclass
class Worker:
    """Keeps what a fit kept over its lives, and dies when so much was kept in one of them."""

    dies_after: int
    state: bytes | None = None
    n_kept: int = 0

    def run(self) -> FitRun:
        """Return the run of one life."""
        self.n_kept = 0
        return FitRun(_quiet, kept=lambda: self.state, keep=self._keep)

    def _keep(self, state: bytes) -> None:
        self.state = state
        self.n_kept += 1
        if self.n_kept == self.dies_after:
            raise Killed


@pytest.mark.parametrize("name", ["voting", "stacking"])
def test_a_killed_ensemble_goes_on_with_the_next_member_and_ends_the_same(name: str) -> None:
    learned: list[int] = []

    def read(indices: np.ndarray) -> np.ndarray:
        learned.append(len(indices))
        return NOISY.read_features(indices)

    watched = replace(NOISY, read_features=read)
    config = ModelConfig(name, 0, {"members": f"{PAIR}, {PAIR}"})
    specification = MODELS[name]
    expected = specification.fit(watched, EVERY, config, _quiet).arrays()
    at_once, worker, lives = len(learned), Worker(dies_after=1), 1
    learned.clear()
    while True:
        try:
            found = specification.fit(watched, EVERY, config, worker.run()).arrays()
            break
        except Killed:
            lives += 1
    assert lives == (5 if name == "voting" else 17)
    assert len(learned) == at_once, "nothing is learned or asked twice"
    assert set(found) == set(expected)
    assert all(np.array_equal(found[key], expected[key]) for key in expected)


def test_what_another_ensemble_kept_is_not_taken_up() -> None:
    worker = Worker(dies_after=0)
    voting.SPECIFICATION.fit(
        NOISY, EVERY, ModelConfig("voting", 0, {"members": PAIR}), worker.run()
    )
    other = ModelConfig("voting", 0, {"members": "k-nn(n_neighbours=1), rbf-svm"})
    found = voting.SPECIFICATION.fit(NOISY, EVERY, other, worker.run())
    assert [one.name for one in found.members] == ["k-nn", "rbf-svm"]  # type: ignore[attr-defined]
    for broken in (b"no state at all", None):
        assert Steps.resume(Worker(0, broken).run(), 2, np.zeros(1, dtype=np.uint8)).take(
            "one", lambda _: {"a": np.ones(1)}
        )["a"].tolist() == [1.0]
