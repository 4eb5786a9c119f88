"""The pages that manage data sets as components: what they say for what they are given."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from plotly.utils import PlotlyJSONEncoder

from sonde.bearings.core.dataset_statistics import Group, Span, statistics_of_groups
from sonde.bearings.core.datasets import ARCHIVED, TRASHED, Dataset, StoredRecording
from sonde.bearings.core.export.formats import Export
from sonde.bearings.core.merging import Merged
from sonde.bearings.core.recording_query import RecordingQuery, SortKey
from sonde.bearings.core.statistics import Statistics
from sonde.bearings.ui.comparing.layout import Pair, comparing_view, figure_rows
from sonde.bearings.ui.dataset.facts import bearing_rows
from sonde.bearings.ui.dataset.layout import Shown, dataset_view
from sonde.bearings.ui.dataset.lineage import Kin, filter_text, sources_kin
from sonde.bearings.ui.dataset.signals import query_of_url
from sonde.bearings.ui.datasets.layout import Listed, ListState, dataset_row, datasets_view
from sonde.bearings.ui.datasets.merging import merge_form
from sonde.bearings.ui.datasets.undoing import undo_note
from sonde.bearings.ui.naming import size_text
from sonde.bearings.ui.recordings import asked_for, columns_for, recording_row

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DATASET = Dataset(
    id="01ARZ3NDEKTSV4RRFFQ69G5FAV",
    workspace_id="w",
    owner_id="u",
    owner_name="Ada",
    name="Pump 7",
    origin="import",
    designation="6205-2RS",
    content_hash="0123456789abcdef" * 4,
    file_key="signals/x.h5",
    size_bytes=2_500_000,
    n_recordings=2,
    n_bearings=2,
    classes=("healthy", "inner"),
    created_at=NOW,
    tags=("plant a",),
    description="after the overhaul",
)
RECORDING = StoredRecording(
    id="r1",
    dataset_id=DATASET.id,
    file="105.mat",
    signal_path="/signals/000001",
    channels=("DE", "FE"),
    n_samples=12_000,
    sampling_rate_hz=12_000.0,
    speed_rpm=1797.0,
    label="inner",
    bearing="IR007",
    lineage="105",
    content_hash="h",
    fault_size="7 mil",
    quality=("clipped at 9.81",),
    statistics=Statistics(0.1, 0.123456, 1.0, 3.0, 123_456.7),
)


def group(label: str, bearing: str, number: int, **more: Any) -> Group:
    values = {
        "severity": "",
        "fault": "7 mil" if label != "healthy" else "",
        "load": "",
        "session": "",
        "unit": "unknown",
        "sampling_rate_hz": 12_000.0,
        "duration_s": 1.0 * number,
        "speed_rpm": Span(1700.0, 1797.0),
        "length_s": Span(1.0, 1.0),
        "rms": Span(0.5, 1.0),
        "kurtosis": Span(0.0, 3.0),
        "rms_sum": 0.75 * number,
        "n_rms": number,
    } | more
    return Group(label=label, bearing=bearing, n_recordings=number, **values)


GROUPS = [group("inner", "IR007", 2), group("healthy", "N", 1)]
STATISTICS = statistics_of_groups(GROUPS, [("clipped at …", 1)])
SHOWN = Shown(
    DATASET,
    STATISTICS,
    [DATASET],
    [],
    [],
    [],
    0,
    "r1",
    [("inner", np.ones(10, dtype=np.float32), 12_000.0)],
    [],
    RecordingQuery(),
    "",
    may_change=True,
    may_train=True,
)


def words(component: Any) -> str:
    """Return a page as text; what is in it can be looked for."""
    return json.dumps(component, cls=PlotlyJSONEncoder)


def listed(*found: Dataset, **more: Any) -> Listed:
    return Listed(found, **({"changeable": frozenset({DATASET.id}), "may_import": True} | more))


def test_the_list_without_data_shows_the_way_to_the_first() -> None:
    text = words(datasets_view(listed(), ListState()).body)
    for expected in ("No data sets yet", "/datasets/import", "/data-generation", "sample project"):
        assert expected in text
    viewer = datasets_view(listed(may_import=False), ListState())
    assert "/datasets/import" not in words([viewer.body, list(viewer.actions)])


def test_empty_filters_archive_and_trash_say_what_they_are() -> None:
    for state, text in (
        (ListState(text="x"), "Nothing fits"),
        (ListState(state=TRASHED), "The trash is empty"),
        (ListState(state=ARCHIVED), "Nothing is archived"),
    ):
        assert text in words(datasets_view(listed(), state).body)


def test_cards_and_table_show_the_same_data_sets() -> None:
    found = listed(replace(DATASET, version=3), waiting=[("i1", "Half done")])
    cards = words(datasets_view(found, ListState()).body)
    for expected in (
        "Pump 7",
        "version 3",
        "plant a",
        "after the overhaul",
        "Half done",
        "Archive",
    ):
        assert expected in cards
    table = words(datasets_view(found, ListState(look="table")).body)
    assert "Pump 7" in table
    assert dataset_row(DATASET)["href"] == f"/datasets/{DATASET.id}"
    assert dataset_row(replace(DATASET, designation=""))["designation"] == "not stated"
    assert size_text(999) == "1 kB"
    assert size_text(2_500_000_000) == "2.5 GB"


def test_who_may_not_change_is_offered_no_change() -> None:
    text = words(datasets_view(listed(DATASET, changeable=frozenset()), ListState()).body)
    assert "bearings-datasets-act" not in text


def test_the_trash_restores_and_deletes_for_good() -> None:
    gone = replace(DATASET, state=TRASHED, trashed_at=NOW)
    text = words(datasets_view(listed(gone), ListState(state=TRASHED, look="table")).body)
    for expected in ("Restore", "Delete for good", "30 days"):
        assert expected in text
    assert f"/datasets/{DATASET.id}" not in text
    assert "Undo" in words(undo_note([gone]))
    assert undo_note([]) is None
    assert "2 data sets are" in words(undo_note([gone, gone]))


def test_the_view_state_comes_from_the_url() -> None:
    state = ListState.of_query({"q": "pump", "view": "archived", "look": "table", "tag": "a"})
    assert state == ListState("pump", "a", "", ARCHIVED, "table")
    assert ListState.of_query({"view": "nonsense", "look": "?"}) == ListState()
    query = query_of_url({"class": "inner|outer", "q": "run", "findings": "1"})
    assert (query.labels, query.text, query.has_findings) == (("inner", "outer"), "run", True)


def test_a_data_set_says_what_it_holds() -> None:
    view = dataset_view(SHOWN)
    text = words([view.body, list(view.actions)])
    for expected in (
        "Few bearings",
        "Unit unknown",
        "0123456789abcdef",
        "Delete",
        "Train on this",
        "after the overhaul",
        "clipped at",
        f"/data-explorer?dataset={DATASET.id}",
    ):
        assert expected in text
    assert bearing_rows(STATISTICS)[0] == ("IR007", "Inner race", "7 mil", 2, "1700 to 1797")


def test_a_viewer_can_change_nothing() -> None:
    view = dataset_view(replace(SHOWN, may_change=False, may_train=False))
    text = words([view.body, list(view.actions)])
    assert "Train on this" not in text
    assert "bearings-dataset-delete" not in text
    assert "bearings-dataset-description" not in text
    assert "after the overhaul" in text


def test_versions_archive_and_equal_content_are_told() -> None:
    newer = replace(DATASET, id="x2", version=2)
    twin = replace(DATASET, id="x3", name="Twin")
    shown = replace(
        SHOWN, versions=[newer, DATASET], same=[twin], dataset=replace(DATASET, state=ARCHIVED)
    )
    view = dataset_view(shown)
    text = words([view.body, list(view.marks), list(view.actions)])
    for expected in ("Version 2", "newer version", "Twin", "archived", "Bring back in use"):
        assert expected in text


def test_severities_are_stacked_where_they_are_known() -> None:
    groups = [group("inner", "B", 2, severity="mild"), group("inner", "B", 1, severity="severe")]
    shown = replace(SHOWN, statistics=statistics_of_groups(groups, []))
    text = words(dataset_view(shown).body)
    assert "Classes and severities" in text
    assert "Nothing was found" in text
    names = [one.field for one in columns_for(shown.statistics)]
    assert "severity" in names
    assert "session" not in names


def test_lineage_names_sources_filters_and_what_came_of_it() -> None:
    made_from = {
        "datasets": ["a", "b"],
        "generation": "g1",
        "import": "i1",
        "filter": {
            "labels": ["inner"],
            "has_findings": False,
            "ids": ["1", "2"],
            "text": "run",
            "ranges": [{"key": "rms", "low": 0.5, "high": 2.0}],
        },
    }
    assert filter_text(made_from) == (
        "classes inner; without findings; 2 chosen recordings; words run; rms from 0.5 to 2"
    )
    part = replace(DATASET, origin="subset", made_from=made_from)
    kin = sources_kin(part, [DATASET], 1)
    assert [one.name for one in kin] == [
        "Pump 7",
        "A data set that is deleted",
        "A simulation",
        "An import",
    ]
    after = [Kin("tabler:flask", f"Experiment {number}") for number in range(12)]
    text = words(dataset_view(replace(SHOWN, dataset=part, before=kin, after=after)).body)
    assert "and 4 more" in text


def test_files_can_be_downloaded() -> None:
    export = Export(
        id="e1",
        workspace_id="w",
        owner_id="u",
        dataset_id="d",
        dataset_name="Pump 7",
        format="mat",
        file_key="k",
        file_name="Pump 7.mat",
        job_id="j",
        size_bytes=1000,
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    text = words(dataset_view(replace(SHOWN, files=[export], opened="export")).body)
    assert "/api/v1/datasets/exports/e1/file" in text
    assert "2026-05-02" in text


def test_merging_explains_equal_names_of_bearings() -> None:
    text = words(merge_form([DATASET, DATASET], Merged((RECORDING,), 3, ("IR007",))))
    for expected in ("IR007", "stored once", "Equal names of bearings"):
        assert expected in text
    assert "Equal names" not in words(merge_form([DATASET], Merged((RECORDING,), 0, ())))


def test_two_data_sets_beside_each_other() -> None:
    other = replace(DATASET, id="x2", name="Fan", content_hash="f" * 64)
    pair = Pair((DATASET, other), (STATISTICS, STATISTICS), 2, 1, ("IR007",))
    text = words(comparing_view([], ("a", "b"), pair).body)
    for expected in ("They overlap", "2 signals are in both", "1 of them have different", "IR007"):
        assert expected in text
    assert ("Recordings", "3", "3") in figure_rows(pair)
    apart = replace(pair, n_shared=0, n_shared_labels=0, shared_bearings=())
    assert "Nothing in common" in words(comparing_view([], ("a", "b"), apart).body)
    same = replace(pair, datasets=(DATASET, DATASET))
    assert "exactly the same" in words(comparing_view([], ("a", "b"), same).body)
    assert "Choose two data sets" in words(comparing_view([], ("", ""), None).body)


def test_a_row_of_the_grid_and_what_the_grid_asks_for() -> None:
    row = recording_row(RECORDING)
    assert (row["rms"], row["dominant_hz"], row["findings"]) == (0.1235, 123_457, "clipped at 9.81")
    assert recording_row(replace(RECORDING, statistics=Statistics(*[np.nan] * 5)))["rms"] is None
    asked = asked_for(
        {
            "startRow": 0,
            "endRow": 50,
            "sortModel": [{"colId": "notes", "sort": "asc"}],
            "filterModel": {
                "rms": {"type": "inRange", "filter": 1, "filterTo": 2},
                "kurtosis": {"type": "greaterThan", "filter": 3},
                "speed_rpm": {"type": "lessThan", "filter": 1000},
                "label": {"type": "contains", "filter": "x"},
            },
        },
        RecordingQuery(),
    )
    assert asked.sort is SortKey.STORED
    assert [(one.key.value, one.low, one.high) for one in asked.ranges] == [
        ("rms", 1.0, 2.0),
        ("kurtosis", 3.0, None),
        ("speed_rpm", None, 1000.0),
    ]
