"""The button that fills an empty desk."""

from typing import Any

import dash_mantine_components as dmc

from sonde.markets.ui.price_sample.ids import SampleType
from sonde.platform.ui.icons import icon

WORDS = "Or try everything with two simulated markets that play at once."


def sample_button(place: str) -> Any:
    """Return the button that stores and plays the simulated markets; `place` names its page."""
    return dmc.Button(
        "Play simulated markets",
        id={"type": SampleType.START.value, "place": place},
        variant="default",
        leftSection=icon("tabler:player-play", 16),
    )
