"""What is said after a start, and where it leads."""

from collections.abc import Sequence
from urllib.parse import urlencode

from sonde.learning.core.experiments import Experiment
from sonde.learning.services import experiments


def started_words(made: Sequence[Experiment]) -> tuple[str, str]:
    """Return the heading and the text that tell of what was queued."""
    title = made[0].summary.title
    if len(made) == 1:
        return "The training is queued", title
    return f"{len(made)} trainings are queued", f"{title}, one for each seed"


def started_place(made: Sequence[Experiment]) -> tuple[str, str]:
    """Return path and search of the page of one experiment, or of the list of a family."""
    first = made[0]
    if len(made) == 1:
        return experiments.result_path(first.id), ""
    return "/experiments", "?" + urlencode({"q": f"family:{first.summary.family_id}"})
