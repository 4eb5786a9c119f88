"""Visits of the import pages."""

from sonde.bearings.core.catalogue import catalogue
from sonde.bearings.services import imports, quotas
from sonde.bearings.ui.importing.fields import AUTOMATIC, REMARKS
from sonde.bearings.ui.importing.layout import ImportForm, import_view
from sonde.bearings.ui.importing.review import review_view
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.services import jobs
from sonde.platform.ui.components import PageView


def show_form(request: PageRequest) -> PageView:
    """Return the form that chooses files; ``?preset=`` chooses a layout."""
    recent = imports.recent(request.actor)
    preset = request.query.get("preset", AUTOMATIC)
    return import_view(
        ImportForm(
            bearings=tuple(catalogue()),
            may_read_folders=request.actor.role is Role.ADMIN,
            preset=preset if preset in REMARKS else AUTOMATIC,
            recent=recent,
            jobs={
                staged.job_id: jobs.get(request.actor, staged.job_id)
                for staged in recent
                if staged.state == "reading"
            },
            used=quotas.used(request.actor),
            allowed=quotas.allowed(request.actor),
        )
    )


def show_review(request: PageRequest) -> PageView:
    """Return what was understood of one import."""
    staged = imports.get(request.actor, request.params["import_id"])
    return review_view(staged, jobs.get(request.actor, staged.job_id))
