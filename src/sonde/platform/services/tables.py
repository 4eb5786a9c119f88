"""The platform's tables, as its plugin names them to migrations."""

from sonde.platform.persistence.accounts import MemberRow, UserRow, WorkspaceRow
from sonde.platform.persistence.audit import AuditRow
from sonde.platform.persistence.events import NotificationRow, OutboxRow
from sonde.platform.persistence.idempotency import IdempotencyRow
from sonde.platform.persistence.jobs import JobEventRow, JobRow
from sonde.platform.persistence.sessions import SessionRow, SignInLinkRow

TABLES = (
    UserRow,
    WorkspaceRow,
    MemberRow,
    SessionRow,
    SignInLinkRow,
    AuditRow,
    IdempotencyRow,
    JobRow,
    JobEventRow,
    OutboxRow,
    NotificationRow,
)
