"""What the evaluation page is: one of questions about a trained experiment."""

from typing import Final

from sonde.learning.ui.evaluation.ids import EvaluationId
from sonde.learning.ui.evaluation.state import TABS
from sonde.learning.ui.questions import QuestionPage

EVALUATION: Final = QuestionPage(
    title="Evaluation",
    words="What a model's held-out predictions say beyond one score, with intervals over groups.",
    icon_name="tabler:target",
    tabs=TABS,
    ids=EvaluationId,
    nothing=(
        "Nothing to evaluate yet",
        "Train a model; what it says of samples that it never saw is looked at here.",
    ),
    unasked=(
        "Nobody asked this yet",
        "Ask an analyst to find out: viewers may only look.",
    ),
)
