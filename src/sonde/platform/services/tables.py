"""The platform's tables, as its plugin names them to migrations."""

from sonde.platform.persistence.events import NotificationRow, OutboxRow
from sonde.platform.persistence.jobs import JobEventRow, JobRow

TABLES = (JobRow, JobEventRow, OutboxRow, NotificationRow)
