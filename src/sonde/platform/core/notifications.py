"""Notifications: what a person is told in the product."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Notification:
    """One line under the bell.

    Parameters
    ----------
    id : str
    kind : str
        Kind of the event behind it, such as ``"dataset.imported"``.
    title, body : str
        What happened, for people.
    link : str
        Path in the product, or empty.
    created_at : datetime
    read_at : datetime, optional
        None while it is unread.
    """

    id: str
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None

    @property
    def is_read(self) -> bool:
        """Whether the person has seen it."""
        return self.read_at is not None
