"""Offers: what is published, by whom, where; versions of terms."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.services import lifecycle, organizations
from accounts.services.errors import Invalid
from hosting.models import OfferTerms
from hosting.services import capacity, offers, trust
from tests import factories
from tests.factories import NOW, TERMS

pytestmark = pytest.mark.django_db


def publish(offer, now=NOW):
    offers.publish(offer=offer, by=factories.user(is_staff=True), why="seen", now=now)


def test_an_offer_of_an_unverified_host_is_not_published():
    host = factories.organization("host", is_verified=False)
    offer = factories.offer(factories.site(host), status="in_review")
    with pytest.raises(offers.HostNotVerified):
        publish(offer)
    offer.refresh_from_db()
    assert offer.status == "in_review"


@pytest.mark.parametrize("code", ["IR", "IR-07"])
def test_nothing_is_published_under_comprehensive_sanctions(code):
    factories.fact("IR", "sanctions_comprehensive", "yes")
    offer = factories.offer(factories.site(code=code), status="in_review")
    with pytest.raises(offers.PlaceSanctioned):
        publish(offer)


def test_an_offer_without_phases_is_not_submitted():
    offer = factories.offer(phases=[], status="draft")
    with pytest.raises(offers.NothingToPublish):
        offers.submit(offer=offer, by=factories.user(), now=NOW)


def test_the_first_day_on_the_market_stays_when_an_offer_is_paused_and_resumed():
    offer = factories.offer()
    offers.pause(offer=offer, by=factories.user(), now=NOW)
    offers.resume(offer=offer, by=factories.user(), now=NOW + timedelta(days=1))
    assert offer.published_at == NOW
    assert offer.status == "published"


def test_a_draft_is_not_resumed_past_its_review():
    offer = factories.offer(status="draft")
    with pytest.raises(lifecycle.NoSuchMove):
        offers.resume(offer=offer, by=factories.user(), now=NOW)


def test_a_paused_offer_of_a_suspended_host_is_not_resumed(sam):
    offer = factories.offer()
    offers.pause(offer=offer, by=sam, now=NOW)
    organizations.suspend(organization=offer.site.host, by=sam, why="court order", now=NOW)
    with pytest.raises(offers.HostNotVerified):
        offers.resume(offer=offer, by=sam, now=NOW)


def test_new_terms_are_a_new_version_and_the_old_one_stays():
    offer = factories.offer()
    by = factories.user()
    offers.write_terms(offer=offer, terms={**TERMS, "energy_price": Decimal("0.055")}, by=by, now=NOW)
    offer.refresh_from_db()
    assert offer.in_force.terms.number == 2
    assert [terms.energy_price for terms in OfferTerms.objects.order_by("number")] == [
        Decimal("0.060000"),
        Decimal("0.055000"),
    ]


def test_a_change_of_terms_or_phases_raises_the_offers_version():
    offer = factories.offer()
    version = offer.version
    offers.add_phase(offer=offer, available_kw=1, starts_on=date(2027, 1, 1), by=factories.user(), now=NOW)
    assert offer.version == version + 1


@pytest.mark.parametrize(
    ("terms", "tiers", "field"),
    [
        ({"energy_price": Decimal("-0.01")}, [], "energy_price"),
        ({"uptime": Decimal("100.01")}, [], "uptime"),
        ({"min_kw": 10, "max_kw": 9}, [], "max_kw"),
        ({"pue": Decimal("0.99")}, [], "pue"),
        ({"currency": "US DOLLARS"}, [], "currency"),
        ({"price_model": "tiered"}, [], "tiers"),
        ({"price_model": "tiered"}, [(100, Decimal("0.05")), (100, Decimal("0.04"))], "tiers"),
    ],
)
def test_terms_that_make_no_sense_are_refused_and_nothing_is_saved(terms, tiers, field):
    offer = factories.offer(status="draft")
    with pytest.raises(Invalid) as refusal:
        offers.write_terms(offer=offer, terms={**TERMS, **terms}, tiers=tiers, by=factories.user(), now=NOW)
    assert list(refusal.value.fields) == [field]
    assert offer.terms.count() == 1


def test_an_offer_with_live_commitments_is_not_withdrawn():
    offer = factories.offer()
    taken = capacity.hold(
        offer=offer,
        kw=100,
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 4, 1),
        held_until=NOW + timedelta(hours=72),
        by=None,
        now=NOW,
    )
    with pytest.raises(offers.HasCommitments):
        offers.withdraw(offer=offer, by=factories.user(), now=NOW)
    capacity.release(commitment=taken, by=None, why="", now=NOW)
    offers.withdraw(offer=offer, by=factories.user(), now=NOW)
    assert offer.status == "withdrawn"


def test_an_offer_expires_on_the_day_it_no_longer_holds():
    offer = factories.offer(terms={"valid_until": date(2027, 2, 1)})
    assert offers.expire_due(now=NOW.replace(month=1, day=31)) == 0
    assert offers.expire_due(now=NOW.replace(month=2, day=1)) == 1
    offer.refresh_from_db()
    assert offer.status == "expired"


def test_the_evidence_of_an_offer_is_its_lowest(sam):
    offer = factories.offer()
    for field in ("power_connection", "price_basis"):
        trust.settle(offer=offer, field=field, level="verified", by=sam, now=NOW)
    assert offer.evidence == "claimed"
    trust.settle(offer=offer, field="right_to_host", level="documented", by=sam, now=NOW)
    assert offer.evidence == "documented"
