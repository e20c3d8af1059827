"""A host writes, moves and copies its offers on pages."""

import re
import uuid
from decimal import Decimal

import pytest
from django.test import Client

from accounts.services import organizations
from hosting.models import Offer, TermsReview
from hosting.services import offers, reviews
from tests import factories
from tests.factories import NOW, TODAY
from tests.web.offering import ALL_IN, asked
from tests.web.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_hanna(hanna, steppe):
    client = Client()
    client.force_login(hanna)
    return client


@pytest.fixture
def site(steppe):
    return factories.site(steppe)


@pytest.fixture
def offer(site):
    return factories.offer(site, status="draft")


def write(client, offer, version=1, **changes):
    return client.post(f"/host/offers/{offer.pk}/", {"version": version, **ALL_IN, **changes})


def step(client, offer, name, **more):
    data = {"acting": "steppe-power", "version": Offer.objects.get(pk=offer.pk).version, **more}
    return client.post(f"/host/offers/{offer.pk}/{name}/", data)


def test_an_offer_goes_from_a_draft_to_the_market_and_off_it(as_hanna, offer, sam):
    step(as_hanna, offer, "submit")
    page = text(as_hanna.get(f"/host/offers/{offer.pk}/"))
    assert "Staff is looking at it." in page
    assert "<fieldset disabled>" in page
    offer.refresh_from_db()
    reviews.request_changes(offer=offer, by=sam, why="Say the PUE.", now=NOW)
    for address in (f"/host/offers/{offer.pk}/", "/host/"):
        assert "Say the PUE." in text(as_hanna.get(address))
    step(as_hanna, offer, "draft")
    step(as_hanna, offer, "submit")
    offer.refresh_from_db()
    reviews.approve(offer=offer, by=sam, why="seen", now=NOW)
    for name, status in (("pause", "paused"), ("resume", "published"), ("withdraw", "withdrawn")):
        assert step(as_hanna, offer, name).status_code == 302
        offer.refresh_from_db()
        assert offer.status == status


@pytest.mark.parametrize("name", ["pause", "resume", "draft"])
def test_a_step_that_the_status_does_not_have_is_refused(as_hanna, offer, name):
    answer = step(as_hanna, offer, name)
    offer.refresh_from_db()
    assert (answer.status_code, offer.status) == (409, "draft")


def test_an_offer_of_an_unverified_host_says_so_and_is_not_resumed(as_hanna, site, steppe, sam):
    offer = factories.offer(site)
    step(as_hanna, offer, "pause")
    organizations.suspend(organization=steppe, by=sam, why="court", now=NOW)
    assert step(as_hanna, offer, "resume").status_code == 403
    assert "not verified yet" in text(as_hanna.get(f"/host/offers/{offer.pk}/"))


def test_a_live_offer_has_its_new_terms_at_once(as_hanna, site):
    offer = factories.offer(site)
    answer = write(as_hanna, offer, energy_price="0.05", title="Firmer power")
    assert answer.status_code == 302
    offer = Offer.objects.get()
    assert (offer.in_force.terms.number, offer.title) == (2, "Firmer power")


def test_a_new_pass_through_waits_and_the_host_reads_why_it_was_refused(as_hanna, site, sam):
    offer = factories.offer(site)
    write(as_hanna, offer, price_model="pass_through", passthrough_estimate="0.03")
    page = text(as_hanna.get(f"/host/offers/{offer.pk}/"))
    assert "Version 2 waits for staff" in page
    assert "Version 1 stays live until then." in page
    assert Offer.objects.get().in_force.terms.number == 1
    reviews.reject_terms(review=TermsReview.objects.get(), by=sam, why="No bill came.", now=NOW)
    for address in (f"/host/offers/{offer.pk}/", "/host/"):
        page = text(as_hanna.get(address))
        assert "Version 2 was refused:" in page
        assert "No bill came." in page


