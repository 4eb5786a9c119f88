"""People, workspaces and who belongs to which."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.people import User
from sonde.platform.persistence.database import ID_LENGTH, Table, remembered, session

_ID = String(ID_LENGTH)


class UserRow(Table):
    """One person."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_signed_in_at: Mapped[datetime | None]

    def view(self) -> User:
        """Return what others may know."""
        return User(
            id=self.id,
            email=self.email,
            name=self.name,
            role=Role(self.role),
            is_active=self.is_active,
            has_password=self.password_hash is not None,
            created_at=self.created_at,
            last_signed_in_at=self.last_signed_in_at,
        )


class WorkspaceRow(Table):
    """A place that people share; everybody has one of their own."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str]
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MemberRow(Table):
    """Who belongs to a workspace."""

    __tablename__ = "workspace_members"

    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def add_user(user: UserRow, workspace: WorkspaceRow) -> None:
    """Store a person with the workspace of their own."""
    session().add(user)
    session().flush()
    session().add(workspace)
    session().flush()
    session().add(MemberRow(workspace_id=workspace.id, user_id=user.id))
    session().flush()


def add_member(workspace_id: str, user_id: str) -> None:
    """Let a person into a workspace; nothing happens if they are in."""
    session().merge(MemberRow(workspace_id=workspace_id, user_id=user_id))
    session().flush()


def find_user(user_id: str) -> UserRow | None:
    """Return the row of a person."""
    return session().get(UserRow, user_id)


def find_user_by_email(email: str) -> UserRow | None:
    """Return the row of the person with this address, whatever its case."""
    return session().scalar(select(UserRow).where(UserRow.email == email.strip().lower()))


def list_users() -> Sequence[UserRow]:
    """Return everybody, the oldest account first."""
    return session().scalars(select(UserRow).order_by(UserRow.id)).all()


def first_administrator() -> UserRow | None:
    """Return the oldest active administrator."""
    return session().scalar(
        select(UserRow)
        .where(UserRow.role == Role.ADMIN.value, UserRow.is_active)
        .order_by(UserRow.id)
        .limit(1)
    )


def count_administrators() -> int:
    """Return how many active administrators there are."""
    query = select(func.count()).where(UserRow.role == Role.ADMIN.value, UserRow.is_active)
    return session().scalar(query) or 0


def note_sign_in(user_id: str, at: datetime) -> None:
    """Remember when a person last signed in."""
    session().execute(update(UserRow).where(UserRow.id == user_id).values(last_signed_in_at=at))


@remembered(UserRow, WorkspaceRow, MemberRow)
def acting(user_id: str) -> Actor | None:
    """Return a person as services see them; None for who is gone or switched off."""
    user = find_user(user_id)
    return actor_of(user) if user is not None and user.is_active else None


def actor_of(user: UserRow) -> Actor:
    """Return the person as services see them: with every workspace they belong to."""
    is_member = (MemberRow.workspace_id == WorkspaceRow.id) & (MemberRow.user_id == user.id)
    query = (
        select(WorkspaceRow.id, WorkspaceRow.owner_id, MemberRow.user_id)
        .outerjoin(MemberRow, is_member)
        .where((WorkspaceRow.owner_id == user.id) | (MemberRow.user_id == user.id))
        .order_by(WorkspaceRow.id)
    )
    found = session().execute(query).all()
    own = next((one.id for one in found if one.owner_id == user.id), None)
    ids = frozenset(one.id for one in found if one.user_id is not None)
    return Actor(user.id, user.name, Role(user.role), own or min(ids, default=""), ids)
