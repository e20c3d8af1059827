"""The public market, the API that everybody reads, and the notices of a person."""

from accounts.models import Notice
from accounts.services import notices
from tests import factories
from tests.web.access import DONE, LOGIN, Outcome, Row, World, everyone, signed_in


def own_and_staff(outcome: Outcome) -> dict[str, Outcome]:
    """Ours and staff see it; for all others it is not there."""
    return everyone(404, viewer=outcome, trader=outcome, owner=outcome, staff=outcome)


def a_place(world: World) -> dict:
    factories.fact("KZ", "legal_status", "legal_licensed")
    return {"code": "KZ"}


def a_notice(world: World) -> dict:
    """A line that the owner was told as a member; it is nobody else's, not even their colleague's."""
    notices.tell(
        recipients=[world.owner],
        organization=world.organization,
        code="test",
        about="access",
        now=factories.NOW,
    )
    return {"pk": Notice.objects.get(about="access").pk}


def an_id(world: World) -> dict:
    return {"id": world.offer().pk}


def a_draft(world: World) -> dict:
    return {"id": world.offer("draft").pk}


def an_unlisted_site(world: World) -> dict:
    return {"id": world.offer("draft").site_id}


def choices(world: World) -> dict:
    return {"interest_expressed": "daily", "time_zone": "UTC", "language": "en"}


ROWS = [
    Row("healthz", everyone(200)),
    Row("readyz", everyone(200)),
    Row("home", everyone(200)),
    Row("find", everyone(200)),
    Row("hotels", everyone(200)),
    Row("hotel", everyone(200), where=lambda world: {"pk": world.offer().pk}),
    Row("hotel", own_and_staff(200), where=lambda world: {"pk": world.offer("draft").pk}, note="a draft"),
    Row("places", everyone(200)),
    Row("place", everyone(200), where=a_place),
    Row("notices", signed_in(200)),
    Row("notices_read", signed_in(DONE), method="POST"),
    Row("notices_read", everyone(405), note="by a link"),
    Row("notice", everyone(404, stranger=LOGIN, owner=DONE), where=a_notice),
    Row("notice_settings", signed_in(200)),
    Row("notice_settings", signed_in(DONE), method="POST", data=choices),
    Row("api_jurisdictions", everyone(200)),
    Row("api_jurisdiction", everyone(200), where=a_place),
    Row("api_regulation_events", everyone(200)),
    Row("api_machines", everyone(200)),
    Row("api_rates", everyone(200)),
    Row("api_sites", everyone(200)),
    Row("api_site", everyone(200), where=lambda world: {"id": world.offer().site_id}),
    Row(
        "api_site",
        own_and_staff(200),
        where=lambda world: {"id": world.offer("draft").site_id},
        note="unlisted",
    ),
    Row("api_offers", everyone(200)),
    Row("api_offer", everyone(200), where=an_id),
    Row("api_offer", own_and_staff(200), where=a_draft, note="a draft"),
    Row("api_matches_preview", everyone(200), method="POST", data=lambda world: dict(factories.NEED)),
    Row("api_schema", everyone(200)),
    Row("api_docs", everyone(200)),
    Row("/api/v1/nothing-here/", everyone(404)),
]
