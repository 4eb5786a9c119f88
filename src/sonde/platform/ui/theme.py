"""Colours and type of the product, for Mantine and for figures.

What changes between light and dark lives in ``assets/sonde.css`` as custom properties.
"""

from enum import StrEnum
from typing import Any, Final

FONT: Final = (
    "Inter, ui-sans-serif, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
)
MONOSPACE: Final = "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace"

ACCENT: Final = "#5b74f9"
# told apart with every kind of colour vision, and on both backgrounds
SERIES: Final = (
    "#5b8def",
    "#e8853a",
    "#1fa890",
    "#a877dc",
    "#cfa227",
    "#dd6074",
    "#3fb0d6",
    "#8b93a1",
    "#7fb24a",
    "#b3713f",
    "#e084c4",
    "#5a76a8",
)


class Tone(StrEnum):
    """What a badge or a mark says before it is read."""

    GOOD = "teal"
    WARN = "orange"
    BAD = "red"
    INFO = "sonde"
    NEUTRAL = "gray"


def series_colour(position: int) -> str:
    """Return the colour of the series at `position`; they repeat after the last."""
    return SERIES[position % len(SERIES)]


THEME: Final[dict[str, Any]] = {
    "primaryColor": "sonde",
    "primaryShade": {"light": 6, "dark": 6},
    "defaultRadius": "md",
    "fontFamily": FONT,
    "fontFamilyMonospace": MONOSPACE,
    "headings": {
        "fontFamily": FONT,
        "fontWeight": "620",
        "sizes": {
            "h1": {"fontSize": "1.5rem", "lineHeight": "1.3"},
            "h2": {"fontSize": "1.0625rem", "lineHeight": "1.4"},
            "h3": {"fontSize": "0.9375rem", "lineHeight": "1.4"},
        },
    },
    "colors": {
        "sonde": [
            "#eef1ff",
            "#dde3ff",
            "#bac6ff",
            "#97a8ff",
            "#7f94ff",
            "#5b74f9",
            "#4a61ea",
            "#3d51cf",
            "#3344a8",
            "#2a3885",
        ],
        "dark": [
            "#e9ebf0",
            "#c3c8d2",
            "#9aa2b1",
            "#5f6877",
            "#363d49",
            "#2a303a",
            "#1c2027",
            "#14171c",
            "#0f1216",
            "#0b0d10",
        ],
    },
    "components": {
        "Button": {"defaultProps": {"size": "sm"}},
        "Tooltip": {"defaultProps": {"withArrow": True, "openDelay": 250}},
        "Badge": {"defaultProps": {"radius": "sm"}},
        "Checkbox": {"defaultProps": {"radius": "sm"}},
        "Modal": {"defaultProps": {"radius": "lg", "closeButtonProps": {"aria-label": "Close"}}},
        "Drawer": {"defaultProps": {"closeButtonProps": {"aria-label": "Close"}}},
        "Notification": {"defaultProps": {"closeButtonProps": {"aria-label": "Close"}}},
    },
}
