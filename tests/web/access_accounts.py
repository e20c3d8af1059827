"""Who may open the pages of people and organizations."""

from django.core.files.base import ContentFile

from accounts.models import Invitation
from accounts.services import documents, invitations, tokens
from tests import factories
from tests.web.access import DONE, LOGIN, Row, World, everyone, new_id, signed_in

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def members(viewer, trader, owner, **but):
    """A page of one organization: nobody else learns that it exists."""
    return {
        "stranger": LOGIN, "mallory": 404, "viewer": viewer, "trader": trader, "owner": owner,
        "foreign": 404, "staff": 404, **but,
    }  # fmt: skip


def ours(world: World) -> dict:
    return {"handle": world.organization.handle}


def paper(world: World):
    file = ContentFile(PDF, name="extract.pdf")
    return documents.hand_in(
        organization=world.organization, kind="registration", file=file, by=world.owner, now=factories.NOW
    )


def invited(world: World, email: str = "new@example.org") -> tuple[Invitation, str]:
    tokens = []
    made = invitations.invite(
        organization=world.organization, email=email, role="viewer", by=world.owner, now=factories.NOW,
        address=lambda token: tokens.append(token) or token,
    )  # fmt: skip
    return made, tokens[0]


def token(world: World) -> dict:
    made, _secret = tokens.make(
        organization=world.organization, scopes=["market:read"], by=world.owner, now=factories.NOW
    )
    return {**ours(world), "pk": made.pk}


def loose_member(world: World) -> dict:
    return {**ours(world), "pk": world.organization.memberships.get(user=world.trader).pk}


FOUND = {"handle": "a-new-one", "kinds": ["miner"], "legal_name": "A New One Ltd", "country": "SG"}
LICENCE = {"jurisdiction_code": "KZ", "type": "kz-digital-mining-1"}
LASTS = {"expires_in_days": "30"}

ROWS = [
    Row("login", everyone(DONE, stranger=200)),
    Row("login", everyone(DONE, stranger=200), method="POST", data=lambda world: {"login": "x"}),
    Row("to_login", everyone(LOGIN)),
    Row("logout", everyone(405)),
    Row("logout", everyone(DONE), method="POST"),
    Row("looking_begin", everyone(404, stranger=LOGIN, staff=200), where=ours),
    Row(
        "looking_begin", everyone(404, stranger=LOGIN, staff=DONE), where=ours, method="POST",
        data=lambda world: {"why": "They asked."},
    ),
    Row(
        "looking_begin", everyone(404, stranger=LOGIN, staff=400), where=ours, method="POST",
        note="without a reason",
    ),
    Row("looking_end", everyone(405)),
    Row("looking_end", everyone(DONE), method="POST", note="nobody looks"),
    Row("terms", everyone(200)),
    Row("privacy", everyone(200)),
    Row("consent", signed_in(200)),
    Row("consent", signed_in(DONE), method="POST", data=lambda world: {"accepts": "on"}),
    Row("consent", signed_in(400), method="POST", note="without a tick"),
    Row("account", signed_in(200)),
    Row(
        "account", signed_in(DONE), method="POST",
        data=lambda world: {"name": "X", "language": "en", "time_zone": "UTC"},
    ),
    Row("account", signed_in(400), method="POST", note="empty"),
    # A session that never typed a password types it first.
    Row("account_close", signed_in(DONE)),
    Row("account_close", signed_in(DONE), method="POST", data=lambda world: {"is_sure": "on"}),
    Row("api_me", everyone(200, stranger=401)),
    Row("api_organization", everyone(200), where=ours),
    Row("organizations", signed_in(200)),
    Row("organizations", signed_in(DONE), method="POST", data=lambda world: {**FOUND, "id": new_id(world)}),
    Row("organizations", signed_in(400), method="POST", note="empty"),
    Row(
        "act_for", signed_in(403, viewer=DONE, trader=DONE, owner=DONE), method="POST",
        data=lambda world: {"handle": "ours"},
    ),
    Row("act_for", everyone(405)),
    Row("organization", members(200, 200, 200), where=ours),
    Row("organization_edit", members(200, 200, 200), where=ours),
    Row(
        "organization_edit", members(403, 403, DONE), where=ours, method="POST",
        data=lambda world: {
            "kinds": ["host", "miner"], "legal_name": "ours Ltd", "country": "KZ",
            "version": world.organization.version,
        },
    ),
    Row("organization_leave", members(DONE, DONE, 409), where=ours, method="POST"),
    Row(
        "member", members(403, 403, DONE), where=loose_member, method="POST",
        data=lambda world: {"role": "viewer", "was": "trader"},
    ),
    Row(
        "invite", members(403, 403, DONE), where=ours, method="POST",
        data=lambda world: {"email": "friend@example.org", "role": "viewer"},
    ),
    Row(
        "invitation_step", members(403, 403, DONE), method="POST",
        where=lambda world: {**ours(world), "pk": invited(world)[0].pk},
    ),
    Row("invitation", everyone(200), where=lambda world: {"token": invited(world)[1]}),
    Row("invitation", everyone(404), where=lambda world: {"token": "guessed"}, note="guessed"),
    Row(
        "invitation_accept", signed_in(403, mallory=DONE), method="POST",
        where=lambda world: {"token": invited(world, "mallory@example.org")[1]},
    ),
    Row("tokens", members(200, 200, 200), where=ours),
    Row(
        "tokens", members(403, 403, 200), where=ours, method="POST",
        data=lambda world: {"id": new_id(world), "name": "fleet system", "scopes": ["market:read"], **LASTS},
    ),
    Row("tokens", members(403, 403, 400), where=ours, method="POST", note="empty"),
    Row("token_revoke", members(403, 403, DONE), where=token, method="POST"),
    Row("licence_new", members(200, 200, 200), where=ours),
    Row(
        "licence_new", members(403, DONE, DONE), where=ours, method="POST",
        data=lambda world: {**LICENCE, "id": new_id(world)},
    ),
    Row("verification", members(200, 200, 200), where=ours),
    # It is verified already: there is nothing to submit.
    Row("verification", members(403, 403, 409), where=ours, method="POST"),
    Row("document_new", members(403, 400, 400), where=ours, method="POST", note="without a file"),
    Row(
        "document_step", members(403, 409, 409), method="POST",
        where=lambda world: {**ours(world), "pk": paper(world).pk}, note="of a verified organization",
    ),
    Row("document", members(200, 200, 200, staff=200), where=lambda world: {"pk": paper(world).pk}),
    # Under test mail goes nowhere, so there is no such page; test_mailbox.py has it with files.
    Row("mailbox", signed_in(404)),
]  # fmt: skip
