"""Who acts: the first argument of every service function."""

from dataclasses import dataclass
from enum import StrEnum

from sonde.platform.core.errors import Forbidden


class Role(StrEnum):
    """What a person may do in the product."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"


_RANK = {Role.VIEWER: 0, Role.ANALYST: 1, Role.ADMIN: 2}


@dataclass(frozen=True)
class Actor:
    """The acting person, as the services see them.

    Parameters
    ----------
    user_id : str
        ULID of the user.
    name : str
        Shown in logs and on rows that this person made.
    role : Role
    workspace_id : str
        The workspace that new rows go to.
    workspace_ids : frozenset of str
        Every workspace whose rows this person may see.
    """

    user_id: str
    name: str
    role: Role
    workspace_id: str
    workspace_ids: frozenset[str]

    def require(self, role: Role) -> None:
        """Check that the actor has at least `role`.

        Raises
        ------
        Forbidden
            If the actor's role is lower.

        Examples
        --------
        >>> someone = Actor("u1", "Ada", Role.VIEWER, "w1", frozenset({"w1"}))
        >>> someone.require(Role.VIEWER)
        """
        if _RANK[self.role] < _RANK[role]:
            raise Forbidden(
                f"This needs the role {role.value}; yours is {self.role.value}. "
                "An administrator can change it.",
                needs=role.value,
                has=self.role.value,
            )
