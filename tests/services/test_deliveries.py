"""Deliveries: tried on the published schedule until they arrive; the owner hears when they do not."""

import json
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from accounts.models import Notice
from hosting.adapters.webhooks import Answer, Fake
from hosting.models import DeliveryStatus, EndpointStatus, PartnerEvent, WebhookDelivery
from hosting.services import deliveries, newswords, webhooks
from tests.factories import NOW

pytestmark = pytest.mark.django_db

REFUSED = Answer(None, "unreachable", 3)


@pytest.fixture(autouse=True)
def _no_scatter(monkeypatch):
    monkeypatch.setattr(deliveries, "JITTER", 0)


@pytest.fixture
def made(steppe, hanna):
    """An endpoint of hanna's and its secret."""
    return endpoint(steppe, hanna)


def endpoint(organization, by, url="https://hooks.example/", types=("offer.paused",)):
    return webhooks.create(organization=organization, url=url, events=types, by=by, now=NOW)


def event(organization=None, **fields):
    values = {"type": "offer.paused", "at": NOW, "recorded_at": NOW, "data": {"offer": "x"}, **fields}
    told = PartnerEvent.objects.create(organization=organization, **values)
    deliveries.queue(event=told, now=NOW)
    return told


def send(sender, now=NOW):
    return deliveries.send_due(clock=lambda: now, sender=sender)


def fail_until_the_end(sender, now=NOW):
    """Ten tries that fail, each when it is due; gives the times of the tries."""
    times = []
    for _number in range(20):
        waiting = WebhookDelivery.objects.filter(status=DeliveryStatus.WAITING).first()
        if waiting is None:
            return times
        now = max(now, waiting.next_try_at)
        sender.answers.append(Answer(500))
        send(sender, now)
        times.append(now)
    raise AssertionError("it is tried forever")


def test_an_event_goes_to_whoever_wants_it_and_may_know_it(steppe, red_river, hanna, min_):
    own, _secret = endpoint(steppe, hanna)
    endpoint(steppe, hanna, url="https://other.example/", types=["offer.published"])
    theirs, _secret = endpoint(red_river, min_)
    event(organization=steppe)
    assert [row.endpoint for row in WebhookDelivery.objects.all()] == [own]
    event()
    assert {row.endpoint for row in WebhookDelivery.objects.filter(event__organization=None)} == {own, theirs}


def test_what_is_sent_is_signed_and_says_type_time_and_data(made):
    _endpoint, secret = made
    told, sender = event(), Fake()
    assert send(sender) == 1
    ((url, body, headers),) = sender.sent
    assert url == "https://hooks.example/"
    assert headers == {
        "webhook-id": str(told.pk),
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": Webhook(secret).sign(str(told.pk), NOW, body.decode()),
    }
    assert json.loads(body) == {
        "type": "offer.paused",
        "timestamp": "2027-01-11T09:00:00Z",
        "data": {"offer": "x"},
    }


def test_two_secrets_sign_for_a_day_after_one_was_replaced(made, hanna):
    point, old = made
    new = webhooks.rotate(endpoint=point, version=point.version, by=hanna, now=NOW)
    sender = Fake()
    event()
    send(sender, NOW)
    event()
    send(sender, NOW + webhooks.GRACE)
    (_, body, both), (_, _, one) = sender.sent
    assert len(both["webhook-signature"].split()) == 2
    assert len(one["webhook-signature"].split()) == 1
    for secret in (old, new):
        signed = Webhook(secret).sign(both["webhook-id"], NOW, body.decode())
        assert signed in both["webhook-signature"].split()
    assert Webhook(old).sign(one["webhook-id"], NOW + webhooks.GRACE, body.decode()) not in one.values()


def test_what_arrived_is_not_sent_again(made):
    event()
    sender = Fake()
    assert (send(sender), send(sender, NOW + timedelta(days=4))) == (1, 0)
    row = WebhookDelivery.objects.get()
    assert (row.status, row.delivered_at, len(row.tries)) == ("delivered", NOW, 1)


def test_ten_tries_follow_the_published_schedule_over_75_hours(made):
    event()
    times = fail_until_the_end(Fake())
    waits = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert waits == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
    ]
    assert timedelta(hours=75) < times[-1] - times[0] < timedelta(hours=76)
    row = WebhookDelivery.objects.get()
    assert (row.status, len(row.tries)) == ("failed", 10)
    assert {one["status"] for one in row.tries} == {500}


def test_waits_are_scattered_by_a_tenth(monkeypatch):
    monkeypatch.setattr(deliveries, "JITTER", 0.1)
    waits = {deliveries.wait_after(4) for _number in range(50)}
    assert len(waits) > 10
    assert all(timedelta(minutes=107) < wait < timedelta(minutes=133) for wait in waits)


