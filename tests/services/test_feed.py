"""What partners are told: from Events, once, to those whom the table "who sees what" lets know."""

import json
from datetime import timedelta

import pytest

from accounts.models import Due
from accounts.services import events
from accounts.services.acting import STRANGER, Viewer
from hosting.models import CapacityRequest, Decliner, Mandate, PartnerEvent, WebhookDelivery
from hosting.services import feed, interests, matchruns, offers, requests, webhooks
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
BOTH = ("red-river", "steppe-power")


def record(now=NOW):
    return feed.record_due(clock=lambda: now)


@pytest.fixture
def pair(steppe, red_river):
    """A request of min's, anonymous, and an offer of hanna's; what came before is told."""
    factories.fact("KZ", "legal_status", "legal_licensed")
    offer = factories.offer(factories.site(steppe))
    request = factories.request(red_river, is_anonymous=True, max_price_usd="0.071234")
    record()
    PartnerEvent.objects.all().delete()
    return {"request": request, "offer": offer}


def told():
    """(type, handle of who is told or None) of everything recorded."""
    rows = PartnerEvent.objects.select_related("organization").order_by("recorded_at", "type")
    return {(row.type, row.organization and row.organization.handle) for row in rows}


def test_an_offer_that_is_listed_or_paused_is_public(steppe, hanna):
    offer = factories.offer(factories.site(steppe))
    record()
    assert ("offer.published", None) in told()
    offers.pause(offer=offer, by=hanna, now=NOW)
    record(LATER)
    assert ("offer.paused", None) in told()
    assert {row.data["offer"] for row in PartnerEvent.objects.all()} == {str(offer.pk)}


def test_an_offer_of_a_host_that_is_not_verified_is_told_to_the_host_alone(steppe, hanna):
    offer = factories.offer(factories.site(steppe))
    type(steppe).objects.filter(pk=steppe.pk).update(verification="expired")
    record()
    offers.pause(offer=offer, by=hanna, now=NOW)
    record(LATER)
    assert told() == {("offer.published", "steppe-power"), ("offer.paused", "steppe-power")}


def test_a_request_that_opens_and_closes_is_told_to_its_owner(red_river, min_):
    request = factories.request(red_river)
    record()
    assert told() == {("request.opened", "red-river")}
    requests.withdraw(request=request, by=min_, now=NOW)
    record()
    closed = PartnerEvent.objects.get(type="request.closed")
    assert closed.organization == red_river
    assert closed.data == {"request": str(request.pk), "status": "withdrawn"}


def test_a_draft_that_is_withdrawn_was_never_open(red_river, min_):
    request = factories.request(red_river, status="draft")
    requests.withdraw(request=request, by=min_, now=NOW)
    record()
    assert told() == set()


def test_a_list_that_changed_is_told_to_the_owner_of_the_request(pair, red_river):
    matchruns.match_due(now=NOW, clock=lambda: NOW)
    newer = factories.offer(terms={"energy_price": "0.050000"})
    matchruns.match_due(now=NOW, clock=lambda: NOW)
    record()
    row = PartnerEvent.objects.get(type="match_list.changed")
    assert row.organization == red_river
    assert row.data["request"] == str(pair["request"].pk)
    assert str(newer.pk) in row.data["entered"]


def test_a_broker_hears_of_what_it_runs_while_its_mandate_holds(red_river, min_):
    broker = factories.organization("broker", handle="go-between")
    mandate = Mandate.objects.create(
        broker=broker,
        miner=red_river,
        valid_from=factories.TODAY,
        valid_until=factories.TODAY + timedelta(days=1),
        created_at=NOW,
        updated_at=NOW,
    )
    request = factories.request(red_river)
    factories.request(red_river)
    CapacityRequest.objects.filter(pk=request.pk).update(mandate=mandate)
    record()
    opened = PartnerEvent.objects.filter(type="request.opened")
    assert [row.data["request"] for row in opened.filter(organization=broker)] == [str(request.pk)]
    assert opened.filter(organization=red_river).count() == 2
    requests.withdraw(request=request, by=min_, now=NOW + timedelta(days=1))
    record()
    closed = PartnerEvent.objects.filter(type="request.closed")
    assert [row.organization for row in closed] == [red_river]


def test_a_rule_that_is_published_is_public():
    rule = factories.rule("KZ", "prohibit")
    events.changed(rule, code="became_published", at=NOW, status_from="reviewed", status_to="published")
    record()
    row = PartnerEvent.objects.get()
    assert (row.type, row.organization) == ("rule.published", None)
    assert row.data == {"rule": str(rule.pk), "jurisdiction": "KZ"}


