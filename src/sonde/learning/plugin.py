"""What learning brings: experiments, their pages, routers, commands and jobs."""

from sonde.platform.core.domain import Domain

LEARNING = Domain(slug="learning", title="Learning")
