"""What waits for staff is counted, with the time since when the oldest waits."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.models import Event, OutboxMail
from accounts.services import documents, events, licences, mail, organizations
from hosting.models import MatchRun
from hosting.services import rulebook, waiting
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def queue(name, now=NOW):
    (found,) = (one for one in waiting.queues(now=now) if one.name == name)
    return found.count, found.since


def test_nothing_waits_in_an_empty_market_but_the_hashprice():
    assert {one.name for one in waiting.queues(now=NOW) if one.count} == {"rates"}


def test_an_organization_waits_since_it_was_submitted_also_when_taken_up(sam, mallory):
    made = factories.organization("host", by=mallory, is_verified=False)
    organizations.submit(organization=made, by=mallory, now=NOW)
    assert queue("organizations") == (1, NOW)
    organizations.take_up(organization=made, by=sam, now=NOW + HOUR)
    assert queue("organizations") == (1, NOW)
    organizations.approve(organization=made, by=sam, why="seen", now=NOW + HOUR)
    assert queue("organizations") == (0, None)


def test_a_suspension_that_one_wants_lifted_waits_for_the_second(sam, steppe):
    organizations.suspend(organization=steppe, by=sam, why="complaint", now=NOW)
    assert queue("lifts")[0] == 0
    organizations.propose_lift(organization=steppe, by=sam, why="explained", now=NOW + HOUR)
    assert queue("lifts")[0] == 1


def test_offers_licences_and_rules_wait_until_they_are_decided(sam, steppe, hanna):
    offer = factories.offer(factories.site(steppe), status="in_review", now=NOW - HOUR)
    assert queue("offers") == (1, NOW - HOUR)
    licences.add(organization=steppe, jurisdiction_code="KZ", type="kz-x", by=hanna, now=NOW)
    assert queue("licences") == (1, NOW)
    rule = {
        "jurisdiction": offer.site.jurisdiction,
        "subject": "host",
        "effect": "prohibit",
        "valid_from": TODAY,
        "title": "Stop",
        "confidence": "high",
    }
    made = rulebook.draft(values=rule, by=sam, now=NOW)
    assert (queue("rules_to_review"), queue("rules_to_publish")) == ((1, NOW), (0, None))
    rulebook.review(rule=made, by=sam, why="right", now=NOW + HOUR)
    assert (queue("rules_to_review"), queue("rules_to_publish")) == ((0, None), (1, NOW + HOUR))


def test_documents_wait(steppe, hanna, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = ContentFile(b"%PDF-1.7", name="a.pdf")
    documents.hand_in(organization=steppe, kind="power", file=paper, by=hanna, now=NOW)
    assert queue("documents") == (1, NOW)


def test_a_rate_waits_a_week_before_it_is_too_old(settings):
    settings.RATE_MAX_AGE = 35
    factories.rate("", on=TODAY - timedelta(28))
    assert queue("rates") == (0, None)
    tomorrow = NOW + timedelta(1)
    assert queue("rates", tomorrow) == (1, datetime(2026, 12, 14, tzinfo=UTC))
    factories.offer(terms={"currency": "KZT"})
    assert set(waiting.aging_rates(NOW)) == {"KZT"}
    factories.rate("KZT", on=TODAY)
    assert waiting.aging_rates(NOW) == {}


def test_failed_runs_wait_for_a_week():
    for age in (timedelta(0), timedelta(8)):
        MatchRun.objects.create(trigger="t", as_of=TODAY, state="failed", started_at=NOW - age)
    MatchRun.objects.create(trigger="t", as_of=TODAY, state="done", started_at=NOW)
    assert queue("runs") == (1, NOW)


def test_mail_that_was_tried_in_vain_waits():
    for _number in range(2):
        mail.queue(to="a@example.org", subject="Hello", text="x", now=NOW)
    assert queue("mail") == (0, None)
    OutboxMail.objects.filter(pk=OutboxMail.objects.first().pk).update(error="refused", attempts=2)
    assert queue("mail") == (1, NOW)
    OutboxMail.objects.update(sent_at=NOW)
    assert queue("mail") == (0, None)


def test_a_change_that_no_worker_took_waits(steppe):
    events.settle(marks=events.due(reader="matching"))
    events.settle(marks=events.due(reader="notices"))
    events.settle(marks=events.due(reader="webhooks"))
    events.changed(steppe, code="touched", at=NOW)
    readers = Event.objects.latest("pk").due.count()
    assert readers
    assert queue("unsettled", NOW + timedelta(minutes=9)) == (0, None)
    assert queue("unsettled", NOW + timedelta(minutes=11)) == (readers, NOW)
