"""Markets, as the one value that the rest of the product reads."""

from collections.abc import Sequence
from typing import Any

from sonde.platform.core.domain import Domain


def _tables() -> Sequence[Any]:
    from sonde.markets.services.tables import TABLES

    return TABLES


MARKETS = Domain(slug="markets", title="Markets", tables=_tables)
