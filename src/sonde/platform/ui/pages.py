"""The platform's own pages."""

from typing import Final

from sonde.platform.core.domain import Navigation, Page
from sonde.platform.ui.home.page import show as show_home
from sonde.platform.ui.jobs.page import show as show_jobs

PAGES: Final = (
    Page("/", "Home", show_home, Navigation("Overview", "tabler:home", 0)),
    Page("/jobs", "Jobs", show_jobs, Navigation("System", "tabler:stack-2", 900)),
)
