"""Writes down what was done by whom."""

from sonde.platform.persistence import audit as rows


def record(
    actor_id: str, action: str, target: str = "", *, address: str = "", **details: object
) -> None:
    """Add one entry to the audit log, in the same transaction as what it tells of."""
    rows.add_entry(actor_id, action, target, address, details)
