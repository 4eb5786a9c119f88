"""The split certificate: every planted leak is found, and honest splits are left alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.learning.core.certificate import Leaking, LeakKind, certify, require_honest
from sonde.learning.core.fingerprints import has_near_duplicate, window_fingerprints
from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.catalogue import plan_folds
from sonde.learning.core.splits.policy import SplitConfig
from tests.unit.learning.toy_problem import toy_problem, toy_windows

CONFIG = SplitConfig("protocol", protocol="planted")


def planted(problem: Problem) -> tuple[Problem, tuple[Fold, ...]]:
    """Return the problem with an honest fold: the first group of each class is tested."""
    is_test = np.char.endswith(problem.groups, "-0")
    folds = (Fold("planted", np.flatnonzero(~is_test), np.flatnonzero(is_test)),)
    return replace(problem, protocols={"planted": folds}), folds


def test_an_honest_split_is_certified() -> None:
    problem, folds = planted(toy_problem())
    certificate = certify(problem, folds, CONFIG)
    assert certificate.is_honest
    assert certificate.notes == ()
    assert certificate.detail == "planted"
    assert certificate.n_groups == 12
    inner = certificate.folds[0].classes[1]
    assert (inner.n_train_groups, inner.n_test_groups, inner.test_groups) == (2, 1, ("g1-0",))
    require_honest(certificate)
    assert certificate.summary.startswith("Honest: no bearing")


def test_a_certificate_calls_classes_by_their_titles_and_keeps_their_keys() -> None:
    titled = replace(
        toy_problem(lonely_class=True, recordings_per_group=4),
        class_titles={"healthy": "Healthy", "inner": "Inner race", "oil": "Oil whirl"},
    )
    config = SplitConfig("")
    certificate = certify(titled, plan_folds(titled, config), config)
    assert certificate.class_titles == {"healthy": "Healthy", "inner": "Inner race"}
    assert certificate.divided_by_record == ("healthy",)
    assert certificate.honest_classes[0] == "inner"
    assert (certificate.title_of("inner"), certificate.title_of("ball")) == ("Inner race", "ball")
    assert certificate.summary.startswith("Honest for Inner race, outer, ball: ")
    assert certificate.summary.endswith("Healthy: 1 bearing, divided by record.")


@settings(max_examples=40, deadline=None)
@given(data=st.data(), kind=st.sampled_from(list(LeakKind)))
def test_every_planted_leak_is_found(data: st.DataObject, kind: LeakKind) -> None:
    problem, folds = planted(toy_problem())
    test = int(data.draw(st.sampled_from(folds[0].test.tolist())))
    train = int(data.draw(st.sampled_from(folds[0].train.tolist())))
    groups, recordings = problem.groups.copy(), problem.recordings.copy()
    spans, fingerprints = problem.spans.copy(), problem.fingerprints.copy()
    if kind is LeakKind.GROUP:
        groups[test] = groups[train]
    if kind in {LeakKind.RECORDING, LeakKind.WINDOW}:
        recordings[test] = recordings[train]
        spans[test] = spans[train] + (100 if kind is LeakKind.WINDOW else 100_000)
    if kind is LeakKind.DUPLICATE:
        fingerprints[test] = fingerprints[train] ^ np.uint64(1 << data.draw(st.integers(0, 62)))
    leaking = replace(
        problem, groups=groups, recordings=recordings, spans=spans, fingerprints=fingerprints
    )
    certificate = certify(leaking, folds, CONFIG)
    assert kind in certificate.leak_kinds
    assert problem.class_names[problem.labels[test]] in {
        leak.class_name for leak in certificate.leaks if leak.kind is kind
    }
    with pytest.raises(Leaking, match=r"on both sides of planted"):
        require_honest(certificate)


def test_a_one_group_class_is_noted_and_the_rest_stays_honest() -> None:
    problem = toy_problem(lonely_class=True, recordings_per_group=4)
    config = SplitConfig("group-k-fold", n_folds=2)
    certificate = certify(problem, plan_folds(problem, config), config)
    assert certificate.is_honest
    assert certificate.notes == ("healthy: 1 bearing, divided by record",)
    assert certificate.divided_by_record == ("healthy",)
    assert certificate.honest_classes == ("inner", "outer", "ball")
    assert certificate.summary == (
        "Honest for inner, outer, ball: no bearing of theirs, and no recording or window of any "
        "class, is on both sides. healthy: 1 bearing, divided by record."
    )


def test_a_record_of_the_one_group_class_on_both_sides_is_a_leak() -> None:
    problem = toy_problem(lonely_class=True, recordings_per_group=1)
    healthy = np.flatnonzero(problem.labels == 0)
    rest = np.flatnonzero(problem.labels != 0)
    is_test = np.char.endswith(problem.groups[rest], "-0")
    fold = Fold(
        "torn",
        np.concatenate([healthy[:2], rest[~is_test]]),
        np.concatenate([healthy[2:], rest[is_test]]),
    )
    certificate = certify(problem, (fold,), CONFIG)
    assert certificate.leak_kinds == (LeakKind.RECORDING,)
    assert {leak.class_name for leak in certificate.leaks} == {"healthy"}


def test_leaking_is_allowed_only_when_asked_for_by_name() -> None:
    problem = toy_problem()
    by_load = SplitConfig("leave-one-load-out")
    certificate = certify(problem, plan_folds(problem, by_load), by_load)
    assert certificate.leak_kinds == (LeakKind.GROUP,)
    with pytest.raises(Leaking, match="Choose a split that keeps each bearing on one side"):
        require_honest(certificate)
    allowed = replace(by_load, allow_leaks=True)
    require_honest(certify(problem, plan_folds(problem, allowed), allowed))
    windows = SplitConfig("random-windows")
    leaky = certify(problem, plan_folds(problem, windows), windows)
    assert not leaky.is_honest
    assert "too good" in leaky.summary
    require_honest(leaky)


def test_fingerprints_know_copies_from_strangers() -> None:
    random = np.random.default_rng(3)
    windows = toy_windows(np.zeros(300, dtype=np.intp), 2.0, random)
    copies = 5.0 * windows + 0.001 * random.normal(size=windows.shape) + 3.0
    ours, theirs = window_fingerprints(windows), window_fingerprints(copies)
    assert has_near_duplicate(ours, theirs).all()
    assert not has_near_duplicate(ours[:150], ours[150:]).any()
    assert not has_near_duplicate(ours, ours[:0]).any()
