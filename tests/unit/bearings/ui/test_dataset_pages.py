"""The pages of data sets as components: what they say for what they are given."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from sonde.bearings.core.datasets import Overview
from sonde.bearings.core.understanding.staged import StagedImport
from sonde.bearings.core.understanding.understood import Understood
from sonde.bearings.ui.class_figures import class_figure
from sonde.bearings.ui.home import classes_card, distribution_card, signals_card
from sonde.bearings.ui.importing.layout import ImportForm, import_view
from sonde.bearings.ui.importing.review import (
    review_body,
    review_row,
    review_view,
    summary,
    verdict,
    why,
)
from sonde.platform.core.jobs import Job, JobState

NOW = datetime(2026, 5, 1, tzinfo=UTC)
READY = Understood(
    file="105.mat",
    format="mat5",
    channels=("DE",),
    n_samples=6000,
    sampling_rate_hz=12_000.0,
    speed_rpm=1797.0,
    label="inner",
    bearing="IR007",
    notes=("Speed: nominal.",),
)


def words(component: Any) -> str:
    """Return a page as text; what is in it can be looked for."""
    return json.dumps(component, cls=PlotlyJSONEncoder)


def job(state: JobState) -> Job:
    return Job(
        id="j",
        kind="bearings.import",
        title="Read",
        queue="default",
        params={},
        owner_id="u",
        owner_name="Ada",
        workspace_id="w",
        state=state,
        phase="Reading",
        message="",
        fraction=0.5,
        eta_s=None,
        attempt=1,
        max_attempts=5,
        error="",
        error_code="",
        result={},
        link="",
        delayed=False,
        created_at=NOW,
        started_at=NOW,
        finished_at=None,
    )


def staged(state: str, *rows: Understood) -> StagedImport:
    return StagedImport(
        "i", "Pump 7", "6205-2RS", state, "j", "d" if state == "stored" else "", rows, NOW
    )


def test_the_form_offers_folders_to_administrators_only() -> None:
    assert "Folder on the server" in words(
        import_view(ImportForm(("6205",), may_read_folders=True)).body
    )
    assert "Folder on the server" not in words(import_view(ImportForm(())).body)


@pytest.mark.parametrize(
    ("row", "word", "reason"),
    [
        (READY, "ready", "Speed: nominal."),
        (replace(READY, refused="It is broken."), "refused", "It is broken."),
        (replace(READY, left_out=True), "left out", "Speed: nominal."),
        (replace(READY, speed_rpm=None, notes=()), "lacks", "Lacks speed."),
    ],
)
def test_each_row_has_a_verdict_and_a_reason(row: Understood, word: str, reason: str) -> None:
    assert verdict(row) == word
    assert why(row) == reason


def test_a_review_row_carries_its_number_and_values() -> None:
    row = review_row(3, READY)
    assert (row["id"], row["length_s"], row["label"]) == ("3", 0.5, "inner")
    assert review_row(0, replace(READY, sampling_rate_hz=None))["length_s"] is None


def test_the_review_follows_the_import() -> None:
    reading = review_view(staged("reading"), job(JobState.RUNNING))
    assert "Reading the files" in words(reading.body)
    lacking = replace(READY, speed_rpm=None)
    refused = replace(READY, refused="no")
    ready = words(review_body(staged("ready", READY, lacking, refused), job(JobState.SUCCEEDED)))
    for expected in ("Store the data set", "1 lack something", "1 refused", "Fill in where"):
        assert expected in ready
    assert "/datasets/d" in words(review_body(staged("stored"), job(JobState.SUCCEEDED)))
    assert "lack" not in words(summary([READY]))


def test_the_class_figure_has_one_bar_for_each_class() -> None:
    figure = class_figure([("healthy", 3), ("inner", 5)])
    assert list(figure.data[0].y) == ["Healthy", "Inner race"]
    assert list(figure.data[0].x) == [3, 5]


def test_home_cards() -> None:
    overview = Overview(2, 60, 40, (("inner", 45), ("healthy", 15)))
    assert "20 this week" in words(signals_card(overview))
    assert "none this week" in words(signals_card(Overview(0, 0, 0, ())))
    assert "in 2 data sets" in words(classes_card(overview))
    assert "75 %" in words(distribution_card(overview))