def test_a_shortlist_is_the_miners_own_and_interest_is_for_both(pair, min_, hanna):
    interests.shortlist(**pair, by=min_, now=NOW)
    record()
    assert told() == {("interest.shortlisted", "red-river")}
    interests.express(**pair, by=hanna, now=NOW)
    interests.take_back(**pair, by=hanna, now=NOW)
    interests.unlist(**pair, by=min_, now=NOW)
    record()
    assert told() == {
        ("interest.shortlisted", "red-river"),
        ("interest.unlisted", "red-river"),
        *((f"interest.{word}", who) for word in ("expressed", "taken_back") for who in BOTH),
    }


def test_a_no_reaches_the_other_side_only_where_it_had_acted(pair, min_, hanna):
    interests.decline(**pair, side=Decliner.MINER, reason="far", by=min_, now=NOW)
    record()
    assert told() == {("interest.declined", "red-river")}
    interests.undo_decline(**pair, side=Decliner.MINER, by=min_, now=NOW)
    record()
    assert told() == {("interest.declined", "red-river"), ("interest.decline_undone", "red-river")}
    PartnerEvent.objects.all().delete()
    interests.shortlist(**pair, by=min_, now=LATER)
    interests.decline(**pair, side=Decliner.HOST, reason="full", by=hanna, now=LATER)
    record()
    assert {who for what, who in told() if what == "interest.declined"} == set(BOTH)
    assert {row.data["side"] for row in PartnerEvent.objects.filter(type="interest.declined")} == {"host"}


def test_what_is_told_names_no_owner_no_ceiling_no_reason_and_no_person(pair, min_, hanna, red_river):
    webhooks.create(
        organization=pair["offer"].site.host,
        url="https://hooks.example/",
        events=["interest.expressed", "interest.declined"],
        by=hanna,
        now=NOW,
    )
    interests.express(**pair, by=hanna, now=NOW)
    interests.decline(**pair, side=Decliner.MINER, reason="too near to the sea", by=min_, now=NOW)
    matchruns.match_due(now=NOW, clock=lambda: NOW)
    record()
    said = json.dumps([row.data for row in PartnerEvent.objects.all()])
    assert PartnerEvent.objects.count() >= 3
    forbidden = ("red-river", str(red_river.pk), str(min_.pk), min_.email, "0.071234", "sea", "Red River")
    assert [word for word in forbidden if word in said] == []


def test_what_is_recorded_twice_is_there_once(pair, min_):
    interests.shortlist(**pair, by=min_, now=NOW)
    (mark,) = Due.objects.filter(reader=feed.READER)
    record()
    Due.objects.create(reader=feed.READER, event=mark.event)
    assert record() == 0
    assert PartnerEvent.objects.count() == 1
    assert not Due.objects.filter(reader=feed.READER).exists()


def test_an_event_that_cant_be_told_stays_due_and_holds_up_no_other(pair, min_, hanna, monkeypatch, caplog):
    interests.shortlist(**pair, by=min_, now=NOW)
    offers.pause(offer=pair["offer"], by=hanna, now=NOW)

    def broken(event):
        raise RuntimeError

    monkeypatch.setitem(feed.TELLERS, "hosting.interest", broken)
    assert record() == 1
    assert "could not be told to partners" in caplog.text
    monkeypatch.undo()
    assert record() == 1


def test_the_feed_shows_what_is_public_and_ones_own(pair, min_, hanna, steppe, red_river):
    interests.shortlist(**pair, by=min_, now=NOW)
    offers.pause(offer=pair["offer"], by=hanna, now=NOW)
    record()

    def seen(viewer, now=LATER):
        return {row.type for row in feed.readable(viewer=viewer, now=now)}

    assert seen(Viewer(user=min_, organization=red_river, role="owner")) == {
        "interest.shortlisted",
        "offer.paused",
    }
    assert seen(Viewer(user=hanna, organization=steppe, role="owner")) == {"offer.paused"}
    assert seen(STRANGER) == {"offer.paused"}


def test_the_feed_waits_until_nothing_older_can_come(pair, hanna):
    offers.pause(offer=pair["offer"], by=hanna, now=NOW)
    record()
    assert not feed.readable(viewer=STRANGER, now=NOW + feed.SETTLING).exists()
    assert feed.readable(viewer=STRANGER, now=NOW + feed.SETTLING + timedelta(seconds=1)).exists()


def test_what_is_older_than_thirty_days_is_forgotten_with_its_deliveries(pair, hanna, steppe):
    webhooks.create(
        organization=steppe, url="https://hooks.example/", events=["offer.paused"], by=hanna, now=NOW
    )
    offers.pause(offer=pair["offer"], by=hanna, now=NOW)
    record()
    assert WebhookDelivery.objects.count() == 1
    assert feed.forget(now=NOW + timedelta(days=30)) == 0
    assert feed.forget(now=NOW + timedelta(days=30, seconds=1)) == 1
    assert WebhookDelivery.objects.count() == 0
