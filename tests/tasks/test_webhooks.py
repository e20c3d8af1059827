"""From a change to a receiver: recorded, signed, sent over a real connection, verified there."""

import pytest
from standardwebhooks.webhooks import Webhook

from accounts.services import events
from hosting import tasks
from hosting.models import PartnerEvent, WebhookDelivery
from hosting.services import offers, webhooks
from tests import factories
from tests.factories import NOW
from tests.services.test_webhooks_sending import answering, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def _held_clock(monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)


@pytest.mark.usefixtures("_held_clock")
@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_paused_offer_reaches_a_receiver_on_this_machine_only_where_that_is_allowed(
    steppe, hanna, settings, is_allowed
):
    settings.WEBHOOKS_ALLOW_LOOPBACK = True
    offer = factories.offer(factories.site(steppe))
    tasks.tell_partners()
    with receiving(answering(204)) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/in"
        _made, secret = webhooks.create(
            organization=steppe, url=url, events=["offer.paused"], by=hanna, now=NOW
        )
        offers.pause(offer=offer, by=hanna, now=NOW)
        settings.WEBHOOKS_ALLOW_LOOPBACK = is_allowed
        tasks.tell_partners()
        tasks.send_webhooks()
    row = WebhookDelivery.objects.get()
    if not is_allowed:
        assert server.taken == []
        assert (row.status, row.tries[0]["error"]) == ("waiting", "not_https")
        return
    ((path, headers, body),) = server.taken
    sent = {name.lower(): value for name, value in headers.items()}
    assert path == "/in"
    assert row.status == "delivered"
    assert Webhook(secret).sign(sent["webhook-id"], NOW, body.decode()) == sent["webhook-signature"]
    assert str(offer.pk) in body.decode()


@pytest.mark.usefixtures("_held_clock")
def test_what_is_old_is_forgotten_by_the_clock():
    old = PartnerEvent.objects.create(type="rule.published", at=NOW, recorded_at=NOW.replace(year=2026))
    tasks.forget_webhooks()
    assert not PartnerEvent.objects.filter(pk=old.pk).exists()


def test_each_kind_of_subject_that_partners_hear_of_makes_a_mark_for_their_reader():
    for kind in ("capacityrequest", "interest", "matchlist", "offer", "regulationrule"):
        event = events.record(kind=f"hosting.{kind}", subject_id=factories.user().pk, code="x", at=NOW)
        assert event.due.filter(reader="webhooks").exists()
