"""Versions of an offer's terms: which are live at once, which wait, and what becomes of those that wait."""

import uuid
from decimal import Decimal

import pytest

from accounts.models import Due, Event
from accounts.services import lifecycle
from hosting.models import Offer, TermsReview
from hosting.services import offers, reviews, terms
from tests import factories
from tests.factories import NOW, TERMS, TODAY

pytestmark = pytest.mark.django_db
PASSED_ON = {"price_model": "pass_through", "passthrough_estimate": Decimal("0.03")}


def write(offer, by, version=None, tiers=(), **changes):
    return terms.write(offer=offer, terms={**TERMS, **changes}, tiers=tiers, by=by, now=NOW, version=version)


def in_force(offer):
    return Offer.objects.get(pk=offer.pk).in_force.terms.number


@pytest.mark.parametrize(
    "changes",
    [
        {"energy_price": Decimal("0.05")},
        {"uptime": Decimal("90")},
        {"price_model": "base_plus_metered", "base_fee_kw_month": Decimal("5")},
    ],
)
def test_a_live_offer_has_its_new_version_at_once(hanna, changes):
    offer = factories.offer()
    write(offer, hanna, **changes)
    assert in_force(offer) == 2
    assert not TermsReview.objects.exists()


@pytest.mark.parametrize("status", ["published", "paused"])
@pytest.mark.parametrize(
    ("before", "changes", "fields"),
    [
        ({}, PASSED_ON, ["price_model", "passthrough_estimate"]),
        (PASSED_ON, {}, ["price_model", "passthrough_estimate"]),
        (PASSED_ON, {**PASSED_ON, "passthrough_cap": Decimal("0.09")}, ["passthrough_cap"]),
        (
            PASSED_ON,
            {**PASSED_ON, "passthrough_estimate": Decimal("0.02")},
            ["passthrough_estimate"],
        ),
    ],
)
def test_a_new_pass_through_waits_while_the_old_version_stays(hanna, status, before, changes, fields):
    offer = factories.offer(terms=before)
    if status == "paused":
        offers.pause(offer=offer, by=hanna, now=NOW)
    written = write(offer, hanna, **changes)
    assert in_force(offer) == 1
    assert (written.review.state, written.review.fields) == ("waiting", fields)


def test_from_pass_through_to_indexed_is_no_other_pass_through(hanna):
    offer = factories.offer(terms=PASSED_ON)
    write(offer, hanna, **{**PASSED_ON, "price_model": "indexed"})
    assert in_force(offer) == 2


def test_a_draft_changes_its_pass_through_freely(hanna):
    offer = factories.offer(status="draft")
    write(offer, hanna, **PASSED_ON)
    assert in_force(offer) == 2


def test_staff_approves_and_matching_hears_of_it(hanna, sam):
    offer = factories.offer()
    write(offer, hanna, **PASSED_ON)
    Due.objects.all().delete()
    reviews.approve_terms(review=TermsReview.objects.get(), by=sam, why="bill seen", now=NOW)
    assert in_force(offer) == 2
    assert Due.objects.filter(reader="matching", event__subject_id=offer.pk).exists()


def test_staff_refuses_and_the_old_version_stays(hanna, sam):
    offer = factories.offer()
    write(offer, hanna, **PASSED_ON)
    reviews.reject_terms(review=TermsReview.objects.get(), by=sam, why="no bill", now=NOW)
    assert in_force(offer) == 1
    assert reviews.last_words([offer.pk])[offer.pk]["terms_rejected"].why == "no bill"
    with pytest.raises(lifecycle.NoSuchMove):
        reviews.approve_terms(review=TermsReview.objects.get(), by=sam, why="after all", now=NOW)


def test_a_later_version_overtakes_the_one_that_waits(hanna, sam):
    offer = factories.offer()
    waiting = write(offer, hanna, **PASSED_ON).review
    write(offer, hanna, energy_price=Decimal("0.05"))
    waiting.refresh_from_db()
    assert (waiting.state, in_force(offer)) == ("superseded", 3)
    with pytest.raises(lifecycle.NoSuchMove):
        reviews.approve_terms(review=waiting, by=sam, why="late", now=NOW)


