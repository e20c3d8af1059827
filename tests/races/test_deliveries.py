"""Several workers at once: what partners are told is recorded once, and each message is sent once.

It counts on PostgreSQL only: SQLite lets one writer in at a time.
"""

import threading
from collections import Counter

import pytest
from django.db import connections

from hosting.adapters.webhooks import Fake
from hosting.models import DeliveryStatus, PartnerEvent, WebhookDelivery
from hosting.services import deliveries, feed, offers, webhooks
from tests import factories
from tests.factories import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql",
        reason="SQLite is exclusive for writers and hides a race; runs with DATABASE_URL=postgres://...",
    ),
]


def storm(work, threads=6):
    """Do the same from many threads at once."""
    together = threading.Barrier(threads)
    unexpected = []

    def one():
        try:
            together.wait()
            work()
        except Exception as error:  # noqa: BLE001 - whatever a thread meets must fail the test, not vanish
            unexpected.append(error)
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=one) for _number in range(threads)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert unexpected == []


def test_many_workers_record_each_event_once_and_send_each_message_once(steppe, hanna):
    for number in range(webhooks.MOST):
        url = f"https://hooks.example/{number}"
        webhooks.create(organization=steppe, url=url, events=["offer.published"], by=hanna, now=NOW)
    site = factories.site(steppe)
    listed = [factories.offer(site, phases=((500, factories.TODAY, None),)) for _number in range(4)]
    storm(lambda: feed.record_due(clock=lambda: NOW))
    assert PartnerEvent.objects.filter(type="offer.published").count() == len(listed)
    assert WebhookDelivery.objects.count() == len(listed) * webhooks.MOST
    sender = Fake()
    storm(lambda: deliveries.send_due(clock=lambda: NOW, sender=sender))
    sent = Counter((url, headers["webhook-id"]) for url, _body, headers in sender.sent)
    assert len(sent) == len(listed) * webhooks.MOST
    assert set(sent.values()) == {1}
    assert not WebhookDelivery.objects.exclude(status=DeliveryStatus.DELIVERED).exists()


def test_of_many_who_deliver_the_same_by_hand_one_does(steppe, hanna):
    made, _secret = webhooks.create(
        organization=steppe, url="https://hooks.example/", events=["offer.paused"], by=hanna, now=NOW
    )
    offer = factories.offer(factories.site(steppe))
    offers.pause(offer=offer, by=hanna, now=NOW)
    feed.record_due(clock=lambda: NOW)
    deliveries.drop(endpoint=made, now=NOW)
    row = WebhookDelivery.objects.get()
    refused = []

    def again():
        try:
            deliveries.redeliver(delivery=WebhookDelivery.objects.get(pk=row.pk), by=hanna, now=NOW)
        except deliveries.OnItsWay:
            refused.append(1)

    storm(again)
    assert len(refused) == 5
