"""A comparison as pages of PDF: the sentence first, then numbers, tests and the method."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sonde.learning.core.comparison.comparison import Comparison
from sonde.learning.core.comparison.configuration import ConfigRow
from sonde.learning.core.comparison.diagram import Diagram, diagram_of
from sonde.learning.core.comparison.metrics import METRICS, Estimate, MetricKind
from sonde.learning.core.comparison.wording import chosen_words
from sonde.platform.core.paper import (
    BOLD,
    DIM,
    INK,
    LINE,
    MM,
    RULE,
    Box,
    fitted,
    heading,
    register_fonts,
    table,
    text,
    wrapped,
)

_WIDTH, _HEIGHT = 210 * MM, 297 * MM
_MARGIN = 15 * MM
_INSIDE = _WIDTH - 2 * _MARGIN
_BOTTOM: Final = 24 * MM
_ROW: Final = 13.0
_MOST_SLICES: Final = 40
_MOST_COLUMNS: Final = 5
_MOST_METRICS: Final = 3
METHOD: Final = (
    "Windows of one group are alike, so the group is the witness of every test; a class with one "
    "group is divided by record, and there the recording is. Wilcoxon's signed rank test counts "
    "every sign pattern; McNemar's is exact. p-values of all pairs are corrected by Holm. "
    "Intervals of differences: paired bootstrap of groups (Rao and Wu 1988), widened by "
    "Student's t. Mean ranks: Friedman with Iman and Davenport's F, critical difference of "
    "Nemenyi (Demsar 2006). Practical equality: Bayesian signed rank (Benavoli and others 2017). "
    "The number needed is simulated from the differences seen, for a power of 0.8."
)


@dataclass(frozen=True)
class ComparisonReport:
    """What the report shows.

    Parameters
    ----------
    name, note : str
    made_at : str
    version : str
        Of the product.
    certificate : str
        How the scores came about, in a sentence.
    comparison : Comparison
    configuration : tuple of ConfigRow
        Lines that differ.
    """

    name: str
    note: str
    made_at: str
    version: str
    certificate: str
    comparison: Comparison
    configuration: tuple[ConfigRow, ...]


class _Pages:
    """Goes down the page, and on to the next one where there is no room."""

    def __init__(self, canvas: Any, foot: str) -> None:
        self.canvas, self._foot = canvas, foot
        self.y, self.number = _HEIGHT - _MARGIN, 1

    def need(self, height: float) -> None:
        """Begin a new page if `height` does not fit."""
        if self.y - height < _BOTTOM:
            self.finish()
            self.canvas.showPage()
            self.y, self.number = _HEIGHT - _MARGIN, self.number + 1

    def finish(self) -> None:
        """Write the foot of the page."""
        place = (_MARGIN + _INSIDE, 12 * MM)
        text(self.canvas, (_MARGIN, 12 * MM), self._foot, 6.5, colour=DIM)
        text(self.canvas, place, f"Page {self.number}", 6.5, colour=DIM, align="right")

    def heading(self, words: str, room: float = 40.0) -> None:
        """Write a heading that is not left alone at the bottom."""
        self.need(room)
        self.y = heading(self.canvas, Box(_MARGIN, 0, _INSIDE, self.y), words)

    def lines(self, words: str, size: float = 8, colour: str = INK) -> None:
        """Write a paragraph."""
        for line in wrapped(words, _INSIDE, size):
            self.need(size + 4)
            text(self.canvas, (_MARGIN, self.y), line, size, colour=colour)
            self.y -= size + 3.5

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Draw a table whose head stands on every page that it reaches."""
        head, *body = rows
        while body:
            self.need(3 * _ROW)
            fit = max(1, int((self.y - _BOTTOM) / _ROW) - 1)
            part, body = body[:fit], body[fit:]
            shown = [[(words, INK) for words in row] for row in (head, *part)]
            self.y = table(self.canvas, Box(_MARGIN, 0, _INSIDE, self.y), widths, shown)
        self.y -= 8


