"""Staff decides in the admin: an action of a list, a reason, and the version that was seen."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import Event
from hosting.models import Offer, SiteReview, TermsReview
from hosting.services import sites, terms
from tests import factories
from tests.factories import NOW, TERMS

pytestmark = pytest.mark.django_db
OFFERS = "/admin/hosting/offer/"


@pytest.fixture(autouse=True)
def _held_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def decide(client, address, action, *rows, why="the meter was seen", **more):
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows], "why": why, "decide": "1"}
    data |= {f"version_{row.pk}": str(row.version) for row in rows}
    return client.post(address, {**data, **more}, follow=True)


def test_an_action_asks_for_a_reason_and_changes_nothing_yet(sam):
    offer = factories.offer(status="in_review")
    answer = browser(sam).post(OFFERS, {"action": "approve", "_selected_action": [str(offer.pk)]})
    page = answer.content.decode()
    assert "Reason; the host reads it:" in page
    assert f'name="version_{offer.pk}" value="{offer.version}"' in page
    offer.refresh_from_db()
    assert offer.status == "in_review"


def test_without_a_reason_it_asks_again(sam):
    offer = factories.offer(status="in_review")
    answer = decide(browser(sam), OFFERS, "reject", offer, why=" ")
    assert answer.status_code == 400
    assert "Give a reason" in answer.content.decode()
    offer.refresh_from_db()
    assert offer.status == "in_review"


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [
        ("in_review", "approve", "published"),
        ("in_review", "request_changes", "changes_requested"),
        ("in_review", "reject", "rejected"),
        ("published", "suspend", "suspended"),
    ],
)
def test_a_decision_is_taken_on_each_chosen_row(sam, before, action, after):
    chosen = [factories.offer(status=before) for _number in range(2)]
    decide(browser(sam), OFFERS, action, *chosen)
    for offer in chosen:
        offer.refresh_from_db()
        event = Event.objects.filter(subject_id=offer.pk).latest("pk")
        assert (offer.status, event.why, event.by) == (after, "the meter was seen", sam.pk)


def test_a_suspension_is_lifted(sam, sara):
    offer = factories.offer()
    decide(browser(sam), OFFERS, "suspend", offer)
    offer.refresh_from_db()
    decide(browser(sara), OFFERS, "lift", offer)
    offer.refresh_from_db()
    assert offer.status == "published"


def test_what_changed_since_it_was_seen_is_not_decided(sam):
    offer = factories.offer(status="in_review")
    answer = decide(browser(sam), OFFERS, "approve", offer, **{f"version_{offer.pk}": "1"})
    assert "Somebody changed this since you opened it." in answer.content.decode()
    offer.refresh_from_db()
    assert offer.status == "in_review"


def test_a_refusal_of_one_row_is_told_and_the_other_row_is_decided(sam):
    good, bad = factories.offer(status="in_review"), factories.offer(status="draft")
    answer = decide(browser(sam), OFFERS, "approve", good, bad)
    assert [Offer.objects.get(pk=one.pk).status for one in (good, bad)] == ["published", "draft"]
    # An apostrophe is written as an entity.
    assert "It is draft now, so it can" in answer.content.decode()


def test_whoever_may_only_look_decides_nothing(db):
    person = factories.user(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_offer"))
    offer = factories.offer(status="in_review")
    page = browser(person).get(OFFERS).content.decode()
    assert "Approve: list the offer" not in page
    decide(browser(person), OFFERS, "approve", offer)
    offer.refresh_from_db()
    assert offer.status == "in_review"


@pytest.mark.parametrize(
    ("action", "number", "state"), [("approve", 2, "approved"), ("reject", 1, "rejected")]
)
def test_a_version_that_waits_is_decided(sam, hanna, action, number, state):
    offer = factories.offer()
    changed = {**TERMS, "price_model": "pass_through", "passthrough_estimate": Decimal("0.03")}
    terms.write(offer=offer, terms=changed, by=hanna, now=NOW)
    review = TermsReview.objects.get()
    client = browser(sam)
    assert "passthrough_estimate" in client.get("/admin/hosting/termsreview/").content.decode()
    decide(client, "/admin/hosting/termsreview/", action, review)
    review.refresh_from_db()
    assert (Offer.objects.get().in_force.terms.number, review.state) == (number, state)


@pytest.mark.parametrize(("action", "total_kw"), [("approve", 60_000), ("reject", 50_000)])
def test_a_change_of_a_site_is_decided(sam, hanna, steppe, action, total_kw):
    site = factories.site(steppe)
    factories.offer(site)
    sites.change(site=site, values={"total_kw": 60_000}, version=1, by=hanna, now=NOW)
    client = browser(sam)
    assert "50000 → 60000" in client.get("/admin/hosting/sitereview/").content.decode()
    decide(client, "/admin/hosting/sitereview/", action, SiteReview.objects.get())
    site.refresh_from_db()
    assert site.total_kw == total_kw
