"""The one list of domains; nothing else in the product knows their names."""

from sonde.bearings.domain import BEARINGS
from sonde.learning.plugin import LEARNING
from sonde.markets.domain import MARKETS
from sonde.platform.core.domain import Domain
from sonde.platform.core.parts import Parts
from sonde.platform.plugin import PLATFORM

DOMAINS: tuple[Domain, ...] = (BEARINGS, MARKETS)

PARTS = Parts((PLATFORM, *DOMAINS, LEARNING))
