"""The page that starts an experiment: what it offers, and what every control of it means."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dash import html

from sonde.learning.core.estimating import Estimate, Work
from sonde.learning.core.experiment_document import document_of
from sonde.learning.core.fitting.training_config import TRAINING_KNOBS
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.planning import plan_split
from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.sources import ProblemChoice
from sonde.learning.core.splits.catalogue import POLICIES
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.ui import experiment_new as new_experiment
from sonde.learning.ui.experiment_new.cost import cost_panel
from sonde.learning.ui.experiment_new.form import (
    HONEST_CHOICE,
    SPLIT_DETAILS,
    form_of,
    seeds_of,
    values_of,
    wanted_of,
)
from sonde.learning.ui.experiment_new.ids import NewType
from sonde.learning.ui.experiment_new.layout import Offer, data_facts, data_options, new_view
from sonde.learning.ui.experiment_new.page import form_of_query
from sonde.learning.ui.experiment_new.side import own_templates, preview_panel, review_panel
from sonde.learning.ui.experiment_new.started import started_place, started_words
from sonde.platform.core.errors import Invalid
from sonde.platform.ui.components import PageView
from tests.unit.learning.toy_problem import toy_problem
from tests.unit.learning.ui.test_learning_pages import CERTIFICATE, EXPERIMENT, LEAKING, said

CHOICES = (("toys", ProblemChoice("r1", "Toys", 8, 4, ("healthy", "inner"))),)
DESCRIBED = {
    "options": [
        {
            "name": "feature_set",
            "title": "Features",
            "help": "For models that eat features.",
            "values": [["", "The source's own"], ["01J", "Best two"]],
        },
        {"name": "window", "title": "Window", "help": "", "default": 12000, "low": 64, "high": 9e4},
    ]
}
WITH_TRAINING = {name for name, one in MODELS.items() if one.uses_training}
FORM: dict[str, Any] = {"data": "toys|r1", "model": "random-forest"}


def offer(form: dict[str, Any], choices: Any = CHOICES) -> Offer:
    return Offer(
        choices,
        tuple(MODELS.values()),
        tuple(POLICIES.values()),
        teachers=(("t1", "A teacher"),),
        templates=(("p1", "Baseline", True), ("p2", "Not mine", False)),
        deep=tuple(WITH_TRAINING),
        form=form,
    )


def fields_of(view: PageView) -> dict[str, Any]:
    """Return what stands in every field of the page's form."""
    found = {}
    for one in html.Div(view.body)._traverse():
        identifier = getattr(one, "id", None)
        if isinstance(identifier, dict) and identifier["type"] == NewType.FIELD:
            found[identifier["name"]] = one.value
    return found


def test_new_experiment_offers_every_model_and_policy_and_setting() -> None:
    words = said(new_view(offer({"model": "rbf-svm"})))
    for model in MODELS.values():
        assert model.title in words
        for knob in model.hyper_parameters:
            assert knob.title in words
    for policy in POLICIES.values():
        assert policy.help in words
    for knob in TRAINING_KNOBS:
        assert knob.title in words
    assert "Recommended" in words
    assert "Baseline" in words


def test_new_experiment_without_data_says_what_to_do() -> None:
    assert "nothing to train on yet" in said(new_view(offer({}, ())))


def test_preview_warns_before_a_leak() -> None:
    assert "This split leaks" not in said(preview_panel(CERTIFICATE))
    assert "This split leaks" in said(preview_panel(LEAKING))


def test_data_facts_name_what_is_known() -> None:
    words = said(data_facts(CHOICES[0][1], {"window": 12000, "unit": "g"}))
    assert "12000" in words
    assert "healthy, inner" in words
    titled = {"classes": ["Healthy", "Inner race"], "remarks": ["8 of 9 are learned from."]}
    words = said(data_facts(CHOICES[0][1], titled))
    assert words.startswith("8 of 9 are learned from.")
    assert "Healthy, Inner race" in words


def test_the_default_is_chosen_unless_the_beginning_names_another() -> None:
    plain, _ = data_options(DESCRIBED, {})
    named, window = data_options(DESCRIBED, {"options/feature_set": "01J", "options/window": 4096})
    unknown, _ = data_options(DESCRIBED, {"options/feature_set": "gone"})
    assert (plain.value, named.value, unknown.value) == ("", "01J", "")
    assert (window.value, window.placeholder, window.min) == (4096, "12000", 64)
    assert data_options({"classes": ["a"]}, {}) == []


def test_data_is_found_by_its_ref_alone() -> None:
    for query in ({"dataset": "r1"}, {"ref": "r1"}, {"source": "toys", "ref": "r1"}):
        assert form_of_query(query, CHOICES)["data"] == "toys|r1"
    assert form_of_query({"window": "4096"}, CHOICES)["options/window"] == "4096"


