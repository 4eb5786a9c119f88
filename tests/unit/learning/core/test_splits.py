"""Split policies: laws that hold for every problem, and the special cases."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.catalogue import POLICIES, plan_folds, policy, resolve
from sonde.learning.core.splits.policy import SplitConfig, single_group_classes
from sonde.platform.core.errors import Invalid
from tests.unit.learning.toy_problem import toy_problem

HONEST = ["group-k-fold", "leave-one-group-out", "stratified-group-hold-out"]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a problem with any number of groups, each in one class, in any order."""
    n_classes = draw(st.integers(2, 4))
    group_labels = draw(st.lists(st.integers(0, n_classes - 1), min_size=4, max_size=14))
    base = toy_problem(n_classes, 2, 1, 1)
    recordings = np.repeat(np.arange(len(group_labels) * 2), 2)
    groups = recordings // 2
    labels = np.array(group_labels, dtype=np.intp)[groups]
    order = draw(st.permutations(range(len(labels))))
    spans = np.stack([np.arange(len(labels)), np.arange(len(labels)) + 1], axis=1)
    random = np.random.default_rng(len(labels))
    return replace(
        base,
        labels=labels[order],
        groups=np.char.add("g", groups[order].astype(str)),
        recordings=np.char.add("r", recordings[order].astype(str)),
        spans=spans[order],
        fingerprints=random.integers(0, 2**63, len(labels), dtype=np.uint64),
        attributes={"size": np.char.add("s", (groups[order] % 3).astype(str))},
    )


@pytest.mark.parametrize("name", HONEST)
@settings(max_examples=60, deadline=None)
@given(problem=problems(), seed=st.integers(0, 5))
def test_a_split_never_shares_a_group(name: str, problem: Problem, seed: int) -> None:
    try:
        folds = plan_folds(problem, SplitConfig(name, seed=seed, n_folds=3))
    except Invalid:
        return
    alone = single_group_classes(problem)
    for fold in folds:
        together = np.isin(problem.labels, alone)
        train = fold.train[~together[fold.train]]
        test = fold.test[~together[fold.test]]
        assert not set(problem.groups[train]) & set(problem.groups[test])
        assert not set(problem.recordings[fold.train]) & set(problem.recordings[fold.test])


@pytest.mark.parametrize("name", HONEST)
@settings(max_examples=40, deadline=None)
@given(problem=problems(), seed=st.integers(0, 5))
def test_a_split_is_a_partition_and_repeats_itself(name: str, problem: Problem, seed: int) -> None:
    config = SplitConfig(name, seed=seed, n_folds=3)
    try:
        folds = plan_folds(problem, config)
    except Invalid:
        return
    for fold, again in zip(folds, plan_folds(problem, config), strict=True):
        assert np.array_equal(fold.test, again.test)
        assert sorted([*fold.train, *fold.test]) == list(range(len(problem)))
    if name != "stratified-group-hold-out":
        assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(problem)))


def test_group_k_fold_spreads_classes_evenly() -> None:
    problem = toy_problem(groups_per_class=4)
    for fold in plan_folds(problem, SplitConfig("group-k-fold", n_folds=4)):
        assert np.bincount(problem.labels[fold.test]).tolist() == [8, 8, 8, 8]


def test_group_k_fold_makes_no_more_folds_than_the_smallest_class_has_groups() -> None:
    folds = plan_folds(toy_problem(groups_per_class=3), SplitConfig("group-k-fold", n_folds=10))
    assert len(folds) == 3


def test_seeds_make_different_folds() -> None:
    problem = toy_problem(groups_per_class=8)
    one, two = (
        plan_folds(problem, SplitConfig("group-k-fold", seed=seed))[0].test for seed in (1, 2)
    )
    assert one.tolist() != two.tolist()


def test_a_class_with_one_group_is_divided_by_recording() -> None:
    problem = toy_problem(lonely_class=True, recordings_per_group=4)
    for fold in plan_folds(problem, SplitConfig("group-k-fold", n_folds=3)):
        assert (problem.labels[fold.test] == 0).any()
        assert (problem.labels[fold.train] == 0).any()


def test_leaving_an_attribute_out_deals_classes_without_a_choice() -> None:
    problem = toy_problem(groups_per_class=3)
    folds = plan_folds(problem, SplitConfig("leave-one-attribute-out", attribute="size"))
    assert [fold.name for fold in folds] == ["size 0", "size 1", "size 2"]
    for number, fold in enumerate(folds):
        faults = fold.test[problem.labels[fold.test] != 0]
        assert set(problem.attributes["size"][faults]) == {str(number)}
        assert (problem.labels[fold.test] == 0).sum() == 8
        assert not set(problem.groups[fold.train]) & set(problem.groups[fold.test])


def test_shorthands_name_protocols_and_attributes() -> None:
    problem = toy_problem(protocols={"sizes": (Fold("a", np.arange(3), np.arange(3, 6)),)})
    assert resolve(SplitConfig("sizes"), problem).policy == "protocol"
    assert resolve(SplitConfig(""), problem).policy == "group-k-fold"
    assert resolve(SplitConfig("leave-one-load-out"), problem).attribute == "load"
    assert plan_folds(problem, SplitConfig("sizes"))[0].name == "a"


@pytest.mark.parametrize(
    "config",
    [
        SplitConfig("no-such-policy"),
        SplitConfig("protocol", protocol="no-such-protocol"),
        SplitConfig("leave-one-attribute-out", attribute="colour"),
        SplitConfig("group-k-fold", n_folds=1),
        SplitConfig("stratified-group-hold-out", test_fraction=1.5),
        SplitConfig("random-windows", test_fraction=0.0),
    ],
    ids=lambda config: config.policy + config.protocol + config.attribute,
)
def test_impossible_splits_are_refused(config: SplitConfig) -> None:
    with pytest.raises(Invalid):
        plan_folds(toy_problem(), config)


def test_too_few_or_too_many_groups_are_refused() -> None:
    one = toy_problem(n_classes=1, groups_per_class=1, recordings_per_group=1)
    for name in HONEST:
        with pytest.raises(Invalid):
            plan_folds(one, SplitConfig(name))
    with pytest.raises(Invalid, match="limit is 60"):
        plan_folds(toy_problem(groups_per_class=20), SplitConfig("leave-one-group-out"))
    lonely = toy_problem(2, 1, 1)
    with pytest.raises(Invalid, match="held out"):
        plan_folds(lonely, SplitConfig("stratified-group-hold-out"))


def test_an_attribute_with_one_value_cannot_be_left_out() -> None:
    problem = toy_problem()
    flat = replace(problem, attributes={"rig": np.full(len(problem), "a")})
    with pytest.raises(Invalid, match="values"):
        plan_folds(flat, SplitConfig("leave-one-attribute-out", attribute="rig"))


def test_every_policy_explains_itself() -> None:
    for name, entry in POLICIES.items():
        assert policy(name) is entry
        assert entry.title
        assert entry.help.endswith(".") or entry.is_leaky
    assert [name for name, entry in POLICIES.items() if entry.is_leaky] == ["random-windows"]


def test_a_split_that_this_data_cannot_have_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="brings no published protocol"):
        plan_folds(toy_problem(), SplitConfig("protocol"))
    plain = replace(toy_problem(), attributes={})
    with pytest.raises(Invalid, match="Nothing differs"):
        plan_folds(plain, SplitConfig("leave-one-attribute-out"))
