"""What a comparison says, draws and hands on."""

import csv
import io
from dataclasses import replace

from sonde.learning.core.comparison.comparison import compare, from_bytes, to_bytes
from sonde.learning.core.comparison.configuration import config_rows
from sonde.learning.core.comparison.diagram import diagram_of
from sonde.learning.core.comparison.flat import as_csv
from sonde.learning.core.comparison.report import ComparisonReport, _parts, as_pdf
from sonde.learning.core.comparison.wording import chosen_words
from tests.unit.learning.core.comparison_tables import experiments


def report_of(n: int) -> ComparisonReport:
    found = compare(experiments(*[0.5 + 0.5 * one for one in range(n)]))
    rows = config_rows([{"Model": {"seed": one, "depth": 3}} for one in range(n)])
    return ComparisonReport("Which?", "A note.", "now", "0.1.0", "Honest.", found, rows)


def test_the_report_is_the_same_for_the_same_comparison_and_grows_with_it() -> None:
    small, large = as_pdf(report_of(2)), as_pdf(report_of(8))
    assert small == as_pdf(report_of(2))
    assert small.startswith(b"%PDF-")
    assert large.count(b"/Type /Page\n") > small.count(b"/Type /Page\n")


def test_classes_are_called_by_their_titles_for_people_and_by_keys_for_programs() -> None:
    titles = {"inner": "Inner race"}
    tested = [
        replace(one, certificate=replace(one.certificate, class_titles=titles))
        for one in experiments(0.5, 1.5)
    ]
    found = compare(tested)
    assert (found.title_of("inner"), found.title_of("outer")) == ("Inner race", "outer")
    assert from_bytes(to_bytes(found)) == found
    assert "inner" in as_csv(found)
    report = replace(report_of(2), comparison=found)
    assert as_pdf(report) != as_pdf(replace(report, comparison=replace(found, class_titles={})))


def test_the_csv_holds_every_number_once() -> None:
    found = compare(experiments(0.5, 1.5, 2.5))
    lines = list(csv.DictReader(io.StringIO(as_csv(found))))
    scores = [
        line for line in lines if line["quantity"] == "macro_f1" and line["table"] == "metric"
    ]
    assert [float(one["value"]) for one in scores] == [values[0].value for values in found.metrics]
    assert len([line for line in lines if line["quantity"] == "p_value_holm"]) == 3
    assert len([line for line in lines if line["table"] == "unit"]) == 3 * 24
    keys = [tuple(line[name] for name in list(line)[:5]) for line in lines]
    assert len(set(keys)) == len(keys)


def test_a_title_is_no_formula_in_a_spreadsheet() -> None:
    one, other = experiments(0.5, 1.5)
    found = compare([type(one)(one.id, "=1+1", one.table, one.certificate), other])
    assert "'=1+1" in as_csv(found)
    assert "\n=1" not in as_csv(found)


def test_the_diagram_puts_the_best_first_and_joins_what_is_not_told_apart() -> None:
    found = compare(experiments(0.0, 3.0, 3.1, n_units=32))
    assert found.overall is not None
    diagram = diagram_of(found.overall, found.titles)
    assert diagram.places[-1].title == "Model 0"
    assert [set(bar.titles) for bar in diagram.bars] == [{"Model 1", "Model 2"}]


def test_the_headline_names_who_is_beaten_and_who_is_not() -> None:
    found = compare(experiments(-1.0, 2.0, 2.1, n_units=40))
    assert "it is better than Model 0" in found.sentence
    assert "cannot be told from" in found.sentence
    clear = compare(experiments(-2.0, 0.0, 3.0, n_units=40))
    assert clear.sentence.endswith("and is better than Model 0 and Model 1.")
    assert "after Holm" in chosen_words(clear.pairs[0])


def test_only_settings_that_differ_are_marked() -> None:
    rows = config_rows(
        [
            {"Model": {"depth": 3, "inner": {"rate": 0.1}}, "Data": {"classes": [1, 2]}},
            {"Model": {"depth": 3, "inner": {"rate": 0.2}}, "Data": {"classes": [1, 2]}},
        ]
    )
    assert [(row.section, row.name, row.differs) for row in rows] == [
        ("Model", "depth", False),
        ("Model", "inner.rate", True),
        ("Data", "classes", False),
    ]


def test_parts_stand_in_one_order_whoever_is_first() -> None:
    forest = {"Model": {"seed": 1}, "Training": {}, "Data": {"hash": "a"}}
    network = {"Model": {"seed": 1}, "Training": {"epochs": 3}, "Data": {"hash": "a"}}
    assert [row.section for row in config_rows([forest, network])] == ["Model", "Training", "Data"]


def test_the_report_names_every_experiment_in_every_table() -> None:
    assert _parts(7, 5) == [(0, 4), (4, 7)]
    assert _parts(20, 5) == [(0, 5), (5, 10), (10, 15), (15, 20)]
    assert _parts(2, 5) == [(0, 2)]
