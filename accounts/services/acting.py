"""Viewer: who looks or acts, and for which organization."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import ApiToken, Membership, Organization, Role, User
from accounts.services.errors import NotAllowed

RIGHTS: dict[str, frozenset[str]] = {
    Role.VIEWER: frozenset({"read"}),
    Role.TRADER: frozenset({"read", "write"}),
    Role.OWNER: frozenset({"read", "write", "sign"}),
}


@dataclass(frozen=True)
class Viewer:
    """A person (None for a stranger), the organization they act for (None for themselves) and their role
    in it."""

    user: User | None = None
    organization: Organization | None = None
    role: str = ""
    # All organizations the person is a member of, by handle.
    organizations: tuple[Organization, ...] = ()
    # The token a program of the organization came with; then `user` is the person who answers for it.
    token: ApiToken | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @property
    def is_staff(self) -> bool:
        """Whether one of the staff looks; a token never is, whoever answers for it."""
        return self.user is not None and self.user.is_staff and self.token is None

    def may_call(self, scope: str) -> bool:
        """Whether a program may: a person needs no scope."""
        return self.token is None or scope in self.token.scopes

    def may(self, right: str) -> bool:
        """Whether the role has the right: read, write or sign."""
        return right in RIGHTS.get(self.role, frozenset())

    def owns(self, organization_id: object) -> bool:
        return self.organization is not None and self.organization.pk == organization_id


@dataclass(frozen=True)
class Person(Viewer):
    """A viewer who is signed in."""

    user: User


@dataclass(frozen=True)
class Member(Person):
    """A viewer who acts for an organization."""

    organization: Organization


STRANGER = Viewer()


def as_viewer(user: User | AnonymousUser | None, *, handle: str | None = None) -> Viewer:
    """The viewer for a signed-in person, acting for the organization with this handle or, if there is just
    one, for that. Raises NotAllowed for a handle the person is no member of, and for one that does not exist.
    """
    if user is None or isinstance(user, AnonymousUser):
        return STRANGER
    rows = Membership.objects.filter(user=user).select_related("organization")
    memberships = list(rows.order_by("organization__handle"))
    every = tuple(one.organization for one in memberships)
    if handle is not None:
        memberships = [one for one in memberships if one.organization.handle == handle]
        if not memberships:
            raise NotAllowed
    if len(memberships) == 1:
        chosen = memberships[0]
        return Viewer(user=user, organization=chosen.organization, role=chosen.role, organizations=every)
    return Viewer(user=user, organizations=every)


def as_token(token: ApiToken, *, handle: str | None = None) -> Viewer:
    """The viewer behind a token: a trader of its organization, and of no other.

    The person who answers for it is whoever made it, as long as they are an owner there, or else the owner of
    longest standing. Raises NotAllowed for another organization's handle, and if nobody answers for it.
    """
    organization = token.organization
    if handle is not None and handle != organization.handle:
        raise NotAllowed
    owners = organization.memberships.filter(role=Role.OWNER, user__is_active=True)
    rows = owners.select_related("user").order_by("created_at", "pk")
    people = [one.user for one in rows]
    user = next((one for one in people if one.pk == token.made_by_id), people[0] if people else None)
    if user is None:
        raise NotAllowed
    return Viewer(
        user=user, organization=organization, role=Role.TRADER, organizations=(organization,), token=token
    )
