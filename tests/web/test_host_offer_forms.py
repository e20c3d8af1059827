"""The form of an offer: what it asks for, what it refuses, and the price that it shows."""

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from hosting.models import Offer
from tests import factories
from tests.web.offering import ALL_IN, asked
from tests.web.reading import text

pytestmark = pytest.mark.django_db
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


def begin(client, site, **changes):
    data = {"id": str(uuid.uuid4()), **ALL_IN, **changes}
    return client.post(f"/host/sites/{site.pk}/offers/new/", data)


def test_a_price_model_is_chosen_first(as_hanna, site):
    page = text(as_hanna.get(f"/host/sites/{site.pk}/offers/new/"))
    # Language and search are the header's and the footer's.
    assert asked(page) - {"language", "q"} == {"price_model"}
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
