"""Visits of the import pages."""

from sonde.bearings.core.catalogue import catalogue
from sonde.bearings.services import imports
from sonde.bearings.ui.importing.layout import import_view
from sonde.bearings.ui.importing.review import review_view
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.services import jobs
from sonde.platform.ui.components import PageView


def show_form(request: PageRequest) -> PageView:
    """Return the form that chooses files."""
    return import_view(list(catalogue()), may_read_folders=request.actor.role is Role.ADMIN)


def show_review(request: PageRequest) -> PageView:
    """Return what was understood of one import."""
    staged = imports.get(request.actor, request.params["import_id"])
    return review_view(staged, jobs.get(request.actor, staged.job_id))
