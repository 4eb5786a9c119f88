"""Every number of a comparison, one a line, for spreadsheets and other programs."""

import csv
import io
from collections.abc import Iterator

from sonde.learning.core.comparison.comparison import Comparison
from sonde.learning.core.comparison.metrics import METRICS, Estimate
from sonde.learning.core.comparison.pairs import Pair
from sonde.learning.core.spreadsheets import harmless

_HEAD = ("table", "experiment", "other_experiment", "item", "quantity", "value", "low", "high")
Line = tuple[str, str, str, str, str, float | int | str, float | str, float | str]


def as_csv(comparison: Comparison) -> str:
    """Return the comparison as CSV.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    str
        Columns table, experiment, other_experiment, item, quantity, value, low, high. Texts that
        a spreadsheet would take for a formula begin with an apostrophe.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_HEAD)
    for line in (*_metrics(comparison), *_pairs(comparison), *_tables(comparison)):
        writer.writerow(map(harmless, line))
    return target.getvalue()


def _metrics(comparison: Comparison) -> Iterator[Line]:
    for title, values in zip(comparison.titles, comparison.metrics, strict=True):
        for kind, value in zip(METRICS, values, strict=True):
            yield ("metric", title, "", "", kind.name, *_three(value))
    if comparison.overall is not None:
        for title, rank in zip(comparison.titles, comparison.overall.mean_ranks, strict=True):
            yield ("friedman", title, "", "", "mean_rank", rank, "", "")
        yield ("friedman", "", "", "", "p_value", comparison.overall.p_value, "", "")
        reach = comparison.overall.critical_difference
        yield ("friedman", "", "", "", "critical_difference", reach, "", "")


def _pairs(comparison: Comparison) -> Iterator[Line]:
    for pair in comparison.pairs:
        names = (comparison.titles[pair.first], comparison.titles[pair.second])
        said = pair.choice.test.value
        yield ("pair", *names, said, "macro_f1_difference", *_three(pair.difference))
        for quantity, value in _quantities(pair):
            yield ("pair", *names, said, quantity, value, "", "")


def _quantities(pair: Pair) -> Iterator[tuple[str, float | int | str]]:
    yield "outcome", pair.outcome.value
    yield "p_value", pair.p_value
    yield "p_value_holm", pair.p_holm
    yield "p_value_wilcoxon", pair.signed_rank.p_value
    yield "rank_biserial", pair.signed_rank.rank_biserial
    yield "p_value_mcnemar_exact", pair.mcnemar.p_value
    yield "p_value_mcnemar_mid", pair.mcnemar.mid_p
    yield "only_first_right", pair.mcnemar.only_first
    yield "only_second_right", pair.mcnemar.only_second
    yield "odds_ratio", pair.mcnemar.odds_ratio
    yield "cohen_g", pair.mcnemar.cohen_g
    yield "a12", pair.a12
    yield "probability_first", pair.bayesian.p_first
    yield "probability_equal", pair.bayesian.p_equal
    yield "probability_second", pair.bayesian.p_second
    yield "units_needed", "" if pair.n_needed is None else pair.n_needed


def _tables(comparison: Comparison) -> Iterator[Line]:
    for at, title in enumerate(comparison.titles):
        for one in comparison.classes:
            yield ("class", title, "", one.name, "precision", one.precision[at], "", "")
            yield ("class", title, "", one.name, "recall", one.recall[at], "", "")
            yield ("class", title, "", one.name, "f1", *_three(one.f1[at]))
        for cut in comparison.slices:
            item = f"{cut.attribute} = {cut.value}"
            yield ("slice", title, "", item, "accuracy", *_three(cut.accuracy[at]))
        for fold in comparison.folds:
            yield ("fold", title, "", fold.name, "macro_f1", fold.macro_f1[at], "", "")
        for unit in comparison.units:
            yield ("unit", title, "", unit.name, "share_right", unit.shares[at], "", "")
        for truth, row in zip(comparison.class_names, comparison.confusions[at], strict=True):
            for told, number in zip(comparison.class_names, row, strict=True):
                yield ("confusion", title, "", f"{truth} told as {told}", "windows", number, "", "")


def _three(value: Estimate) -> tuple[float, float, float]:
    return value.value, value.low, value.high