def test_empty_fields_stay_unsaid() -> None:
    ids = [{"name": "options/feature_set"}, {"name": "options/window"}]
    assert values_of(["", "12000"], ids) == {"options/window": "12000"}


NETWORK = {"model": "cnn-1d"}
MEMBERS = {"features": "k-nn, rbf-svm", "windows": "hydra, minirocket, cnn-1d"}
OTHER_TEXTS = {"network": "gru", "attributes": "speed"}


def other_value(knob: HyperParameter) -> Any:
    """Return a value that is not the default."""
    if knob.choices:
        return next(one for one in knob.choices if one != knob.default)
    if isinstance(knob.default, bool):
        return "false" if knob.default else "true"
    if isinstance(knob.default, str):
        return OTHER_TEXTS[knob.name]
    if knob.low is not None and float(knob.low) != float(knob.default):
        return knob.low
    return knob.high


SPLITS: list[tuple[str, Any, dict[str, Any]]] = [
    ("split/policy", "leave-one-group-out", {}),
    ("split/n_folds", 2, {"split/policy": "group-k-fold"}),
    ("split/test_fraction", 0.6, {"split/policy": "stratified-group-hold-out"}),
    ("split/protocol", "second", {"split/policy": "protocol", "split/protocol": "first"}),
    (
        "split/attribute",
        "load",
        {"split/policy": "leave-one-attribute-out", "split/attribute": "size"},
    ),
    ("seeds", "3", {"split/policy": "stratified-group-hold-out"}),
]

CHANGES: list[tuple[str, Any, dict[str, Any]]] = [
    ("data", "toys|r2", {}),
    ("model", "rbf-svm", {}),
    ("seeds", "3", {}),
    ("title", "Mine", {}),
    ("notes", "why", {}),
    ("tags", ["a", "b"], {}),
    ("options/window", 4096, {}),
    ("split/policy", "leave-one-group-out", {}),
    *SPLITS[1:5],
    ("options/overlap", 0.5, {}),
    ("options/feature_set", "01J", {}),
    ("options/channel", "FE", {}),
    ("training/augmentations", ["noise"], NETWORK),
    ("training/teacher", "t1", NETWORK),
    ("training/progressive_resizing", "1024, 4096", NETWORK),
    *((f"training/{knob.name}", other_value(knob), NETWORK) for knob in TRAINING_KNOBS),
    *(
        (
            f"values/{model.name}/{knob.name}",
            MEMBERS[model.eats] if knob.name == "members" else other_value(knob),
            {"model": model.name},
        )
        for model in MODELS.values()
        for knob in model.hyper_parameters
    ),
]


@pytest.mark.parametrize(("name", "value", "beside"), CHANGES, ids=[one[0] for one in CHANGES])
def test_acceptance_wizard_every_control_changes_the_configuration(
    name: str, value: Any, beside: dict[str, Any]
) -> None:
    plain = fields_of(new_view(offer(FORM | beside)))
    assert name in plain or name.startswith("options/"), "the page has this control"
    before, _ = wanted_of({key: one for key, one in plain.items() if one not in (None, "", [])})
    filled = plain | {name: value}
    after, _ = wanted_of({key: one for key, one in filled.items() if one not in (None, "", [])})
    assert document_of(after) != document_of(before)


def test_acceptance_wizard_every_control_of_the_page_is_tried() -> None:
    tried = {name for name, _, _ in CHANGES}
    assert set(fields_of(new_view(offer(FORM)))) <= tried


@pytest.mark.parametrize(("name", "value", "beside"), SPLITS, ids=[one[0] for one in SPLITS])
def test_acceptance_wizard_every_control_of_the_split_changes_the_folds(
    name: str, value: Any, beside: dict[str, Any]
) -> None:
    halves = np.arange(96)[:48], np.arange(96)[48:]
    problem = toy_problem(
        protocols={"first": (Fold("a", *halves),), "second": (Fold("b", *halves[::-1]),)}
    )

    def folds(form: dict[str, Any]) -> list[tuple[str, list[int]]]:
        wanted, _ = wanted_of(form)
        planned = plan_split(problem, wanted.split)
        return [(fold.name, fold.test.tolist()) for fold in planned.folds]

    assert folds(FORM | beside) != folds(FORM | beside | {name: value})
    assert {one for one, _, _ in CHANGES if one.startswith("split/")} <= {one[0] for one in SPLITS}


@pytest.mark.parametrize("policy", SPLIT_DETAILS)
def test_acceptance_wizard_a_split_shows_what_changes_its_folds_and_nothing_else(
    policy: str,
) -> None:
    others = {"protocol": "second", "attribute": "load", "n_folds": 2, "test_fraction": 0.6}
    first = {"split/policy": policy, "split/protocol": "first", "split/attribute": "size"}
    halves = np.arange(48), np.arange(48, 96)
    problem = toy_problem(
        protocols={"first": (Fold("a", *halves),), "second": (Fold("b", *halves[::-1]),)}
    )
    before, _ = wanted_of(FORM | first)
    for name, value in others.items():
        after = replace(before.split, **{name: value})
        same = _told(problem, before.split) == _told(problem, after)
        assert same == (name not in SPLIT_DETAILS[policy]), name
    script = (Path(new_experiment.__file__).parent / "browser.js").read_text()
    shown = script[script.index("showDetails") : script.index("begin")]
    assert shown.count(f'"{policy}"') == len(SPLIT_DETAILS[policy])


