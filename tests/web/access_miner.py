"""The miner's requests, and the host's view of everybody's."""

from hosting.models import Decliner
from hosting.services import interests
from tests import factories
from tests.web.access import DONE, Row, World, everyone, everyone_of_ours, new_id, only


def ours(status: str = "open"):
    return lambda world: {"pk": world.request(status).pk}


def a_step(step: str, status: str = "open"):
    return lambda world: {"pk": world.request(status).pk, "step": step}


def a_pair(world: World) -> dict:
    return {"pk": world.request().pk, "offer_pk": world.their_offer().pk}


def a_declined_pair(world: World) -> dict:
    request, offer = world.request(), world.their_offer()
    interests.decline(
        request=request, offer=offer, side=Decliner.MINER, reason="far", by=world.owner, now=factories.NOW
    )
    return {"pk": request.pk, "offer_pk": offer.pk}


def our_offer_and_their_request(world: World) -> dict:
    factories.fact("KZ", "legal_status", "legal_licensed")
    return {"pk": world.their_request().pk, "offer_pk": world.offer().pk}


def theirs(world: World) -> dict:
    return {"pk": world.their_request().pk}


def a_need(world: World) -> dict:
    return {
        **{name: str(value) for name, value in factories.NEED.items()},
        "by": "kw",
        "id": new_id(world),
        "expires_on": "2027-03-01",
        "save": "1",
        "version": "2",
    }


def version(number: int):
    return lambda world: {"version": str(number), "id": new_id(world)}


def mark(name: str, **more: str):
    return lambda world: {"mark": name, **more}


def theirs_to_answer(outcome):
    """Anybody acting for an organization opens it, but nobody their own."""
    return everyone_of_ours(outcome, foreign=404)


written = only(viewer=403, trader=DONE, owner=DONE)
# What one makes for oneself the other organization may make for itself.
made = only(viewer=403, trader=DONE, owner=DONE, foreign=DONE)

ROWS = [
    Row("my_requests", everyone_of_ours(200, foreign=200)),
    Row("request_new", everyone_of_ours(200, foreign=200)),
    Row("request_new", made, method="POST", data=a_need),
    Row("request", everyone_of_ours(200), where=ours()),
    Row("request", everyone_of_ours(200), where=ours("draft"), note="a draft"),
    Row("request_edit", everyone_of_ours(200), where=ours()),
    Row("request_edit", written, where=ours(), method="POST", data=a_need),
    Row("request_list_fragment", everyone_of_ours(204), where=ours()),
    Row("request_compare", everyone_of_ours(400), where=ours(), note="nothing ticked"),
    Row("request_csv", everyone_of_ours(200), where=ours()),
    Row("request_step", written, where=a_step("publish", "draft"), method="POST", data=version(1)),
    Row("request_step", written, where=a_step("withdraw"), method="POST", data=version(2)),
    Row("request_step", written, where=a_step("repost"), method="POST", data=version(2)),
    Row(
        "request_step",
        only(viewer=403, trader=404, owner=404),
        where=a_step("award"),
        method="POST",
        data=version(2),
        note="no such step",
    ),
    Row("request_step", everyone(405), where=a_step("publish"), note="by a link"),
    Row("pair", written, where=a_pair, method="POST", data=mark("shortlist")),
    Row("pair", written, where=a_pair, method="POST", data=mark("unlist"), note="unlist"),
    Row("pair", written, where=a_pair, method="POST", data=mark("decline", reason="far"), note="decline"),
    Row("pair", written, where=a_declined_pair, method="POST", data=mark("undo"), note="undo"),
    Row("fitting_requests", everyone_of_ours(200, foreign=200)),
    Row("fitting_request", theirs_to_answer(200), where=theirs),
    Row("interest", written, where=our_offer_and_their_request, method="POST", data=mark("interested")),
    Row(
        "interest",
        written,
        where=our_offer_and_their_request,
        method="POST",
        data=mark("take_back"),
        note="take back",
    ),
    Row(
        "interest",
        written,
        where=our_offer_and_their_request,
        method="POST",
        data=mark("decline", reason="far"),
        note="decline",
    ),
]
