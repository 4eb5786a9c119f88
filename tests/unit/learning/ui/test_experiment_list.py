"""The list of experiments as components: rows, groups, columns, and what is said of changes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sonde.learning.core.experiment_changes import Action, Changed
from sonde.learning.core.experiment_list import ListedExperiment, ListSummary
from sonde.learning.core.experiments import ExperimentSummary
from sonde.learning.core.saved_searches import SavedSearch
from sonde.learning.core.search.columns import columns_of
from sonde.learning.core.search.grouping import GroupedRow, Spread
from sonde.learning.core.search.syntax import SearchError
from sonde.learning.core.tags import Tag
from sonde.learning.ui.experiments.dialogs import tag_list
from sonde.learning.ui.experiments.layout import (
    Page,
    count_words,
    experiments_view,
    summary_words,
    undo_note,
)
from sonde.learning.ui.experiments.rows import experiment_row, grid_columns, group_row
from sonde.learning.ui.experiments.saved import address_of, saved_links
from sonde.learning.ui.experiments.state import ListState
from sonde.learning.ui.experiments.toolbar import Offer, choices, wrong
from sonde.platform.core.jobs import JobState

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SUMMARY = ExperimentSummary(
    id="01ARZ3NDEKTSV4RRFFQ69G5FAV", title="Night", source="tones", ref="t", ref_title="Tones",
    model="random-forest", model_title="Random forest", policy="group-k-fold",
    policy_title="Groups in k folds", split_detail="", seed=3, owner_id="o", created_at=NOW,
    finished_at=NOW, job_id="", state=JobState.SUCCEEDED, phase="", fraction=1.0, error="",
    macro_f1=0.91234, interval_low=0.85, interval_high=0.95, is_honest=True, leaky_macro_f1=None,
    n_groups=12,
)  # fmt: skip
TAG = Tag("t1", "w", "o", "night", "teal", 3)
LISTED = ListedExperiment(
    SUMMARY, "Ada", 0.93, (TAG,), None, None, None, {"best.validation/loss": 0.25}
)
SEARCH = SavedSearch("s", "o", "Ada", "w", "Best", "tag:a b", {"sort": "-macro_f1"}, True, True,
                     True, NOW)  # fmt: skip


def said(component: Any) -> str:
    return str(component.to_plotly_json() if hasattr(component, "to_plotly_json") else component)


def test_a_row_says_what_its_columns_ask() -> None:
    columns = columns_of(("title", "macro_f1", "tags", "best.loss", "certificate", "duration"))
    row = experiment_row(LISTED, columns)
    assert [row[f"v{n}"] for n in range(6)] == [
        "Night", 0.912, [{"name": "night", "colour": "teal"}], 0.25, "honest", 0.0
    ]  # fmt: skip
    assert row["href"].endswith("/results")
    running = replace(LISTED, summary=replace(SUMMARY, state=JobState.RUNNING))
    assert experiment_row(running, columns)["href"].endswith("/monitor")
    assert experiment_row(replace(LISTED, trashed_at=NOW), columns)["href"] == ""
    shown = grid_columns(columns, "-best.validation/loss")
    assert [one.options["colId"] for one in shown if one.options][3] == "best.validation/loss"
    assert shown[3].options is not None
    assert shown[3].options["sort"] == "desc"


def test_a_group_says_its_mean_and_leads_to_its_experiments() -> None:
    columns = columns_of(("macro_f1",))
    spread = Spread.of(3, 0.9, 0.02, 0.88, 0.92)
    group = GroupedRow("random forest", "Seed 0", "x", 3, 3, 1, {"macro_f1": spread})
    row = group_row(group, columns, "dataset")
    assert (row["v0"], row["search"]) == ("0.900 ± 0.050 (n = 3)", 'dataset:"random forest"')
    assert group_row(replace(group, key="x"), columns, "family")["title"] == "Seed 0"


def test_the_page_keeps_its_state_in_the_address() -> None:
    state = ListState.of_query(
        {"q": "a", "columns": "title,loss@3", "sort": "-seed", "group": "family"}
    )
    assert state == ListState("a", ("title", "loss@3"), "-seed", "family")
    wrong = {"q": "(", "columns": "odd", "sort": "tags", "group": "odd"}
    assert ListState.of_query(wrong) == ListState("(")
    assert address_of(SEARCH) == "/experiments?q=tag%3Aa+b&sort=-macro_f1"


@pytest.mark.parametrize("group", ["", "family"])
def test_the_page_offers_what_there_is(group: str) -> None:
    fields = ("status", "model", "tag", "dataset")
    values = {field: ["one"] for field in fields}
    offer = Offer(
        values, dict.fromkeys(fields, ()), [("seed", "Seed")], [SEARCH], "live", None, "o"
    )
    view = experiments_view(Page(ListState(group=group), offer, False, True))
    assert len(view.body) > 5
    empty = experiments_view(Page(ListState(), offer, True, True))
    assert "No experiment yet" in said(empty.body)


def test_a_change_says_what_it_did_and_offers_the_way_back() -> None:
    done = Changed(Action.TRASH, ("a", "b"), (), Action.RESTORE, 1)
    assert "2 experiments are in the trash" in said(undo_note(done))
    assert "cancelled: 1" in said(undo_note(done))
    assert "Undo" in said(undo_note(done))
    assert "Undo" not in said(undo_note(Changed(Action.REMOVE, ("a",))))
    assert count_words(1, [1], "") == "1 experiment"
    assert "Nothing is found" in count_words(0, [], "", "night")
    assert "3 experiments" in said(tag_list([TAG]))
    assert "No tags yet" in said(tag_list([]))


def test_what_is_empty_says_why() -> None:
    assert count_words(0, [], "", " is:trashed ") == "The trash is empty."
    assert "archived or in the trash" in count_words(0, [], "", "")
    by_state = {JobState.SUCCEEDED: 1200, JobState.FAILED: 1}
    assert summary_words(ListSummary(by_state, 2)) == "1,200 done · 1 failed · 2 on a leaky split"


def test_an_error_marks_its_character() -> None:
    shown = wrong("a" * 50 + "(b" + "c" * 50, SearchError("never closed.", 51))
    said_of = said(shown[-1])
    assert "Mark('(')" in said_of
    assert said_of.count("…") == 2
    assert "Mark('\\xa0')" in said(wrong("a OR", SearchError("too early.", 5))[-1])
    assert wrong("a", None) == []


def test_filters_go_by_titles_and_keep_their_values() -> None:
    assert choices("model", ["rbf-svm", "gone", "gone"])[0] == {"value": "gone", "label": "gone"}
    titled = {one["value"]: one["label"] for one in choices("model", ["random-forest"])}
    assert titled == {"random-forest": "Random forest"}
    assert [one["value"] for one in choices("status", ["queued", "done"])] == ["queued", "done"]


def test_only_own_searches_can_be_changed() -> None:
    assert "Stop telling me" in said(saved_links([SEARCH], "o"))
    assert "Forget" not in said(saved_links([SEARCH], "somebody"))
    assert "shared by Ada" in said(saved_links([SEARCH], "somebody"))