def _told(problem: Problem, split: SplitConfig) -> list[tuple[str, list[int]]]:
    return [(fold.name, fold.test.tolist()) for fold in plan_split(problem, split).folds]


def test_what_a_split_does_not_ask_is_not_said() -> None:
    form = FORM | {"split/attribute": "load", "split/protocol": "first", "split/n_folds": 3}
    for policy in (HONEST_CHOICE, *POLICIES):
        wanted, _ = wanted_of(form | {"split/policy": policy})
        assert bool(wanted.split.attribute) == (policy == "leave-one-attribute-out")
        assert bool(wanted.split.protocol) == (policy == "protocol")


def test_a_model_that_is_no_network_is_not_bothered_with_training() -> None:
    form = {"training/teacher": "t1", "training/epochs": 3}
    forest, _ = wanted_of(FORM | form)
    network, _ = wanted_of(FORM | form | NETWORK)
    assert (forest.model.training.teacher, forest.model.training.epochs) == ("", 30)
    assert (network.model.training.teacher, network.model.training.epochs) == ("t1", 3)
    assert {"snapshot", "voting-windows", "cnn-1d"} <= WITH_TRAINING


@pytest.mark.parametrize(
    ("model", "name", "text", "sentence"),
    [
        ("voting", "members", "random-forest; k-nn", "cannot be read"),
        ("stacking-windows", "members", "rbf-svm, hydra", "is fed with features"),
        ("snapshot", "network", "hydra", "made of a network"),
    ],
)
def test_members_that_cannot_be_are_told_before_the_start(
    model: str, name: str, text: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        wanted_of(FORM | {"model": model, f"values/{model}/{name}": text})


def test_only_templates_of_ones_own_can_be_deleted() -> None:
    words = said(own_templates(offer({}).templates))
    assert "Baseline" in words
    assert "Not mine" not in words


def test_a_family_leads_to_the_list_and_one_training_to_its_page() -> None:
    alone = (EXPERIMENT,)
    family = tuple(
        replace(EXPERIMENT, summary=replace(EXPERIMENT.summary, family_id="F1")) for _ in range(3)
    )
    assert started_place(alone) == (f"/experiment/{EXPERIMENT.id}/results", "")
    assert started_place(family) == ("/experiments", "?q=family%3AF1")
    assert "3 trainings" in started_words(family)[0]


def test_acceptance_wizard_a_clone_and_a_template_fill_the_form_again() -> None:
    wanted, _ = wanted_of(
        FORM
        | NETWORK
        | {
            "values/cnn-1d/width": 24,
            "training/epochs": 3,
            "training/augmentations": ["noise", "mixup"],
            "training/progressive_resizing": "1024, 4096",
            "split/policy": "group-k-fold",
            "split/n_folds": 4,
            "seeds": "5",
            "tags": ["baseline"],
            "options/window": 4096,
        }
    )
    form = form_of(document_of(wanted))
    shown = fields_of(new_view(offer(form))) | {"options/window": form["options/window"]}
    again, seeds = wanted_of({key: one for key, one in shown.items() if one not in (None, "", [])})
    assert seeds == (5,)
    assert document_of(again) == document_of(wanted)


def test_seeds_make_a_family() -> None:
    assert seeds_of("0") == (0,)
    assert seeds_of("0-2, 7, 1") == (0, 1, 2, 7)
    for bad in ("", "x", "-3", "0-99", "1.5"):
        with pytest.raises(Invalid):
            seeds_of(bad)


def test_review_shows_the_exact_configuration() -> None:
    wanted, seeds = wanted_of(FORM | {"seeds": "0-1"})
    words = said(review_panel(document_of(wanted), seeds))
    assert '"n_trees": 300' in words
    assert '"seeds"' in words


def test_cost_says_what_it_is_based_on() -> None:
    told = Estimate(
        CERTIFICATE, Work(6, 96, 30, 4_000_000), (2, 4096), 61.0, 5400.0, 0, 966_372, 134_000_000, 7
    )
    words = said(cost_panel(told, 3))
    for promised in ("966,372", "134 million", "1 min to 1.5 h for each seed", "first guess"):
        assert promised in words
    plain = Estimate(CERTIFICATE, Work(6, 96, 1, 0), (1, 4096), 0.2, 5.0, 2, None, None, None)
    assert "By the pace of 2 earlier runs" in said(cost_panel(plain, 1))