def test_what_waits_does_not_go_live_on_a_withdrawn_offer(hanna, sam):
    offer = factories.offer()
    review = write(offer, hanna, **PASSED_ON).review
    offers.withdraw(offer=offer, by=hanna, now=NOW)
    with pytest.raises(reviews.OffTheMarket):
        reviews.approve_terms(review=review, by=sam, why="late", now=NOW)


def test_a_renewed_draft_shows_staff_the_version_that_waited(hanna):
    offer = factories.offer(terms={"valid_until": TODAY.replace(month=2)})
    write(offer, hanna, **PASSED_ON, valid_until=TODAY.replace(month=2))
    offers.expire_due(now=NOW.replace(month=3))
    offer.refresh_from_db()
    offers.redraft(offer=offer, by=hanna, now=NOW.replace(month=3))
    assert (offer.status, in_force(offer)) == ("draft", 2)


@pytest.mark.parametrize("status", ["in_review", "suspended", "withdrawn"])
def test_an_offer_out_of_the_hosts_hands_is_not_rewritten(hanna, sam, status):
    offer = factories.offer(status="in_review" if status == "in_review" else "published")
    if status == "suspended":
        reviews.suspend(offer=offer, by=sam, why="complaint", now=NOW)
    if status == "withdrawn":
        offers.withdraw(offer=offer, by=hanna, now=NOW)
    with pytest.raises(terms.NotEditable):
        write(offer, hanna, energy_price=Decimal("0.01"))
    assert offer.terms.count() == 1


def test_the_same_terms_sent_twice_are_one_version(hanna):
    offer = factories.offer()
    write(offer, hanna, version=1, energy_price=Decimal("0.05"))
    write(offer, hanna, version=1, energy_price=Decimal("0.0500"))
    assert offer.terms.count() == 2


def test_terms_about_an_older_version_are_refused(hanna):
    offer = factories.offer()
    write(offer, hanna, version=1, energy_price=Decimal("0.05"))
    with pytest.raises(lifecycle.Stale):
        write(offer, hanna, version=1, energy_price=Decimal("0.04"))
    assert in_force(offer) == 2


def test_other_tiers_are_another_version(hanna):
    tiered = {"price_model": "tiered", "energy_price": None}
    offer = factories.offer(terms=tiered, tiers=[(100, Decimal("0.06"))])
    write(offer, hanna, version=1, tiers=[(100, Decimal("0.06"))], **tiered)
    assert offer.terms.count() == 1
    write(offer, hanna, version=1, tiers=[(100, Decimal("0.05"))], **tiered)
    assert in_force(offer) == 2
    assert Event.objects.filter(code="terms_written").latest("pk").params["fields"] == ["tiers"]


def test_a_copy_is_a_draft_with_the_same_terms_and_is_made_once(hanna):
    offer = factories.offer(
        terms={"price_model": "tiered", "energy_price": None}, tiers=[(100, Decimal("0.06"))]
    )
    key = uuid.uuid4()
    for _time in range(2):
        copy = offers.duplicate(offer=offer, id=key, by=hanna, now=NOW)
    assert (copy.pk, copy.status, copy.site, copy.phases.count()) == (key, "draft", offer.site, 0)
    assert (
        terms.changed_fields(offer.in_force.terms, copy.in_force.terms, terms.tiers_of(copy.in_force.terms))
        == []
    )
    assert Offer.objects.count() == 2


def test_a_step_about_an_older_version_is_refused(hanna):
    offer = factories.offer()
    with pytest.raises(lifecycle.Stale):
        offers.pause(offer=offer, by=hanna, now=NOW, version=offer.version - 1)
    offers.pause(offer=offer, by=hanna, now=NOW, version=offer.version)
    assert offer.status == "paused"
