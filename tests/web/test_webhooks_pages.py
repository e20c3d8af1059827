"""Webhooks on the organization's pages: added, changed, switched, looked into."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.adapters import sealing
from accounts.models import Notice
from accounts.services import notices
from hosting.models import PartnerEvent, WebhookDelivery, WebhookEndpoint
from hosting.services import deliveries
from tests.factories import NOW

pytestmark = pytest.mark.django_db

WHERE = {"handle": "steppe-power"}


@pytest.fixture(autouse=True)
def _held_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def owner(steppe, hanna):
    client = Client()
    client.force_login(hanna)
    return client


@pytest.fixture
def added(owner):
    """What the page says that made an endpoint."""
    typed = {"acting": "steppe-power", "url": "https://hooks.example/", "events": ["offer.paused"]}
    return owner.post(reverse("webhooks", kwargs=WHERE), typed)


def secret_on(answer):
    return re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode())


def at(name, **more):
    return reverse(name, kwargs={**WHERE, "pk": WebhookEndpoint.objects.get().pk, **more})


def post(client, page, **typed):
    return client.post(page, {"acting": "steppe-power", **typed})


def test_the_secret_is_on_the_page_that_made_it_and_on_no_other(owner, added):
    row = WebhookEndpoint.objects.get()
    assert secret_on(added) == [sealing.unseal(row.secret_sealed)]
    assert "no-store" in added["Cache-Control"]
    assert secret_on(owner.get(reverse("webhooks", kwargs=WHERE))) == []
    assert secret_on(owner.get(at("webhook"))) == []


def test_a_refused_address_stands_beside_its_field_and_what_was_typed_stays(owner):
    typed = {"url": "http://10.0.0.1/", "events": ["offer.paused"]}
    answer = post(owner, reverse("webhooks", kwargs=WHERE), **typed)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "The address has to begin with https://." in text
    assert 'value="http://10.0.0.1/"' in text
    assert not WebhookEndpoint.objects.exists()


def test_a_change_of_a_version_that_is_gone_is_refused(owner, added):
    typed = {"url": "https://new.example/", "events": ["rule.published"]}
    assert post(owner, at("webhook"), **typed, version="1").status_code == 302
    assert post(owner, at("webhook"), **typed, version="1").status_code == 409
    row = WebhookEndpoint.objects.get()
    assert (row.url, row.events, row.version) == ("https://new.example/", ["rule.published"], 2)


def test_a_new_secret_is_shown_once_and_the_form_below_is_of_the_new_version(owner, added):
    answer = post(owner, at("webhook_step", step="rotate"), version="1")
    row = WebhookEndpoint.objects.get()
    assert secret_on(answer) == [sealing.unseal(row.secret_sealed)]
    assert secret_on(answer) != secret_on(added)
    assert 'name="version" value="2"' in answer.content.decode()


def test_a_message_is_sent_again_from_the_log(owner, added):
    event = PartnerEvent.objects.create(type="offer.paused", at=NOW, recorded_at=NOW)
    deliveries.queue(event=event, now=NOW)
    row = WebhookDelivery.objects.get()
    again = at("webhook_redeliver", delivery_pk=row.pk)
    assert again not in owner.get(at("webhook")).content.decode()
    WebhookDelivery.objects.update(
        status="failed", tries=[{"status": None, "error": "timeout", "at": "", "ms": 1}]
    )
    text = owner.get(at("webhook")).content.decode()
    assert again in text
    assert "timeout" in text
    assert post(owner, again).status_code == 302
    row.refresh_from_db()
    assert row.status == "waiting"


def test_on_off_and_away(owner, added):
    post(owner, at("webhook_step", step="disable"), version="1")
    assert WebhookEndpoint.objects.get().status == "off"
    post(owner, at("webhook_step", step="enable"), version="2")
    assert WebhookEndpoint.objects.get().status == "active"
    assert post(owner, at("webhook_step", step="remove"), version="3").status_code == 302
    assert not WebhookEndpoint.objects.exists()


def test_a_viewer_sees_the_log_and_no_buttons(added, steppe, hanna, mina):
    steppe.memberships.create(user=mina, role="viewer", created_at=NOW)
    client = Client()
    client.force_login(mina)
    text = client.get(at("webhook")).content.decode()
    assert "hooks.example" in text
    assert "webhooks/" in text
    assert "rotate" not in text
    assert "remove" not in text


def test_the_notice_of_a_webhook_that_fails_leads_to_the_webhooks(owner, added, hanna, steppe):
    params = {"webhook": "x", "url": "https://hooks.example/", "status": "failing"}
    notices.tell(
        recipients=[hanna], organization=steppe, code="webhook_failing", about="w", params=params, now=NOW
    )
    answer = owner.get(reverse("notice", args=[Notice.objects.get(code="webhook_failing").pk]))
    assert answer.headers["Location"] == reverse("webhooks", kwargs=WHERE)


@pytest.mark.parametrize("count", [2, 30])
def test_the_log_takes_a_fixed_number_of_queries(owner, added, count, django_assert_max_num_queries):
    for _number in range(count):
        event = PartnerEvent.objects.create(type="offer.paused", at=NOW, recorded_at=NOW)
        deliveries.queue(event=event, now=NOW)
    owner.get(at("webhook"))
    with django_assert_max_num_queries(12):
        owner.get(at("webhook"))
