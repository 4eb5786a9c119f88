"""The factories of charts and tables."""

import json
from typing import Any

import numpy as np
import pytest
from plotly.utils import PlotlyJSONEncoder

from sonde.platform.ui.components import (
    badge,
    button_link,
    card,
    empty_state,
    error_state,
    loading_state,
    note,
    rising,
    split,
)
from sonde.platform.ui.figures import Axis, Twin, bars, graph, line, new_figure
from sonde.platform.ui.tables import Column, grid, plain_table, rows_response
from sonde.platform.ui.theme import SERIES, Tone, series_colour


def test_chart_has_name_summary_twin_and_the_house_config() -> None:
    figure = new_figure([line(np.zeros(4), dx=0.5)], x=Axis("Time (s)"), y=Axis("g"))
    chart = graph(
        figure,
        id="toys-chart",
        name="Signal",
        summary="It is flat.",
        twin=Twin((Column("Time"), Column("Value", numeric=True)), [[0, 0.0], [0.5, 0.0]]),
    )
    holder, caption, twin = chart.children
    config = holder.children.config
    assert config["showSendToCloud"] is False
    assert config["displaylogo"] is False
    assert getattr(holder, "aria-label") == "Signal. It is flat."
    assert caption.children == "It is flat."
    assert caption.id == "toys-chart-summary"
    assert twin.children[0].children == "Show as table"


def test_line_stays_a_typed_array_with_its_spacing() -> None:
    trace = line(np.arange(1000, dtype=np.float64), x0=1.0, dx=0.01)
    assert trace.y.dtype == np.float32
    assert (trace.x0, trace.dx) == (1.0, 0.01)
    text = json.dumps(new_figure([trace]).to_plotly_json(), cls=PlotlyJSONEncoder)
    assert "bdata" in text
    assert len(text) < 7000


def test_line_takes_its_own_places() -> None:
    trace = line([1.0, 2.0], x=[0.0, 3.0])
    assert list(trace.x) == [0.0, 3.0]


def test_axes_are_named_and_bounded() -> None:
    figure = new_figure(
        [bars(["a", "b"], [1, 2])],
        x=Axis(categories=["a", "b"]),
        y=Axis("Score", range=(0.0, 1.0), logarithmic=False),
        legend=True,
    )
    assert figure.layout.yaxis.title.text == "Score"
    assert figure.layout.yaxis.range == (0.0, 1.0)
    assert figure.layout.xaxis.type == "category"
    assert figure.layout.showlegend is True
    assert new_figure(y=Axis(logarithmic=True)).layout.yaxis.type == "log"


def test_plain_table_refuses_rows_of_another_length() -> None:
    with pytest.raises(ValueError, match="shorter"):
        plain_table((Column("a"), Column("b")), [[1]])


def _grid(**properties: Any) -> Any:
    return grid(
        (Column("Name", "name", searchable=True), Column("N", "n", numeric=True)),
        id="toys-grid",
        name="Toys",
        **properties,
    )


def test_grid_holds_rows_or_asks_for_them() -> None:
    held = _grid(rows=[{"id": "1", "name": "Duck", "n": 3}]).children
    assert held.rowModelType == "clientSide"
    assert held.rowData[0]["name"] == "Duck"
    asking = _grid().children
    assert asking.rowModelType == "infinite"
    assert not hasattr(asking, "rowData")
    assert asking.columnDefs[0]["floatingFilter"] is True
    assert asking.columnDefs[1]["type"] == "rightAligned"
    assert rows_response([{"id": "1"}], 7) == {"rowData": [{"id": "1"}], "rowCount": 7}


def test_grid_is_a_named_region() -> None:
    region = _grid(rows=[], clickable=True, height=300)
    assert getattr(region, "aria-label") == "Toys"
    assert "is-clickable" in region.children.className


def test_states_and_marks_can_be_made() -> None:
    for thing in (
        empty_state("Nothing", "Yet"),
        error_state("Gone", "It is gone.", request_id="r1", actions=[button_link("Back", "/")]),
        loading_state(),
        note("Mind this", Tone.WARN, title="Mind"),
        badge("Good", Tone.GOOD, icon_name="tabler:check", hint="why"),
        card("text", title="Card", description="of text", actions=[button_link("Go", "/")]),
        split("main", "side"),
    ):
        assert thing.to_plotly_json()
    assert rising("+3").tone is Tone.GOOD
    assert series_colour(0) == series_colour(len(SERIES))
