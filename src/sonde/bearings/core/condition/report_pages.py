"""The report of a machine as one page of PDF: A4, vectors, fonts inside, nothing from outside."""

import io
from typing import Any, Final

from sonde.bearings.core.condition.report import MachineReport, PointLine, state_word
from sonde.bearings.core.condition.report_drawing import STATE_COLOURS, draw_spark
from sonde.platform.core.paper import (
    BOLD,
    DIM,
    INK,
    MM,
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
_MOST_POINTS: Final = 9
_MOST_EVENTS: Final = 7
_MOST_SPARKS: Final = 4
_MOST_LINES: Final = 9
_SPARK_HEIGHT = 84.0


def as_pdf(report: MachineReport) -> bytes:
    """Draw a report.

    Parameters
    ----------
    report : MachineReport

    Returns
    -------
    bytes
        One page of PDF; the same report gives the same bytes.
    """
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    target = io.BytesIO()
    page = Canvas(target, pagesize=(_WIDTH, _HEIGHT), invariant=True, pageCompression=1)
    page.setTitle(f"Condition of {report.machine}")
    page.setAuthor(f"Sonde {report.version}")
    y = _head(page, report)
    y = _points(page, report, y)
    y = _trends(page, report, y)
    y = _outlook(page, report, y)
    _events(page, report, y)
    _foot(page, report)
    page.showPage()
    page.save()
    return target.getvalue()


def _head(page: Any, report: MachineReport) -> float:
    top = _HEIGHT - _MARGIN
    text(page, (_MARGIN, top - 8), fitted(report.plant, _INSIDE * 0.7, 9), 9, colour=DIM)
    name = fitted(report.machine, _INSIDE * 0.72, 18, BOLD)
    text(page, (_MARGIN, top - 28), name, 18, font=BOLD)
    colour = STATE_COLOURS[report.state]
    page.setFillColor(colour)
    page.roundRect(_MARGIN + _INSIDE - 92, top - 30, 92, 22, 4, stroke=0, fill=1)
    page.setFillColor("#ffffff")
    page.setFont(BOLD, 11)
    page.drawCentredString(_MARGIN + _INSIDE - 46, top - 23, state_word(report.state))
    facts = "   ·   ".join(f"{name}: {value}" for name, value in report.facts)
    lines = wrapped(facts, _INSIDE, 8)[:2]
    for number, line in enumerate(lines):
        text(page, (_MARGIN, top - 43 - 11 * number), line, 8, colour=DIM)
    return top - 48 - 11 * max(len(lines), 1)


def _points(page: Any, report: MachineReport, top: float) -> float:
    y = heading(page, Box(_MARGIN, 0, _INSIDE, top), "Measuring points")
    titles = ("Point", "Newest (UTC)", *report.columns, "ISO zone", "State")
    rows = [[(title, INK) for title in titles]]
    rows += [_point(one) for one in report.points[:_MOST_POINTS]]
    n_figures = max(len(report.columns), 1)
    widths = (0.27, 0.16, *[0.35 / n_figures] * len(report.columns), 0.1, 0.12)
    y = table(page, Box(_MARGIN, 0, _INSIDE, y), widths, rows)
    n_more = len(report.points) - _MOST_POINTS
    notes = [f"and {n_more} more"] if n_more > 0 else []
    notes += list(report.zones[:2])
    for note in notes or ([] if report.points else ["This machine has no measuring points yet."]):
        for line in wrapped(note, _INSIDE, 7)[:2]:
            text(page, (_MARGIN, y), line, 7, colour=DIM)
            y -= 10
    return y - 4


def _point(point: PointLine) -> list[tuple[str, str]]:
    newest = f"{point.measured_at:%Y-%m-%d %H:%M}" if point.measured_at else "never"
    plain = [(words, INK) for words in (point.name, newest, *point.figures, point.zone)]
    return [*plain, (state_word(point.state), STATE_COLOURS[point.state])]


def _trends(page: Any, report: MachineReport, top: float) -> float:
    sparks = report.sparks[:_MOST_SPARKS]
    if not sparks:
        return top
    y = heading(page, Box(_MARGIN, 0, _INSIDE, top), "Trends with warning and alarm") + 6
    gap = 14.0
    width = (_INSIDE - gap) / 2
    for number, spark in enumerate(sparks):
        x = _MARGIN + (number % 2) * (width + gap)
        below = y - (number // 2 + 1) * (_SPARK_HEIGHT + 6)
        draw_spark(page, Box(x, below, width, _SPARK_HEIGHT), spark)
    return y - (len(sparks) + 1) // 2 * (_SPARK_HEIGHT + 6) - 6


def _outlook(page: Any, report: MachineReport, top: float) -> float:
    y = heading(page, Box(_MARGIN, 0, _INSIDE, top), "Health and remaining life")
    lines = [line for sentence in report.outlook for line in wrapped(sentence, _INSIDE, 8)]
    for line in lines[:_MOST_LINES]:
        text(page, (_MARGIN, y), line, 8)
        y -= 11
    return y - 4


def _events(page: Any, report: MachineReport, top: float) -> float:
    y = heading(page, Box(_MARGIN, 0, _INSIDE, top), "What happened last")
    if not report.events:
        text(page, (_MARGIN, y), "Nothing was noted.", 8, colour=DIM)
        return y - 13
    rows = [[(word, INK) for word in ("When (UTC)", "What", "")]]
    rows += [[(word, INK) for word in one] for one in report.events[:_MOST_EVENTS]]
    return table(page, Box(_MARGIN, 0, _INSIDE, y), (0.17, 0.13, 0.7), rows)


def _foot(page: Any, report: MachineReport) -> None:
    lines = wrapped(report.method, _INSIDE, 6.5)[:5]
    y = _MARGIN + 14 + 8.5 * len(lines)
    text(page, (_MARGIN, y), "How it was computed", 7, font=BOLD, colour=DIM)
    for line in lines:
        y -= 8.5
        text(page, (_MARGIN, y), line, 6.5, colour=DIM)
    made = f"{report.made_at:%Y-%m-%d %H:%M} UTC"
    text(page, (_MARGIN, _MARGIN - 4), f"Sonde {report.version}", 6.5, colour=DIM)
    text(page, (_MARGIN + _INSIDE, _MARGIN - 4), made, 6.5, colour=DIM, align="right")
