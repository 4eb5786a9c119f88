"""What the platform itself brings: its pages, routers, commands and jobs."""

from sonde.platform.core.domain import Domain

PLATFORM = Domain(slug="platform", title="Sonde")