def as_pdf(report: ComparisonReport) -> bytes:
    """Draw a report.

    Parameters
    ----------
    report : ComparisonReport

    Returns
    -------
    bytes
        PDF; the same report gives the same bytes.
    """
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(_WIDTH, _HEIGHT), invariant=True, pageCompression=1)
    canvas.setTitle(report.name)
    canvas.setAuthor(f"Sonde {report.version}")
    pages = _Pages(canvas, f"Sonde {report.version}   ·   {report.made_at}")
    _head(pages, report)
    _metrics(pages, report.comparison)
    _ranks(pages, report.comparison)
    _pairs(pages, report.comparison)
    _classes(pages, report.comparison)
    _slices(pages, report.comparison)
    _configuration(pages, report)
    pages.heading("Method")
    pages.lines(METHOD, 7, DIM)
    pages.finish()
    canvas.save()
    return target.getvalue()


def _head(pages: _Pages, report: ComparisonReport) -> None:
    comparison = report.comparison
    text(pages.canvas, (_MARGIN, pages.y - 8), "Comparison of experiments", 9, colour=DIM)
    name = fitted(report.name, _INSIDE, 17, BOLD)
    text(pages.canvas, (_MARGIN, pages.y - 28), name, 17, font=BOLD)
    pages.y -= 48
    pages.lines(comparison.sentence, 10)
    pages.y -= 2
    noun = comparison.unit_noun
    pages.lines(f"{comparison.n_units} {noun}s, {comparison.n_rows:,} windows.", 8, DIM)
    pages.lines(report.certificate, 8, DIM)
    for note in (*comparison.notes, *([report.note] if report.note else [])):
        pages.lines(note, 8, DIM)
    pages.y -= 6


def _metrics(pages: _Pages, comparison: Comparison) -> None:
    pages.heading("Metrics with 95 % intervals")
    for first, last in _parts(len(METRICS), _MOST_METRICS):
        kinds = METRICS[first:last]
        rows = [["Experiment", *(_metric_title(kind) for kind in kinds)]]
        for title, values in zip(comparison.titles, comparison.metrics, strict=True):
            shown = [f"{one.value:.3f} ({_ends(one)})" for one in values[first:last]]
            rows.append([title, *shown])
        pages.table((0.34, *[0.66 / _MOST_METRICS] * len(kinds)), rows)


def _ranks(pages: _Pages, comparison: Comparison) -> None:
    if comparison.overall is None:
        return
    diagram = diagram_of(comparison.overall, comparison.titles)
    height = 34 + 11 * len(diagram.places) + 7 * len(diagram.bars)
    pages.heading("All together", height + 50)
    pages.lines(comparison.overall_sentence)
    _draw_ranks(pages, diagram, height)


def _draw_ranks(pages: _Pages, diagram: Diagram, height: float) -> None:
    canvas, top = pages.canvas, pages.y - 6
    left, width = _MARGIN + 0.3 * _INSIDE, 0.66 * _INSIDE

    def across(rank: float) -> float:
        return left + width * (rank - 1) / max(len(diagram.places) - 1, 1)

    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.8)
    canvas.line(across(1), top - 10, across(len(diagram.places)), top - 10)
    for rank in range(1, len(diagram.places) + 1):
        text(canvas, (across(rank) - 2, top - 6), str(rank), 6.5, colour=DIM)
    y = top - 24
    for place in diagram.places:
        text(canvas, (_MARGIN, y - 3), fitted(place.title, 0.27 * _INSIDE, 7.5), 7.5)
        canvas.setFillColor(LINE)
        canvas.circle(across(place.rank), y, 2.6, stroke=0, fill=1)
        text(canvas, (across(place.rank) + 5, y - 2.5), f"{place.rank:.2f}", 6.5, colour=DIM)
        y -= 11
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(2.2)
    for bar in diagram.bars:
        canvas.line(across(bar.low) - 3, y, across(bar.high) + 3, y)
        y -= 7
    words = f"Mean rank, 1 is best. Bars join what is less than {diagram.reach:.2f} apart."
    text(canvas, (_MARGIN, y - 3), words, 6.5, colour=DIM)
    pages.y = top - height - 14


