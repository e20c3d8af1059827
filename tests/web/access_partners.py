"""Who may write the market over the API, and who may say that a broker acts."""

from datetime import timedelta

from hosting.models import CapacityRequest, Interest, Mandate, Offer, Site
from hosting.services import interests, mandates
from tests import factories
from tests.api.writing import OFFER, REQUEST, SITE
from tests.web.access import DONE, LOGIN, Row, World, everyone

# A row of the world, made in `where`, is the only one of its kind when `data` asks for its version.
VERSIONED = {"offer": Offer, "site": Site, "request": CapacityRequest, "interest": Interest}


def calls(viewer, trader, owner, *, foreign=404, staff=403):
    """A call of the API that writes: strangers and who acts for nobody come nowhere."""
    return everyone(
        403, stranger=401, viewer=viewer, trader=trader, owner=owner, foreign=foreign, staff=staff
    )


def reads(ours, *, foreign=404, staff=200, mallory=404):
    """Something of an organization's own, read by its members."""
    return everyone(ours, stranger=401, mallory=mallory, foreign=foreign, staff=staff)


def seen(kind: str, **sent):
    """What is sent, about the version there is."""
    return lambda world: {"If-Match": VERSIONED[kind].objects.get().version, **sent}


def a_site(world: World) -> dict:
    return {"id": world.site.pk}


def an_offer(status: str):
    return lambda world: {"id": world.offer(status).pk}


def a_rejected_offer(world: World) -> dict:
    offer = world.offer("in_review")
    Offer.objects.filter(pk=offer.pk).update(status="rejected")
    return {"id": offer.pk}


def a_paused_offer(world: World) -> dict:
    offer = world.offer()
    Offer.objects.filter(pk=offer.pk).update(status="paused")
    return {"id": offer.pk}


def a_request(status: str):
    return lambda world: {"id": world.request(status).pk}


def a_new_site(world: World) -> dict:
    factories.jurisdiction("KZ")
    return dict(SITE)


def a_new_offer(world: World) -> dict:
    return {**OFFER, "site": str(world.site.pk)}


def an_interest(world: World) -> dict:
    """Ours in an offer of theirs."""
    interests.shortlist(request=world.request(), offer=world.their_offer(), by=world.owner, now=factories.NOW)
    return {"id": Interest.objects.get().pk}


def a_known_interest(world: World) -> dict:
    """Ours in an offer of theirs, and they have said that they are interested."""
    found = an_interest(world)
    Interest.objects.update(interested_at=factories.NOW)
    return found


def an_answer(world: World) -> dict:
    """Of our offer to their request: we are the host."""
    request, offer = world.their_request(), world.offer()
    interests.express(request=request, offer=offer, by=world.owner, now=factories.NOW)
    return {"id": Interest.objects.get().pk}


def a_fitting_answer(world: World) -> dict:
    factories.fact("KZ", "legal_status", "legal_licensed")
    return an_answer(world)


def a_declined(world: World) -> dict:
    request, offer = world.request(), world.their_offer()
    interests.decline(
        request=request, offer=offer, side="miner", reason="far", by=world.owner, now=factories.NOW
    )
    return {"id": Interest.objects.get().pk}


def a_pair(world: World) -> dict:
    return {"request": str(world.request().pk), "offer": str(world.their_offer().pk)}


def ours(world: World) -> dict:
    return {"handle": world.organization.handle}


def members(viewer, trader, owner):
    """A page of one organization: nobody else learns that it exists."""
    others = dict.fromkeys(("mallory", "foreign", "staff"), 404)
    return {"stranger": LOGIN, **others, "viewer": viewer, "trader": trader, "owner": owner}


def a_mandate(world: World) -> dict:
    factories.organization("broker", handle="the-broker")
    mandates.grant(
        miner=world.organization,
        broker="the-broker",
        valid_from=factories.TODAY,
        valid_until=factories.TODAY + timedelta(days=30),
        by=world.owner,
        now=factories.NOW,
    )
    return {**ours(world), "pk": Mandate.objects.get().pk}


def a_grant(world: World) -> dict:
    factories.organization("broker", handle="the-broker")
    return {
        "id": "7b0e1e5e-3a5d-4d0c-9d64-0f1a3f0f7f11",
        "broker": "the-broker",
        "valid_from": "2027-01-11",
        "valid_until": "2027-06-30",
    }


written = calls(403, 200, 200)
PATCH, POST = "PATCH", "POST"

ROWS = [
    Row("api_sites", calls(403, 201, 201, foreign=201), method=POST, data=a_new_site),
    Row("api_site", written, where=a_site, method=PATCH, data=seen("site", grid="220 kV")),
    Row("api_offers", calls(403, 201, 201, foreign=400), method=POST, data=a_new_offer),
    Row("api_offer", written, where=an_offer("draft"), method=PATCH, data=seen("offer", uptime="98")),
    Row("api_offer_submit", written, where=an_offer("draft"), method=POST, data=seen("offer")),
    Row("api_offer_draft", written, where=a_rejected_offer, method=POST, data=seen("offer")),
    Row("api_offer_pause", written, where=an_offer("published"), method=POST, data=seen("offer")),
    Row("api_offer_resume", written, where=a_paused_offer, method=POST, data=seen("offer")),
    Row("api_offer_withdraw", written, where=an_offer("draft"), method=POST, data=seen("offer")),
    Row("api_requests", everyone(200)),
    Row("api_requests", calls(403, 201, 201, foreign=201), method=POST, data=lambda world: dict(REQUEST)),
    Row("api_request", everyone(200), where=a_request("open")),
    Row("api_request", reads(200) | {"stranger": 404}, where=a_request("draft"), note="a draft"),
    Row("api_request", written, where=a_request("open"), method=PATCH, data=seen("request", term_months=6)),
    Row("api_request_publish", written, where=a_request("draft"), method=POST, data=seen("request")),
    Row("api_request_withdraw", written, where=a_request("open"), method=POST, data=seen("request")),
    Row("api_request_matches", reads(200), where=a_request("open")),
    Row("api_interests", reads(200, foreign=200, mallory=200)),
    Row("api_interests", calls(403, 201, 201, foreign=201), method=POST, data=a_pair),
    Row("api_interest", reads(200), where=an_interest),
    Row("api_interest", reads(200, foreign=200), where=a_known_interest, note="that both know of"),
    Row("api_interest_shortlist", written, where=an_interest, method=POST, data=seen("interest")),
    Row("api_interest_unlist", written, where=an_interest, method=POST, data=seen("interest")),
    Row(
        "api_interest_express", calls(403, 200, 200, foreign=403), where=a_fitting_answer, method=POST,
        data=seen("interest"),
    ),
    Row(
        "api_interest_take_back", calls(403, 200, 200, foreign=403), where=an_answer, method=POST,
        data=seen("interest"),
    ),
    Row(
        "api_interest_decline", calls(403, 200, 200, foreign=200), where=an_answer, method=POST,
        data=seen("interest", reason="far"),
    ),
    Row("api_interest_undo_decline", written, where=a_declined, method=POST, data=seen("interest")),
    Row("mandates", members(200, 200, 200), where=ours),
    Row("mandates", members(403, 403, DONE), where=ours, method=POST, data=a_grant),
    Row("mandates", members(403, 403, 400), where=ours, method=POST, note="empty"),
    Row("mandate_end", members(403, 403, DONE), where=a_mandate, method=POST),
]  # fmt: skip
