"""One visit of the Jobs page."""

from sonde.platform.core.domain import PageRequest
from sonde.platform.services import jobs
from sonde.platform.ui.components import PageView
from sonde.platform.ui.jobs.layout import jobs_view, states_of

ROWS = 200


def show(request: PageRequest) -> PageView:
    """Return the page; ``?state=failed`` filters and ``?job=...`` opens one."""
    choice = request.query.get("state", "all")
    rows = jobs.list_jobs(request.actor, states=states_of(choice), limit=ROWS).items
    return jobs_view(rows, choice, request.query.get("job", ""))
