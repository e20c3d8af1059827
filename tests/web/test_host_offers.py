"""A host begins, writes, moves and copies its offers on pages."""

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.services import organizations
from hosting.models import Offer, TermsReview
from hosting.services import offers, reviews
from tests import factories
from tests.factories import NOW, TODAY
from tests.web.reading import text

pytestmark = pytest.mark.django_db
ALL_IN = {
    "acting": "steppe-power",
    "title": "Firm power",
    "price_model": "all_in",
    "currency": "USD",
    "energy_price": "0.055",
    "levies_included": "no",
    "metering": "plug",
    "uptime": "97",
    "uptime_remedy": "A day’s fee for each day",
    "cooling": "air",
    "min_kw": "500",
    "valid_until": "2027-06-30",
}
# model: (fields of the form, fields of others)
SHOWN = {
    "all_in": ({"energy_price"}, {"passthrough_estimate", "base_fee_kw_month", "revenue_share", "tier_kw"}),
    "base_plus_metered": ({"energy_price", "base_fee_kw_month"}, {"passthrough_estimate", "tier_kw"}),
    "pass_through": ({"energy_price", "passthrough_estimate", "passthrough_cap"}, {"revenue_share"}),
    "indexed": ({"energy_price", "passthrough_estimate", "passthrough_cap"}, {"tier_kw"}),
    "revenue_share": ({"energy_price", "revenue_share"}, {"passthrough_estimate", "tier_kw"}),
    "tiered": ({"tier_kw", "tier_price"}, {"energy_price", "revenue_share", "passthrough_cap"}),
}


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


def begin(client, site, **changes):
    data = {"id": str(uuid.uuid4()), **ALL_IN, **changes}
    return client.post(f"/host/sites/{site.pk}/offers/new/", data)


def write(client, offer, version=1, **changes):
    return client.post(f"/host/offers/{offer.pk}/", {"version": version, **ALL_IN, **changes})


def step(client, offer, name, **more):
    data = {"acting": "steppe-power", "version": Offer.objects.get(pk=offer.pk).version, **more}
    return client.post(f"/host/offers/{offer.pk}/{name}/", data)


def asked(page):
    """The names of the fields that can be filled in (hidden ones are carried, not asked)."""
    tags = re.findall(r"<(?:input|select|textarea)[^>]*>", page)
    return {re.search(r'name="([^"]*)"', tag)[1] for tag in tags if 'name="' in tag and "hidden" not in tag}


def test_a_price_model_is_chosen_first(as_hanna, site):
    page = text(as_hanna.get(f"/host/sites/{site.pk}/offers/new/"))
    assert asked(page) - {"language"} == {"price_model"}
    assert page.count('type="radio"') == 6


@pytest.mark.parametrize("model", SHOWN)
def test_the_form_asks_only_for_what_the_model_needs(as_hanna, site, model):
    page = text(as_hanna.get(f"/host/sites/{site.pk}/offers/new/", {"price_model": model}))
    wanted, unwanted = SHOWN[model]
    assert wanted <= asked(page)
    assert not unwanted & asked(page)


def test_changing_the_model_keeps_what_was_typed_and_saves_nothing(as_hanna, site):
    answer = begin(as_hanna, site, price_model="tiered", choose="1")
    page = text(answer)
    assert (answer.status_code, Offer.objects.count()) == (200, 0)
    assert '<input type="hidden" name="energy_price" value="0.055">' in page
    assert "Firm power" in page
    again = begin(as_hanna, site, price_model="all_in", choose="1")
    assert "energy_price" in asked(text(again))


def test_an_offer_is_begun_once_however_often_its_form_is_sent(as_hanna, site):
    key = str(uuid.uuid4())
    first, second = begin(as_hanna, site, id=key), begin(as_hanna, site, id=key)
    assert first.headers["Location"] == second.headers["Location"] == f"/host/offers/{key}/"
    offer = Offer.objects.get()
    terms = offer.in_force.terms
    assert (offer.status, offer.title, terms.energy_price) == ("draft", "Firm power", Decimal("0.055"))
    # The form takes the last day; a period ends on the first day it is over.
    assert terms.valid_until == date(2027, 7, 1)
    assert 'value="2027-06-30"' in text(as_hanna.get(f"/host/offers/{key}/"))


def test_an_id_of_somebody_elses_offer_is_refused(as_hanna, site):
    theirs = factories.offer()
    answer = begin(as_hanna, site, id=str(theirs.pk))
    assert (answer.status_code, Offer.objects.count()) == (409, 1)


def test_tiers_are_read_and_shown(as_hanna, site):
    begin(as_hanna, site, price_model="tiered", tier_kw=["1000", "", "100"], tier_price=["0.05", "", "0.06"])
    tiers = Offer.objects.get().in_force.terms.tiers.values_list("min_kw", "energy_price")
    assert list(tiers) == [(100, Decimal("0.06")), (1000, Decimal("0.05"))]


def test_a_wrong_tier_is_named_on_its_own_line(as_hanna, site):
    answer = begin(as_hanna, site, price_model="tiered", tier_kw=["", "1,000"], tier_price=["", "0.05"])
    page = text(answer)
    assert answer.status_code == 400
    assert '<a href="#f-tier-kw-1">' in page
    assert re.search(r'id="e-tier-kw-1">[^<]*A comma can mean two things', page)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("energy_price", "3,500", "A comma can mean two things"),
        ("energy_price", "55", "It must be at most 2; please check the unit."),
        ("energy_price", "", "Enter a number."),
        ("uptime", "-1", "It must be at least 0."),
        ("valid_until", "2027-01-10", "The offer must hold today at least."),
        ("title", "", "Give the offer a title."),
        ("currency", "BTC", "Choose a currency."),
    ],
)
def test_a_bad_entry_is_named_beside_its_field_and_nothing_typed_is_lost(
    as_hanna, site, field, value, sentence
):
    answer = begin(as_hanna, site, **{field: value})
    page = text(answer)
    assert (answer.status_code, Offer.objects.count()) == (400, 0)
    assert re.search(rf'id="e-{field}">[^<]*{re.escape(sentence)}', page)
    assert f'<a href="#f-{field}">' in page
    for name in {"title", "energy_price", "uptime_remedy", "min_kw"} - {field}:
        assert ALL_IN[name] in page
    if value:
        assert f'value="{value}"' in page


def test_the_price_is_shown_while_typing_without_saving(as_hanna, site):
    query = {name: value for name, value in ALL_IN.items() if name != "acting"}
    page = text(as_hanna.get(f"/host/sites/{site.pk}/prices/", query))
    assert page.count("0.0550") >= 3
    missing = text(as_hanna.get(f"/host/sites/{site.pk}/prices/", {**query, "energy_price": "0,05"}))
    assert "Still needed for a price: Price, all in." in missing
    assert not Offer.objects.exists()
    without_scripts = begin(as_hanna, site, preview="1")
    assert without_scripts.status_code == 200
    assert text(without_scripts).count("0.0550") >= 3
    assert not Offer.objects.exists()


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