def test_somebody_elses_version_is_shown_and_can_be_put_over(as_hanna, site):
    offer = factories.offer(site)
    write(as_hanna, offer, energy_price="0.05")
    answer = write(as_hanna, offer, energy_price="0.04")
    page = text(answer)
    assert answer.status_code == 409
    assert re.search(r"<th>Energy price</th><td>0.06</td><td>0.05</td>", page)
    assert 'value="0.04"' in page
    assert 'name="version" value="2"' in page
    assert write(as_hanna, offer, version=2, energy_price="0.04").status_code == 302
    assert Offer.objects.get().in_force.terms.energy_price == Decimal("0.04")


@pytest.mark.parametrize("version", ["", "-1", "two", "9" * 40, "²"])
def test_a_form_without_a_version_is_refused(as_hanna, offer, version):
    assert write(as_hanna, offer, version=version).status_code == 409
    assert offer.terms.count() == 1


def test_a_fee_that_the_model_does_not_ask_for_is_not_lost(as_hanna, site):
    offer = factories.offer(site, terms={"hosting_fee": Decimal("0.01")})
    page = text(as_hanna.get(f"/host/offers/{offer.pk}/"))
    assert "hosting_fee" in asked(page)
    assert '<input type="hidden" name="extra" value="hosting_fee">' in page
    write(as_hanna, offer, hosting_fee="0.01", extra="hosting_fee")
    assert Offer.objects.get().in_force.terms.hosting_fee == Decimal("0.01")


def test_an_offer_is_copied_once(as_hanna, site):
    offer, key = factories.offer(site), str(uuid.uuid4())
    for _time in range(2):
        answer = as_hanna.post(f"/host/offers/{offer.pk}/copy/", {"acting": "steppe-power", "id": key})
    assert answer.headers["Location"] == f"/host/offers/{key}/"
    copy = Offer.objects.get(pk=key)
    assert (copy.status, copy.in_force.terms.energy_price) == ("draft", Decimal("0.06"))
    assert Offer.objects.count() == 2


def test_a_viewer_sees_and_does_not_change(site, offer, steppe, hanna):
    reader = factories.user()
    organizations.join(organization=steppe, user=reader, role="viewer", by=hanna, now=NOW)
    client = Client()
    client.force_login(reader)
    page = text(client.get(f"/host/offers/{offer.pk}/"))
    assert "you are a viewer" in page
    assert "Save these terms" not in page
    assert write(client, offer, energy_price="0.01").status_code == 403
    assert offer.terms.count() == 1


def test_a_form_of_another_organization_is_refused(as_hanna, offer):
    assert write(as_hanna, offer, acting="red-river", energy_price="0.01").status_code == 409
    assert offer.terms.count() == 1


def test_the_page_of_a_host_takes_the_same_queries_for_one_site_or_five(
    as_hanna, steppe, django_assert_max_num_queries
):
    for _number in range(5):
        at = factories.site(steppe)
        for status in ("draft", "in_review", "published"):
            factories.offer(at, status=status, phases=[(100, TODAY, None)])
    with django_assert_max_num_queries(18):
        page = text(as_hanna.get("/host/"))
    assert page.count("Free capacity of the live offers") == 5


def test_the_free_capacity_of_a_site_stands_on_its_page(as_hanna, site):
    factories.offer(site, phases=[(5000, TODAY, None)])
    factories.offer(site, phases=[(2000, TODAY, None)])
    factories.offer(site, phases=[(900, TODAY, None)], status="draft")
    assert "7.0 MW" in text(as_hanna.get("/host/"))


def test_a_sanctioned_site_says_so(as_hanna, steppe):
    factories.site(steppe, code="IR")
    factories.fact("IR", "sanctions_comprehensive", "yes")
    assert "is under comprehensive sanctions: nothing can be listed here." in text(as_hanna.get("/host/"))


def test_an_expired_offer_is_renewed(as_hanna, site):
    offer = factories.offer(site, terms={"valid_until": TODAY})
    offers.expire_due(now=NOW)
    step(as_hanna, offer, "draft")
    assert write(as_hanna, offer, valid_until="2027-12-31").status_code == 302
    assert Offer.objects.get().status == "draft"
