"""The one list of domains; nothing else in the product knows their names."""

from sonde.bearings.domain import BEARINGS
from sonde.platform.core.domain import Domain

DOMAINS: tuple[Domain, ...] = (BEARINGS,)
