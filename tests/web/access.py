"""The table of who may open what: one row for each page and method, one outcome for each role.

How to add the rows of an area: in tests/web/access_<area>.py write

    ROWS = [
        Row("request", everyone_of_ours(200), where=lambda world: {"pk": world.request().pk}),
        Row("request_step", only(trader=DONE, owner=DONE, viewer=403, foreign=404),
            method="POST", where=lambda world: {"pk": world.request("draft").pk},
            data=lambda world: {"step": "publish", "version": 1}),
    ]

- `name`: the URL's name (or a path that begins with "/" for one that has no name).
- `expects`: role -> outcome, all seven. An outcome is a status (200, 400, 403, 404, 405, 409) or a word:
  DONE (a redirect after a deed, 302), LOGIN (sent to sign in), CHOOSE (sent to "organizations", because the
  person acts for nobody). everyone(), signed_in(), everyone_of_ours() and only() write the usual ones.
- `where`: the URL's arguments, for the World's own organization; made once, before anybody knocks.
- `data`: what is posted. The field with the acting organization is added: the poster's own, or for who has
  none the handle of the organization the thing belongs to.
- `query`: what stands behind the "?".

Roles: stranger; mallory (signed in, belongs to nobody); viewer, trader and owner of the organization that the
thing belongs to; foreign (owner of another verified organization, host and miner like the first); staff.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accounts.models import Organization, User
from accounts.services import organizations
from hosting.models import CapacityRequest, Offer, Site
from tests import factories

ROLES = ("stranger", "mallory", "viewer", "trader", "owner", "foreign", "staff")
DONE, LOGIN, CHOOSE = "done", "login", "choose"
Outcome = int | str


class World:
    """An organization with its people and things, and another one beside it."""

    def __init__(self) -> None:
        self.owner = factories.user("owner@example.org")
        self.organization = self._found(self.owner, "ours")
        self.viewer = self._member("viewer")
        self.trader = self._member("trader")
        self.foreign = factories.user("foreign@example.org")
        self.theirs = self._found(self.foreign, "theirs")
        self.mallory = factories.user("mallory@example.org")
        self.staff = factories.user("sam@example.org", is_staff=True, is_superuser=True)

    def _found(self, by: User, handle: str) -> Organization:
        return factories.organization("host", "miner", by=by, handle=handle, legal_name=f"{handle} Ltd")

    def _member(self, role: str) -> User:
        person = factories.user(f"{role}@example.org")
        organizations.join(
            organization=self.organization, user=person, role=role, by=self.owner, now=factories.NOW
        )
        return person

    def person(self, role: str) -> User | None:
        return None if role == "stranger" else getattr(self, role)

    def handle(self, role: str) -> str:
        """The organization that a form posted by this role says it was made for."""
        return self.theirs.handle if role == "foreign" else self.organization.handle

    @cached_property
    def site(self) -> Site:
        return factories.site(self.organization)

    def offer(self, status: str = "published", **fields: Any) -> Offer:
        """An offer of ours: draft, in_review or published."""
        return factories.offer(self.site, status=status, **fields)

    def their_offer(self) -> Offer:
        """A published offer of the other organization."""
        return factories.offer(factories.site(self.theirs))

    def request(self, status: str = "open", **fields: Any) -> CapacityRequest:
        """A request of ours: draft or open."""
        return factories.request(self.organization, status=status, **fields)

    def their_request(self, **fields: Any) -> CapacityRequest:
        """An open request of the other organization."""
        return factories.request(self.theirs, **fields)


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    name: str
    expects: dict[str, Outcome]
    where: Callable[[World], dict[str, Any]] = nothing
    method: str = "GET"
    data: Callable[[World], dict[str, Any]] = nothing
    query: str = ""
    note: str = field(default="", compare=False)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.method, self.name, self.query, self.note)))


def everyone(outcome: Outcome, **but: Outcome) -> dict[str, Outcome]:
    """The same for all; `but` names exceptions."""
    return {**dict.fromkeys(ROLES, outcome), **but}


def signed_in(outcome: Outcome, **but: Outcome) -> dict[str, Outcome]:
    """The same for whoever is signed in."""
    return everyone(outcome, **{"stranger": LOGIN, **but})


def only(
    *, viewer: Outcome, trader: Outcome, owner: Outcome, foreign: Outcome = 404, staff: Outcome = CHOOSE
) -> dict[str, Outcome]:
    """A thing of an organization: strangers sign in, and who acts for nobody is sent to choose."""
    return {
        "stranger": LOGIN,
        "mallory": CHOOSE,
        "viewer": viewer,
        "trader": trader,
        "owner": owner,
        "foreign": foreign,
        "staff": staff,
    }


def everyone_of_ours(outcome: Outcome, *, foreign: Outcome = 404, staff: Outcome = CHOOSE) -> dict:
    """All three roles of the organization alike."""
    return only(viewer=outcome, trader=outcome, owner=outcome, foreign=foreign, staff=staff)


def new_id(world: World) -> str:
    """For the hidden id of a form that makes something."""
    return str(uuid.uuid4())