def _pairs(pages: _Pages, comparison: Comparison) -> None:
    pages.heading("Pair by pair")
    for pair, sentence in zip(comparison.pairs, comparison.sentences, strict=True):
        pages.need(34)
        pages.lines(sentence)
        pages.lines(f"{chosen_words(pair)}. Macro-F1 {_gap(pair.difference)}.", 7, DIM)
        pages.y -= 3
    pages.y -= 4


def _classes(pages: _Pages, comparison: Comparison) -> None:
    for first, last, which in _experiments(comparison):
        pages.heading(f"F1 of each class{which}")
        rows = [["Class", "Units", *comparison.titles[first:last]]]
        for one in comparison.classes:
            shown = [f"{value.value:.3f} ({_ends(value)})" for value in one.f1[first:last]]
            rows.append([comparison.title_of(one.name), str(one.n_units), *shown])
        pages.table((0.16, 0.08, *_widths(0.76, last - first)), rows)


def _slices(pages: _Pages, comparison: Comparison) -> None:
    cuts = comparison.slices[:_MOST_SLICES]
    for first, last, which in _experiments(comparison) if cuts else ():
        pages.heading(f"Accuracy in slices{which}")
        rows = [["Where", "Units", *comparison.titles[first:last]]]
        for cut in cuts:
            shown = [f"{value.value:.3f} ({_ends(value)})" for value in cut.accuracy[first:last]]
            where = f"{cut.attribute.replace('_', ' ')}: {cut.value or 'not stated'}"
            rows.append([where, str(cut.n_units), *shown])
        pages.table((0.2, 0.08, *_widths(0.72, last - first)), rows)
    more = len(comparison.slices) - len(cuts)
    if more:
        pages.lines(f"{more} more slices stand in the CSV export.", 7, DIM)


def _configuration(pages: _Pages, report: ComparisonReport) -> None:
    for first, last, which in _experiments(report.comparison) if report.configuration else ():
        pages.heading(f"What differs in how they were made{which}")
        rows = [
            ["Setting", *report.comparison.titles[first:last]],
            *(
                [f"{row.section}: {row.name}", *row.values[first:last]]
                for row in report.configuration
                if any(row.values[first:last])
            ),
        ]
        pages.table((0.24, *_widths(0.76, last - first)), rows)


def _experiments(comparison: Comparison) -> list[tuple[int, int, str]]:
    """Return where the tables of few experiments begin and end, and what their headings add."""
    parts = _parts(len(comparison.titles), _MOST_COLUMNS)
    if len(parts) == 1:
        return [(*parts[0], "")]
    return [(first, last, f", experiments {first + 1} to {last}") for first, last in parts]


def _parts(n: int, most: int) -> list[tuple[int, int]]:
    """Return `n` things in parts of at most `most`, as even as can be.

    Examples
    --------
    >>> _parts(7, 5), _parts(5, 5)
    ([(0, 4), (4, 7)], [(0, 5)])
    """
    n_parts = max(1, -(-n // most))
    ends = [-(-n * part // n_parts) for part in range(n_parts + 1)]
    return list(pairwise(ends))


def _widths(room: float, n: int) -> list[float]:
    return [room / n] * n


def _metric_title(kind: MetricKind) -> str:
    return kind.title if kind.higher_is_better else f"{kind.title} (less is better)"


def _ends(value: Estimate) -> str:
    return f"{value.low:.2f}-{value.high:.2f}"


def _gap(value: Estimate) -> str:
    return f"differs by {value.value:+.3f} (95 % interval {value.low:+.3f} to {value.high:+.3f})"