def test_after_the_last_try_the_endpoint_is_failing_and_its_owners_are_told_once(made, hanna, steppe):
    point, _secret = made
    event()
    fail_until_the_end(Fake())
    point.refresh_from_db()
    assert point.status == EndpointStatus.FAILING
    notice = Notice.objects.get(code="webhook_failing")
    assert (notice.recipient, notice.organization, notice.mail) == (hanna, steppe, "waiting")
    assert newswords.say([notice])[0].title == "Your webhook https://hooks.example/ fails"
    event()
    fail_until_the_end(Fake(), NOW + timedelta(days=5))
    assert Notice.objects.filter(code="webhook_failing").count() == 1


def test_a_failing_endpoint_is_tried_on_and_is_active_again_when_something_arrives(made):
    point, _secret = made
    event()
    fail_until_the_end(Fake())
    event()
    assert send(Fake(), NOW + timedelta(days=5)) == 1
    point.refresh_from_db()
    assert point.status == EndpointStatus.ACTIVE


def test_410_switches_the_endpoint_off_and_gives_up_what_waits(made, hanna):
    point, _secret = made
    event()
    event()
    send(Fake([Answer(410)]))
    point.refresh_from_db()
    assert point.status == EndpointStatus.OFF
    assert {row.status for row in WebhookDelivery.objects.all()} == {"failed"}
    notice = Notice.objects.get(code="webhook_failing", recipient=hanna)
    assert "switched off" in newswords.say([notice])[0].title
    event()
    assert WebhookDelivery.objects.count() == 2


@pytest.mark.parametrize("answer", [Answer(301), Answer(404), Answer(429), Answer(503), REFUSED])
def test_whatever_is_not_2xx_is_tried_again(made, answer):
    event()
    assert send(Fake([answer])) == 0
    row = WebhookDelivery.objects.get()
    assert (row.status, row.next_try_at) == ("waiting", NOW + timedelta(seconds=5))
    assert row.tries[0]["status"] == answer.status
    assert send(Fake(), NOW + timedelta(seconds=5)) == 1


def test_one_that_hangs_gets_no_other_message_for_a_moment_and_holds_up_nobody_else(made, red_river, min_):
    endpoint(red_river, min_, url="https://well.example/")
    for _number in range(3):
        event()

    class HalfDead(Fake):
        def send(self, *, url, body, headers):
            super().send(url=url, body=body, headers=headers)
            return REFUSED if "hooks" in url else Answer(204)

    sender = HalfDead()
    assert send(sender) == 3
    assert [url for url, _body, _headers in sender.sent].count("https://hooks.example/") == 1
    sender.sent.clear()
    send(sender, NOW + deliveries.REST)
    # The one that was tried keeps to its schedule; of the two others one is tried, and it rests again.
    assert len(sender.sent) == 2


def test_a_worker_that_dies_with_a_message_leaves_it_for_the_length_of_the_lease(made):
    event()

    class Dying(Fake):
        def send(self, **given):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(Dying())
    assert send(Fake(), NOW + timedelta(seconds=10)) == 0
    assert send(Fake(), NOW + deliveries.LEASE) == 1


def test_two_workers_do_not_take_the_same_message(made):
    event()
    sender = Fake()
    assert len(deliveries._claim(NOW)) == 1
    assert send(sender) == 0
    assert sender.sent == []


def test_a_delivery_is_begun_anew_by_hand_with_the_same_message(made, hanna):
    told = event()
    sender = Fake()
    fail_until_the_end(sender)
    row = WebhookDelivery.objects.get()
    later = NOW + timedelta(days=6)
    deliveries.redeliver(delivery=row, by=hanna, now=later)
    with pytest.raises(deliveries.OnItsWay):
        deliveries.redeliver(delivery=row, by=hanna, now=later)
    assert send(sender, later) == 1
    assert {headers["webhook-id"] for _url, _body, headers in sender.sent} == {str(told.pk)}
    assert len({body for _url, body, _headers in sender.sent}) == 1
    row.refresh_from_db()
    assert (row.status, len(row.tries)) == ("delivered", 11)


def test_nothing_is_delivered_by_hand_to_an_endpoint_that_is_off(made, hanna):
    point, _secret = made
    event()
    send(Fake([Answer(410)]))
    with pytest.raises(deliveries.EndpointIsOff):
        deliveries.redeliver(delivery=WebhookDelivery.objects.get(), by=hanna, now=NOW)


def test_the_log_keeps_what_came_back_and_never_what_it_said(made):
    event()
    send(Fake([Answer(500, "", 12)]))
    assert WebhookDelivery.objects.get().tries == [
        {"at": "2027-01-11T09:00:00Z", "status": 500, "error": "status", "ms": 12}
    ]


def test_without_its_key_a_secret_is_unreadable_and_nothing_is_sent_unsigned(made, settings):
    event()
    settings.SECRET_KEY = "another-one"
    sender = Fake()
    send(sender)
    assert sender.sent == []
    assert WebhookDelivery.objects.get().tries[0]["error"] == "unreadable_secret"


def test_the_same_event_has_the_same_text_on_every_try(made):
    told = event(data={"b": 1, "a": "ä"})
    assert deliveries.body_of(told) == deliveries.body_of(PartnerEvent.objects.get())
    assert json.loads(deliveries.body_of(told))["data"] == {"a": "ä", "b": 1}
