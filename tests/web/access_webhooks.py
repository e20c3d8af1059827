"""Who may open the pages of webhooks, and call them over the API."""

from hosting.models import PartnerEvent, WebhookDelivery, WebhookEndpoint
from hosting.services import deliveries, webhooks
from tests import factories
from tests.web.access import DONE, LOGIN, Row, World, everyone

TYPES = ["offer.paused"]


def members(viewer, trader, owner):
    """A page of one organization: nobody else learns that it exists."""
    others = dict.fromkeys(("mallory", "foreign", "staff"), 404)
    return {"stranger": LOGIN, **others, "viewer": viewer, "trader": trader, "owner": owner}


def calls(viewer, trader, owner, foreign=404):
    """A call of the API: a token or a session of the organization."""
    return everyone(403, stranger=401, viewer=viewer, trader=trader, owner=owner, foreign=foreign)


def endpoint(world: World) -> WebhookEndpoint:
    made, _secret = webhooks.create(
        organization=world.organization,
        url="https://hooks.example/",
        events=TYPES,
        by=world.owner,
        now=factories.NOW,
    )
    return made


def sent(world: World) -> WebhookDelivery:
    """A delivery that has been given up."""
    made = endpoint(world)
    event = PartnerEvent.objects.create(type=TYPES[0], at=factories.NOW, recorded_at=factories.NOW)
    deliveries.queue(event=event, now=factories.NOW)
    deliveries.drop(endpoint=made, now=factories.NOW)
    return WebhookDelivery.objects.get()


def ours(world: World) -> dict:
    return {"handle": world.organization.handle}


def one(world: World) -> dict:
    return {**ours(world), "pk": endpoint(world).pk}


def step(name: str):
    return lambda world: {**one(world), "step": name}


def again(world: World) -> dict:
    row = sent(world)
    return {**ours(world), "pk": row.endpoint_id, "delivery_pk": row.pk}


def by_id(world: World) -> dict:
    return {"id": endpoint(world).pk}


def again_by_id(world: World) -> dict:
    row = sent(world)
    return {"id": row.endpoint_id, "delivery_id": row.pk}


def typed(world: World) -> dict:
    return {"url": "https://more.example/", "events": TYPES, "version": "1"}


def sent_as_json(world: World) -> dict:
    return {"url": "https://more.example/", "events": TYPES}


written = members(403, 403, DONE)

ROWS = [
    Row("webhooks", members(200, 200, 200), where=ours),
    Row("webhooks", members(403, 403, 200), where=ours, method="POST", data=typed),
    Row("webhooks", members(403, 403, 400), where=ours, method="POST", note="empty"),
    Row("webhook", members(200, 200, 200), where=one),
    Row("webhook", written, where=one, method="POST", data=typed),
    Row("webhook_step", members(403, 403, 200), where=step("rotate"), method="POST", data=typed),
    Row("webhook_step", written, where=step("disable"), method="POST", data=typed, note="disable"),
    Row("webhook_step", written, where=step("remove"), method="POST", data=typed, note="remove"),
    Row("webhook_step", members(403, 403, 409), where=step("remove"), method="POST", note="stale"),
    Row("webhook_step", members(403, 403, 404), where=step("burn"), method="POST", note="no such step"),
    Row("webhook_redeliver", written, where=again, method="POST"),
    Row("api_events", everyone(200, stranger=401)),
    Row("api_webhooks", calls(200, 200, 200, foreign=200)),
    Row("api_webhooks", calls(403, 403, 201, foreign=201), method="POST", data=sent_as_json),
    Row("api_webhook", calls(200, 200, 200), where=by_id),
    # The owner comes as far as the version, which these calls do not carry.
    Row("api_webhook_rotate", calls(403, 403, 400), where=by_id, method="POST"),
    Row("api_webhook_enable", calls(403, 403, 400), where=by_id, method="POST"),
    Row("api_webhook_disable", calls(403, 403, 400), where=by_id, method="POST"),
    Row("api_deliveries", calls(200, 200, 200), where=by_id),
    Row("api_redeliver", calls(403, 403, 202), where=again_by_id, method="POST"),
]
