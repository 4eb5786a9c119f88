"""Bearings, as the one value that the rest of the product reads."""

from sonde.platform.core.domain import Domain

BEARINGS = Domain(slug="bearings", title="Bearings")
