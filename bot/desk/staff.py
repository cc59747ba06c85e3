"""Who works at the desk: roles, what each may do, and the unions that somebody stands for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.audit import Actor
from knowledge.organizations import Organizations


class Role(StrEnum):
    """What somebody is here for."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What one may be allowed to do."""

    OWN_ACCOUNT = "own account"
    TODAY = "today"
    SEE_STAFF = "see staff"
    MANAGE_STAFF = "manage staff"
    READ_AUDIT = "read audit"
    KEEP_KNOWLEDGE = "keep knowledge"
    SEE_CASES = "see cases"  # how they stand, without what they are about
    WORK_CASES = "work cases"
    SEE_FIGURES = "see figures"
    SEE_DIRECTORY = "see directory"
    KEEP_DIRECTORY = "keep directory"
    SEE_DUTY = "see duty"
    KEEP_DUTY = "keep duty"
    KEEP_CANNED = "keep canned"  # the replies that stand ready


_EVERYBODY = frozenset(
    {Permission.OWN_ACCOUNT, Permission.TODAY, Permission.SEE_FIGURES, Permission.SEE_DIRECTORY, Permission.SEE_DUTY}
)
_CASES = frozenset({Permission.SEE_CASES, Permission.WORK_CASES})

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.CLERK: _EVERYBODY | _CASES,
    Role.SUPERVISOR: _EVERYBODY | _CASES | {Permission.SEE_STAFF, Permission.KEEP_DUTY, Permission.KEEP_CANNED},
    Role.ADMIN: _EVERYBODY
    | {Permission.SEE_STAFF, Permission.MANAGE_STAFF, Permission.READ_AUDIT, Permission.KEEP_KNOWLEDGE}
    | {Permission.KEEP_DIRECTORY, Permission.KEEP_DUTY, Permission.KEEP_CANNED},
    Role.AUDITOR: _EVERYBODY | {Permission.SEE_STAFF, Permission.READ_AUDIT, Permission.SEE_CASES},
}


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with an account; nobody is ever deleted, for the audit names them by their ids."""

    id: str  # 8 hexadecimal digits
    login: str
    name: str
    role: Role
    unions: tuple[str, ...]  # names of organizations.yaml
    created_at: datetime
    joined: bool = False  # the invitation was taken up: there is a password, or an identity elsewhere
    second_factor: bool = False
    disabled: bool = False
    email: str | None = None  # by which the identity provider may know them before they have joined
    by_provider: bool = False  # they come in by an identity provider and have no password

    @property
    def actor(self) -> Actor:
        """Return who the audit says it was."""
        return Actor(self.id, self.role)

    @property
    def subject(self) -> str:
        """Return what the audit calls this account."""
        return f"staff/{self.id}"

    def may(self, permission: Permission) -> bool:
        """Tell whether their role allows it."""
        return permission in PERMISSIONS[self.role]


def reach(unions: Collection[str], organizations: Organizations) -> frozenset[str]:
    """Return these unions and all that stand below them: whose matters somebody who stands for them may see."""
    return organizations.below(unions)


def manages(admin: Staff, other: Staff, organizations: Organizations) -> bool:
    """Tell whether `admin` may change the account of `other`: not their own, and none that reaches beyond theirs."""
    within = set(other.unions) <= reach(admin.unions, organizations)
    return admin.may(Permission.MANAGE_STAFF) and admin.id != other.id and within
