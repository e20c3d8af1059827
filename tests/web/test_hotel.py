"""One hotel's page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from hosting.models import Commitment, Offer
from hosting.services import trust
from tests import factories
from tests.web.reading import text


def page_of(client, offer):
    return text(client.get(f"/hotels/{offer.pk}/"))


def test_the_price_is_worked_out_for_three_typical_fleets(stranger, steppe):
    factories.rate(value="50")
    offer = factories.offer(
        factories.site(steppe), terms={"price_model": "revenue_share", "revenue_share": Decimal(20)}
    )
    page = page_of(stranger, offer)
    for j_th, share in (("32", "0.013021"), ("22", "0.018939"), ("17", "0.024510")):
        assert f"Machines at {j_th} J/TH" in page
        assert f'<td>Revenue share</td><td class="num">{share}</td>' in page


def test_machines_too_old_for_the_host_are_said_to_be(stranger, steppe):
    offer = factories.offer(factories.site(steppe), terms={"max_j_per_th": Decimal("25")})
    assert page_of(stranger, offer).count("Machines this old are not taken.") == 1


def test_a_price_that_cannot_be_worked_out_says_why(stranger, steppe):
    offer = factories.offer(factories.site(steppe), terms={"energy_price": None})
    page = page_of(stranger, offer)
    assert "The host has not stated: energy price." in page
    assert 'class="unknown">unknown' in page


def test_the_terms_are_grouped_as_a_contract_is_read(stranger, karaganda):
    page = page_of(stranger, karaganda)
    titles = (
        "Price",
        "Metering",
        "Money up front",
        "Size and term",
        "Uptime and curtailment",
        "Machines",
        "Exit",
    )
    places = [page.index(f"<h2>{title}</h2>") for title in titles]
    assert places == sorted(places)


def test_what_the_host_does_not_say_is_called_not_stated(stranger, karaganda):
    assert '<dt>Deposit</dt><dd><span class="unknown">not stated</span></dd>' in page_of(stranger, karaganda)


def test_zero_is_zero_and_not_unknown(stranger, steppe):
    offer = factories.offer(factories.site(steppe), terms={"deposit_months": 0, "hosting_fee": Decimal(0)})
    page = page_of(stranger, offer)
    assert "<dt>Deposit</dt><dd>0 months</dd>" in page
    assert "<dt>Hosting fee</dt><dd>0.00 USD/kWh</dd>" in page


def test_tiers_are_listed_by_size(stranger, steppe):
    tiers = [(0, Decimal("0.070000")), (1000, Decimal("0.060000"))]
    offer = factories.offer(factories.site(steppe), terms={"price_model": "tiered"}, tiers=tiers)
    page = page_of(stranger, offer)
    assert "<dt>Energy from 0 kW</dt><dd>0.07 USD/kWh</dd>" in page
    assert "<dt>Energy from 1.0 MW</dt><dd>0.06 USD/kWh</dd>" in page


def test_free_capacity_is_phases_less_commitments_over_time(stranger, karaganda):
    Commitment.objects.create(
        offer=karaganda,
        kw=2000,
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 9, 1),
        state="confirmed",
        created_at=factories.NOW,
        updated_at=factories.NOW,
    )
    page = page_of(stranger, karaganda)
    assert "1 Mar 2027 to 31 Aug 2027" in page
    row = page[page.index("1 Mar 2027 to 31 Aug 2027</th>") :][:400]
    assert "<b>3.0 MW</b>" in row
    assert ">2.0 MW<" in row


def test_a_released_commitment_takes_nothing(stranger, karaganda):
    Commitment.objects.create(
        offer=karaganda,
        kw=2000,
        starts_on=factories.TODAY,
        ends_on=date(2027, 9, 1),
        state="released",
        created_at=factories.NOW,
        updated_at=factories.NOW,
    )
    assert "31 Aug 2027" not in page_of(stranger, karaganda)


def test_the_law_has_its_date_source_and_confidence(stranger, karaganda):
    factories.rule(
        "KZ", "levy_per_kwh", levy=[{"from": "0", "amount": "1"}], levy_currency="KZT", title="A fee"
    )
    page = page_of(stranger, karaganda)
    assert "(high, Apr 2023)" in page
    assert "The Gazette" in page
    assert "A levy per kWh: 1.00 KZT." in page


def test_a_status_of_low_confidence_is_called_unverified(stranger, steppe):
    factories.fact("NO", "legal_status", "tolerated", confidence="low", publisher="unverified", url="")
    offer = factories.offer(factories.site(steppe, code="NO"))
    page = page_of(stranger, offer)
    assert 'class="sourced unverified" tabindex="0">tolerated <small class="soft">(unverified)' in page
    assert "No source found yet" in page


def test_a_place_nobody_knows_is_called_unknown(stranger, steppe):
    page = page_of(stranger, factories.offer(factories.site(steppe, code="NO")))
    assert '<dt>legal status here</dt><dd><span class="unknown">unknown</span>' in page


def test_each_claim_shows_how_far_it_was_shown(stranger, karaganda, sam):
    trust.settle(
        offer=karaganda, field="power_connection", level="verified", by=sam, now=factories.NOW, note="Seen"
    )
    trust.settle(
        offer=karaganda,
        field="price_basis",
        level="documented",
        by=sam,
        now=factories.NOW,
        valid_until=factories.TODAY,
    )
    page = page_of(stranger, karaganda)
    assert '<dt>Power connection</dt><dd><span class="level level-verified">verified</span>' in page
    assert '<dt>Price basis</dt><dd><span class="level">claimed</span>' in page
    assert '<dt>Right to host</dt><dd><span class="level">claimed</span>' in page


def test_it_leads_to_the_question_whether_it_fits(stranger, karaganda):
    assert f'href="/find/?offer={karaganda.pk}"' in page_of(stranger, karaganda)


@pytest.mark.parametrize("status", ["draft", "in_review", "paused", "withdrawn", "suspended"])
def test_what_is_not_on_the_market_is_404_for_others(stranger, as_mallory, karaganda, status):
    Offer.objects.filter(pk=karaganda.pk).update(status=status)
    for client in (stranger, as_mallory):
        assert client.get(f"/hotels/{karaganda.pk}/").status_code == 404


def test_its_host_sees_a_draft_even_one_without_terms(hanna, steppe):
    client = Client()
    client.force_login(hanna)
    draft = factories.offer(factories.site(steppe), status="draft")
    page = page_of(client, draft)
    assert "not on the market today" in page
    assert "draft" in page


def test_the_address_is_seen_by_the_own_side_and_nobody_else(
    stranger, as_mallory, hanna, min_, red_river, karaganda
):
    own, other = Client(), Client()
    own.force_login(hanna)
    other.force_login(min_)
    assert "12 Secret Street" in page_of(own, karaganda)
    for client in (stranger, as_mallory, other):
        assert "Secret Street" not in page_of(client, karaganda)


def test_the_host_is_named_by_its_handle_alone(stranger, as_mallory, karaganda):
    for client in (stranger, as_mallory):
        page = page_of(client, karaganda)
        assert "steppe-power" in page
        assert "Steppe Power LLP" not in page


def test_an_expired_offer_gives_no_prices(stranger, steppe):
    yesterday = factories.TODAY - timedelta(days=1)
    offer = factories.offer(factories.site(steppe), terms={"valid_until": yesterday})
    assert "no prices are worked out" in page_of(stranger, offer)


def test_a_hotel_that_is_not_there_is_404(stranger):
    assert stranger.get("/hotels/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert stranger.get("/hotels/1/").status_code == 404
