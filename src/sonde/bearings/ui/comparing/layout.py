"""The page that compares two data sets as components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.dataset_statistics import DatasetStatistics
from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.comparing.figures import class_shares
from sonde.bearings.ui.comparing.ids import ComparingId
from sonde.bearings.ui.dataset.facts import span_text
from sonde.platform.ui.components import PageView, card, empty_state, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count, duration

_NAMED: Final = 12


@dataclass(frozen=True)
class Pair:
    """Two data sets beside each other.

    Parameters
    ----------
    datasets : (Dataset, Dataset)
    statistics : (DatasetStatistics, DatasetStatistics)
    n_shared, n_shared_labels : int
        How many different signals both hold, and how many of those with the same class.
    shared_bearings : sequence of str
    """

    datasets: tuple[Dataset, Dataset]
    statistics: tuple[DatasetStatistics, DatasetStatistics]
    n_shared: int
    n_shared_labels: int
    shared_bearings: Sequence[str]


def comparing_view(
    choices: Sequence[tuple[str, str]], chosen: tuple[str, str], pair: Pair | None
) -> PageView:
    """Return the page; without a pair it asks for one."""
    body = [_chooser(choices, chosen), dcc.Store(id=ComparingId.VISITED)]
    if pair is None:
        body.append(
            card(
                empty_state(
                    "Choose two data sets",
                    "Their classes, rates, lengths, speeds and loads are shown beside each other, "
                    "and what both hold.",
                    icon_name="tabler:arrows-split",
                )
            )
        )
    else:
        body += [_overlap(pair), _classes(pair), _figures(pair), _class_figures(pair)]
    return PageView(
        "Compare data sets",
        body,
        description="What two data sets have in common, and where they differ.",
        crumb="Compare",
    )


def _chooser(choices: Sequence[tuple[str, str]], chosen: tuple[str, str]) -> Any:
    data = [{"value": value, "label": label} for value, label in choices]
    selects = [
        dmc.Select(
            id=id,
            label=label,
            data=data,
            value=value or None,
            searchable=True,
            allowDeselect=False,
            className="sonde-grow",
        )
        for id, label, value in (
            (ComparingId.FIRST, "First", chosen[0]),
            (ComparingId.SECOND, "Second", chosen[1]),
        )
    ]
    return card(html.Div(selects, className="sonde-row"))


def _overlap(pair: Pair) -> Any:
    first, second = pair.datasets
    if first.content_hash == second.content_hash:
        return note("Both hold exactly the same recordings with the same classes.", Tone.GOOD)
    if not pair.n_shared and not pair.shared_bearings:
        return note(
            "They share no signal and no bearing: one can test what was learned from the other.",
            Tone.GOOD,
            title="Nothing in common",
        )
    said = []
    if pair.n_shared:
        said.append(f"{count(pair.n_shared)} signals are in both.")
        wrong = pair.n_shared - pair.n_shared_labels
        if wrong:
            said.append(f"{count(wrong)} of them have different classes.")
    if pair.shared_bearings:
        some = ", ".join(pair.shared_bearings[:_NAMED])
        more = " and more" if len(pair.shared_bearings) > _NAMED else ""
        said.append(f"{len(pair.shared_bearings)} bearings stand in both: {some}{more}.")
    said.append("A model trained on one and tested on the other would look better than it is.")
    return note(" ".join(said), Tone.WARN, title="They overlap")


def class_shares_of(pair: Pair) -> list[tuple[str, int, int]]:
    """Return each class with its number of recordings in either, healthy first."""
    counts: list[Mapping[str, int]] = [
        {part.name: part.n_recordings for part in one.classes} for one in pair.statistics
    ]
    names = sorted({*counts[0], *counts[1]}, key=lambda name: (name != "healthy", name))
    return [(name, counts[0].get(name, 0), counts[1].get(name, 0)) for name in names]


def _classes(pair: Pair) -> Any:
    rows = class_shares_of(pair)
    names = [class_title(name) for name, _, _ in rows]
    whole = [max(1, one.n_recordings) for one in pair.datasets]
    titles = [one.name for one in pair.datasets]
    figure = class_shares(
        names,
        [100 * first / whole[0] for _, first, _ in rows],
        [100 * second / whole[1] for _, _, second in rows],
        titles,
    )
    only = [class_title(name) for name, first, second in rows if not (first and second)]
    words = f"only in one of them: {', '.join(only)}" if only else "all of them in both"
    chart = graph(
        figure,
        id=ComparingId.CLASSES,
        name="Share of each class",
        summary=f"{len(names)} classes, {words}.",
        twin=Twin((Column("Class"), *(Column(one, numeric=True) for one in titles)), rows),
        height=280,
    )
    return card(chart, title="Classes")


def _figures(pair: Pair) -> Any:
    columns = (Column(""), *(Column(one.name, numeric=True) for one in pair.datasets))
    return card(plain_table(columns, figure_rows(pair)), title="Figures")


def figure_rows(pair: Pair) -> list[tuple[str, str, str]]:
    """Return what is compared, and the value of either data set."""
    columns = [
        _column(one, figures) for one, figures in zip(pair.datasets, pair.statistics, strict=True)
    ]
    return [(name, columns[0][name], columns[1][name]) for name in columns[0]]


def _column(dataset: Dataset, statistics: DatasetStatistics) -> dict[str, str]:
    whole = statistics.whole
    return {
        "Recordings": count(whole.n_recordings),
        "Physical bearings": count(whole.n_bearings),
        "Bearing type": dataset.designation or "not stated",
        "Measured time": duration(whole.duration_s),
        "Length of one, s": span_text(whole.length_s),
        "Sampling rates, Hz": _list(f"{rate:,.0f}" for rate, _ in statistics.rates_hz),
        "Speed, rpm": span_text(whole.speed_rpm),
        "Loads": _list(load or "not stated" for load, _ in statistics.loads),
        "Severities": _list(one or "not stated" for one, _ in statistics.severity_counts),
        "Units": _list(unit for unit, _ in statistics.units),
        "RMS": span_text(whole.rms, 3),
        "Kurtosis": span_text(whole.kurtosis, 3),
        "Quality findings": count(statistics.n_findings),
    }


def _list(values: Any) -> str:
    named = list(values)
    return ", ".join(named[:_NAMED]) + (" ..." if len(named) > _NAMED else "")


def _class_figures(pair: Pair) -> Any:
    rms = [{part.name: part.mean_rms for part in one.classes} for one in pair.statistics]
    rows = []
    for name, _, _ in class_shares_of(pair):
        first, second = rms[0].get(name), rms[1].get(name)
        ratio = f"{second / first:.2f}" if first and second else "-"
        values = ["-" if value is None else f"{value:.3g}" for value in (first, second)]
        rows.append((class_title(name), *values, ratio))
    columns = (
        Column("Class"),
        *(Column(one.name, numeric=True) for one in pair.datasets),
        Column("Second to first", numeric=True),
    )
    return card(
        plain_table(columns, rows),
        title="Mean RMS of each class",
        description="A ratio far from 1 says that sensors, units or loads differ.",
    )
