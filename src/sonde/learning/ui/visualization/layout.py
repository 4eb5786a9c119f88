"""What the visualization page is: one of questions about a trained experiment."""

from typing import Final

from sonde.learning.ui.questions import QuestionPage
from sonde.learning.ui.visualization.ids import VisualizationId
from sonde.learning.ui.visualization.state import TABS

VISUALIZATION: Final = QuestionPage(
    title="Visualization",
    words=(
        "How samples lie to each other, what features tell, and what a network makes of a sample."
    ),
    icon_name="tabler:chart-dots",
    tabs=TABS,
    ids=VisualizationId,
    nothing=(
        "Nothing to look into yet",
        "Train a model; its samples are mapped here, and its layers shown.",
    ),
    unasked=(
        "Nobody looked at this yet",
        "Ask an analyst to look: viewers may only see what was found.",
    ),
)
