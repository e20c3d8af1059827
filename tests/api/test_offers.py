"""GET offers/ and offers/{id}/: every input of price and gates, and nobody's secrets."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.services import licences as papers
from accounts.services import organizations
from hosting.models import Offer
from hosting.services import capacity, trust
from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY
CONTRACT = {
    *("id", "version", "published_at", "site", "host", "title", "price_model", "currency", "energy_price"),
    *("passthrough_estimate", "hosting_fee", "base_fee_kw_month", "revenue_share", "levies_included"),
    *("setup_fee_kw", "metering", "pue", "metering_uplift", "tiers", "deposit_months", "min_kw", "max_kw"),
    *("min_term_months", "max_term_months", "uptime", "curtailment", "renewable", "cooling"),
    *("max_j_per_th", "phases", "commitments", "evidence", "status", "valid_until", "free_kw", "list_price"),
}


def read(client, offer):
    answer = client.get(f"{API}/offers/{offer.pk}/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_an_offer_has_every_field_of_the_contract(stranger):
    offer = factories.offer()
    assert set(read(stranger, offer)) >= CONTRACT
    assert walk(stranger, "offers/") == [read(stranger, offer)]


def test_prices_amounts_and_percentages_are_decimal_text(stranger):
    terms = {
        "price_model": "tiered",
        "currency": "KZT",
        "energy_price": Decimal("30.5"),
        "base_fee_kw_month": Decimal("1200"),
        "revenue_share": Decimal("2.5"),
        "metering": "site",
        "pue": Decimal("1.15"),
        "uptime": Decimal("95.5"),
        "max_j_per_th": Decimal("30"),
        "deposit_months": 2,
    }
    row = read(stranger, factories.offer(terms=terms, tiers=[(1000, Decimal("28")), (1, Decimal("30"))]))
    assert (row["energy_price"], row["base_fee_kw_month"]) == ("30.500000", "1200.00")
    assert (row["revenue_share"], row["pue"], row["uptime"]) == ("2.50", "1.1500", "95.50")
    assert (row["max_j_per_th"], row["deposit_months"], row["currency"]) == ("30.00", 2, "KZT")
    assert row["tiers"] == [
        {"min_kw": 1, "energy_price": "30.000000"},
        {"min_kw": 1000, "energy_price": "28.000000"},
    ]
    assert (row["hosting_fee"], row["max_kw"], row["firmware"]) == (None, None, None)


def test_an_offer_shows_its_place_its_host_and_reviewed_licences_only(stranger, steppe, hanna, sam):
    for kind in ("kz-mining", "kz-trade"):
        licence = papers.add(
            organization=steppe,
            jurisdiction_code="KZ",
            type=kind,
            number="SECRET-7",
            valid_from=date(2024, 1, 1),
            by=hanna,
            now=factories.NOW,
        )
        if kind == "kz-mining":
            papers.review(licence=licence, by=sam, why="seen", now=factories.NOW)
    site = factories.site(steppe, "KZ-KAR", name="Hall")
    row = read(stranger, factories.offer(site))
    assert row["site"] == {
        "id": str(site.pk),
        "name": "Hall",
        "jurisdiction": "KZ-KAR",
        "region": "Karaganda region",
        "connected_on": "2022-01-01",
    }
    assert row["host"]["handle"] == "steppe-power"
    licences = row["host"]["licences"]
    assert [(one["type"], one["valid_from"], one["valid_to"]) for one in licences] == [
        ("kz-mining", "2024-01-01", None)
    ]
    assert "SECRET-7" not in str(row)


def test_live_commitments_are_shown_without_parties_and_lower_the_free_capacity(stranger, sam):
    later = TODAY + timedelta(30)
    offer = factories.offer(phases=((5000, TODAY, None), (3000, later, None)))
    request = factories.request()
    held, given_back = (
        capacity.hold(
            offer=offer,
            kw=kw,
            request=request,
            starts_on=TODAY,
            ends_on=TODAY + timedelta(90),
            held_until=factories.NOW + timedelta(hours=72),
            by=sam,
            now=factories.NOW,
        )
        for kw in (1500, 700)
    )
    capacity.release(commitment=given_back, by=sam, why="declined", now=factories.NOW)
    row = read(stranger, offer)
    assert row["commitments"] == [
        {"kw": 1500, "start": "2027-01-11", "end": (TODAY + timedelta(90)).isoformat()}
    ]
    assert row["free_kw"] == 3500
    assert str(request.pk) not in str(row)
    assert str(held.pk) not in str(row)
    assert row["phases"] == [
        {"available_kw": 5000, "starts_on": "2027-01-11", "ends_on": None, "state": "energised"},
        {"available_kw": 3000, "starts_on": later.isoformat(), "ends_on": None, "state": "energised"},
    ]


def test_the_evidence_stands_beside_its_claims(stranger, sam):
    offer = factories.offer()
    trust.settle(offer=offer, field="price_basis", level="verified", by=sam, now=factories.NOW)
    row = read(stranger, offer)
    assert row["evidence"] == "claimed"
    assert row["claims"] == [{"field": "price_basis", "level": "verified", "valid_until": None}]
    assert str(sam.pk) not in str(row)


def test_the_list_price_is_exact_text_or_null(stranger):
    offer = factories.offer()
    for micros, text in ((61_300, "0.061300"), (1_000_001, "1.000001"), (0, "0.000000"), (None, None)):
        Offer.objects.filter(pk=offer.pk).update(list_price_micros=micros)
        assert read(stranger, offer)["list_price"] == text


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_an_unpublished_offer_is_there_for_its_own_side_only(
    stranger, as_, steppe, hanna, min_, red_river, mallory, sam, status
):
    offer = factories.offer(factories.site(steppe), status=status)
    for person in (hanna, sam):
        assert read(as_(person), offer)["status"] == status
    for client in (stranger, as_(mallory), as_(min_)):
        is_problem(client.get(f"{API}/offers/{offer.pk}/"), 404, "not_found")
        assert walk(client, "offers/") == []


def test_offers_of_a_suspended_host_are_gone_from_the_market(stranger, as_, steppe, hanna, sam):
    offer = factories.offer(factories.site(steppe))
    organizations.suspend(organization=steppe, by=sam, why="complaint", now=factories.NOW)
    is_problem(stranger.get(f"{API}/offers/{offer.pk}/"), 404)
    assert read(as_(hanna), offer)["host"]["verified"] is False


def test_an_offer_whose_terms_are_not_written_yet_has_no_terms_to_show(as_, steppe, hanna):
    offer = factories.offers.draft(site=factories.site(steppe), title="New", by=hanna, now=factories.NOW)
    row = read(as_(hanna), offer)
    assert (row["title"], row["phases"], row["free_kw"]) == ("New", [], 0)
    assert "price_model" not in row


def test_mallory_sees_neither_address_nor_legal_name(as_, steppe, mallory):
    factories.offer(factories.site(steppe))
    text = as_(mallory).get(f"{API}/offers/").content.decode()
    assert "steppe-power" in text
    for secret in ("Secret Street", "Steppe Power LLP", "legal_name", "address", "registration"):
        assert secret not in text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_stranger_only_reads_offers(stranger, method):
    offer = factories.offer()
    for path in ("offers/", f"offers/{offer.pk}/"):
        body = is_problem(getattr(stranger, method)(f"{API}/{path}", {}), 401, "not_authenticated")
        assert body["title"] == "Unauthorized"


def test_an_offer_is_neither_put_nor_deleted(as_, hanna, steppe):
    offer = factories.offer(factories.site(steppe))
    for method in ("put", "delete"):
        answer = getattr(as_(hanna), method)(f"{API}/offers/{offer.pk}/", {})
        assert is_problem(answer, 405, "method_not_allowed")["title"] == "Method Not Allowed"


def test_thirty_offers_take_as_many_queries_as_three(stranger, sam, django_assert_max_num_queries):
    def fill(number):
        for _one in range(number):
            offer = factories.offer(tiers=[(1, Decimal("0.06"))])
            trust.settle(offer=offer, field="price_basis", level="verified", by=sam, now=factories.NOW)

    fill(3)
    with django_assert_max_num_queries(7) as few:
        stranger.get(f"{API}/offers/")
    fill(27)
    with django_assert_max_num_queries(7) as many:
        assert len(stranger.get(f"{API}/offers/").json()["results"]) == 30
    assert len(few) == len(many)
