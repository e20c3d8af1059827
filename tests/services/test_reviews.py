"""Staff's decisions on offers: each from the right status, with a reason, by somebody who may."""

import pytest

from accounts.models import Event
from accounts.services import lifecycle, organizations
from accounts.services.errors import Invalid
from hosting.models import OfferStatus
from hosting.services import capacity, offers, reviews
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
# decision: (from, to)
DECISIONS = {
    "approve": ("in_review", "published"),
    "request_changes": ("in_review", "changes_requested"),
    "reject": ("in_review", "rejected"),
    "suspend": ("published", "suspended"),
}
WRONG = [
    (name, status)
    for name in (*DECISIONS, "lift")
    for status in ("draft", "in_review", "published")
    if DECISIONS.get(name, ("suspended",))[0] != status
]


def decide(name, offer, by, why="because", **more):
    getattr(reviews, name)(offer=offer, by=by, why=why, now=NOW, **more)


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_moves_the_offer_and_keeps_its_reason(sam, name):
    before, after = DECISIONS[name]
    offer = factories.offer(status=before)
    decide(name, offer, sam, why="the meter was seen")
    assert offer.status == after
    event = Event.objects.filter(subject_id=offer.pk).latest("pk")
    assert (event.code, event.why, event.by) == (f"became_{after}", "the meter was seen", sam.pk)


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_needs_a_reason_staff_and_the_version_that_was_seen(sam, hanna, name):
    offer = factories.offer(status=DECISIONS[name][0])
    with pytest.raises(Invalid):
        decide(name, offer, sam, why="  ")
    with pytest.raises(reviews.NotStaff):
        decide(name, offer, hanna)
    with pytest.raises(lifecycle.Stale):
        decide(name, offer, sam, version=offer.version - 1)
    offer.refresh_from_db()
    assert offer.status == DECISIONS[name][0]


@pytest.mark.parametrize(("name", "status"), WRONG)
def test_a_decision_from_the_wrong_status_changes_nothing(sam, name, status):
    offer = factories.offer(status=status)
    with pytest.raises(lifecycle.NoSuchMove):
        decide(name, offer, sam)
    offer.refresh_from_db()
    assert offer.status == status


def test_nobody_reviews_what_their_own_organization_sent_in(sam):
    host = factories.organization("host")
    organizations.join(organization=host, user=sam, role="viewer", by=None, now=NOW)
    offer = factories.offer(factories.site(host), status="in_review")
    with pytest.raises(reviews.OfMyOwn):
        decide("approve", offer, sam)


@pytest.mark.parametrize("status", ["published", "paused"])
def test_a_suspended_offer_becomes_what_it_was(sam, hanna, status):
    offer = factories.offer()
    if status == "paused":
        offers.pause(offer=offer, by=hanna, now=NOW)
    decide("suspend", offer, sam)
    decide("lift", offer, sam)
    assert (offer.status, offer.status_before_suspension) == (status, "")


def test_a_suspension_is_not_lifted_where_publishing_would_be_refused(sam):
    offer = factories.offer()
    decide("suspend", offer, sam)
    factories.offer(offer.site, phases=[(46_000, TODAY, None)])
    with pytest.raises(capacity.SiteTooSmall):
        decide("lift", offer, sam)
    organizations.suspend(organization=offer.site.host, by=sam, why="court", now=NOW)
    offer.refresh_from_db()
    with pytest.raises(offers.HostNotVerified):
        decide("lift", offer, sam)
    offer.refresh_from_db()
    assert offer.status == "suspended"


@pytest.mark.parametrize("name", ["request_changes", "reject"])
def test_what_was_sent_back_is_drafted_and_submitted_again(sam, hanna, name):
    offer = factories.offer(status="in_review")
    decide(name, offer, sam)
    offers.redraft(offer=offer, by=hanna, now=NOW)
    offers.submit(offer=offer, by=hanna, now=NOW)
    decide("approve", offer, sam)
    assert offer.status == OfferStatus.PUBLISHED
