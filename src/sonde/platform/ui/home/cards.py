"""What a part puts on the home page: a component and the place where it belongs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.platform.ui.icons import icon


class HomeSlot(StrEnum):
    """The places of the home page."""

    STAT = "stat"
    ACTION = "action"
    MAIN = "main"
    SIDE = "side"


@dataclass(frozen=True)
class HomeCard:
    """One contribution to the home page.

    Parameters
    ----------
    slot : HomeSlot
    order : int
        Lower comes first, across all parts.
    content : component
    """

    slot: HomeSlot
    order: int
    content: Any


def quick_action(title: str, text: str, href: str, icon_name: str) -> Any:
    """Return a large link to something that people often do."""
    return dmc.Anchor(
        html.Div(
            [
                html.Span(icon(icon_name, 20), className="sonde-action-icon"),
                html.Span([html.Span(title, className="sonde-strong"), html.Span(text)]),
                icon("tabler:chevron-right", 16),
            ],
            className="sonde-action",
        ),
        href=href,
        underline="never",
        className="sonde-plain-link",
    )
