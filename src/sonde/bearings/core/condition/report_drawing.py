"""Drawing on the page of a report: text in an embedded font, tables, small trends."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import numpy as np

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.report import Spark

PLAIN, BOLD = "SondeSans", "SondeSansBold"
MM: Final = 72 / 25.4
INK, DIM, RULE, LINE = "#1c2430", "#667085", "#d5dae2", "#2f6fd0"
STATE_COLOURS: Final = {
    AlarmState.NORMAL: "#1f8f5f",
    AlarmState.WARNING: "#b7791f",
    AlarmState.ALARM: "#c93636",
    None: "#667085",
}
_FONTS = ((PLAIN, "DejaVuSans.ttf"), (BOLD, "DejaVuSans-Bold.ttf"))


@dataclass(frozen=True)
class Box:
    """A rectangle on the page in points, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float


def register_fonts() -> None:
    """Make the two fonts known to reportlab; they hold Latin, Greek and Cyrillic letters."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    known = pdfmetrics.getRegisteredFontNames()
    for name, file in _FONTS:
        if name not in known:
            source = files("sonde.bearings.core.condition").joinpath("fonts", file)
            with source.open("rb") as font:
                pdfmetrics.registerFont(TTFont(name, font))


def text(page: Any, at: tuple[float, float], words: str, size: float = 8, **style: str) -> None:
    """Write one line; ``colour``, ``font`` and ``align`` (``"right"``) are styles."""
    page.setFillColor(style.get("colour", INK))
    page.setFont(style.get("font", PLAIN), size)
    if style.get("align") == "right":
        page.drawRightString(*at, words)
    else:
        page.drawString(*at, words)


def fitted(words: str, width: float, size: float, font: str = PLAIN) -> str:
    """Return words that fit into a width, cut with three dots where they must be."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if stringWidth(words, font, size) <= width:
        return words
    while words and stringWidth(words + "...", font, size) > width:
        words = words[:-1]
    return words + "..."


def wrapped(words: str, width: float, size: float) -> list[str]:
    """Return words as lines of at most a width."""
    from reportlab.lib.utils import simpleSplit

    return list(simpleSplit(words, PLAIN, size, width))


def heading(page: Any, box: Box, words: str) -> float:
    """Write a heading with a rule below it at the top of a box; return where to go on."""
    top = box.y + box.height
    text(page, (box.x, top - 9), words, 9.5, font=BOLD)
    page.setStrokeColor(RULE)
    page.setLineWidth(0.6)
    page.line(box.x, top - 13, box.x + box.width, top - 13)
    return top - 24


def table(
    page: Any, box: Box, widths: Sequence[float], rows: Sequence[Sequence[tuple[str, str]]]
) -> float:
    """Draw rows of (words, colour) downwards from the top of a box; the first row is the head."""
    y = box.y + box.height
    for number, row in enumerate(rows):
        x = box.x
        font = BOLD if number == 0 else PLAIN
        for (words, colour), share in zip(row, widths, strict=True):
            width = share * box.width
            shown = fitted(words, width - 4, 7.5, font)
            text(page, (x, y), shown, 7.5, colour=DIM if number == 0 else colour, font=font)
            x += width
        page.setStrokeColor(RULE)
        page.setLineWidth(0.3)
        page.line(box.x, y - 4, box.x + box.width, y - 4)
        y -= 13
    return y


def draw_spark(page: Any, box: Box, spark: Spark) -> None:
    """Draw a trend with its limits, its newest value and its first and last moment."""
    top = box.y + box.height
    text(page, (box.x, top - 8), fitted(spark.title, box.width * 0.66, 8, BOLD), 8, font=BOLD)
    newest = f"{spark.values[-1]:.4g} {spark.unit}".strip() if len(spark.values) else "no values"
    text(page, (box.x + box.width, top - 8), newest, 8, align="right")
    plot = Box(box.x, box.y + 12, box.width, box.height - 26)
    page.setStrokeColor(RULE)
    page.setLineWidth(0.5)
    page.rect(plot.x, plot.y, plot.width, plot.height)
    if not len(spark.values):
        return
    _curve(page, plot, spark)
    first, last = spark.moments[0], spark.moments[-1]
    text(page, (box.x, box.y + 2), f"{first:%Y-%m-%d %H:%M}", 6.5, colour=DIM)
    place = (box.x + box.width, box.y + 2)
    text(page, place, f"{last:%Y-%m-%d %H:%M} UTC", 6.5, colour=DIM, align="right")


def _curve(page: Any, plot: Box, spark: Spark) -> None:
    lines = [spark.band.warning, spark.band.alarm] if spark.band else []
    reach = [float(np.min(spark.values)), float(np.max(spark.values)), *lines]
    low, high = min(reach), max(reach)
    room = 0.08 * (high - low) or abs(high) * 0.1 or 1.0
    low, high = low - room, high + room

    def height(value: float) -> float:
        return plot.y + plot.height * (value - low) / (high - low)

    for limit, colour in zip(lines, (AlarmState.WARNING, AlarmState.ALARM), strict=False):
        page.setStrokeColor(STATE_COLOURS[colour])
        page.setLineWidth(0.7)
        page.setDash(3, 2)
        page.line(plot.x, height(limit), plot.x + plot.width, height(limit))
    page.setDash()
    seconds = np.array([(one - spark.moments[0]).total_seconds() for one in spark.moments])
    across = plot.x + plot.width * seconds / max(float(seconds[-1]), 1e-9)
    path = page.beginPath()
    path.moveTo(float(across[0]), height(float(spark.values[0])))
    for x, value in zip(across[1:], spark.values[1:], strict=True):
        path.lineTo(float(x), height(float(value)))
    page.setStrokeColor(LINE)
    page.setLineWidth(1)
    page.drawPath(path)
