"""Drawing on a page of PDF: text in an embedded font, headings, tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

PLAIN, BOLD = "SondeSans", "SondeSansBold"
MM: Final = 72 / 25.4
INK, DIM, RULE, LINE = "#1c2430", "#667085", "#d5dae2", "#2f6fd0"
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
            source = files("sonde.platform.core").joinpath("fonts", file)
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
