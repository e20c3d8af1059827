"""The catalogue of machines, and the page of one."""

from datetime import timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.models import Offer
from hosting.services import engine, listings
from tests import factories
from tests.web.reading import text


def s19(**fields):
    figures = {"hashrate_th_s": Decimal(110), "power_w": 3250, "efficiency_j_th": Decimal("29.55")}
    return factories.machine(maker="Bitmain", model="Antminer S19 Pro 110T", **{**figures, **fields})


@pytest.fixture
def four(db):
    """Four machines that differ in everything a list can be sorted by."""
    for maker, model, hashrate, watts, fields in (
        ("Bitmain", "S19", 95, 3250, {"release": "2020-05", "weight_kg": Decimal("14.2")}),
        ("Bitmain", "S21", 200, 3500, {"release": "2024-01", "confidence": "low"}),
        ("MicroBT", "M66S", 298, 5513, {"release": "2023-11", "cooling": "immersion"}),
        ("Canaan", "Nano", 6, 140, {"weight_kg": Decimal("2.4")}),
    ):
        factories.machine(maker=maker, model=model, hashrate_th_s=Decimal(hashrate), power_w=watts, **fields)


def models(answer):
    return [machine.model for machine, _behind in answer.context["rows"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["S19", "S21", "Nano", "M66S"]),
        ("ordering=-name", ["M66S", "Nano", "S21", "S19"]),
        ("ordering=efficiency_j_th", ["S21", "M66S", "Nano", "S19"]),
        ("ordering=-hashrate_th_s", ["M66S", "S21", "S19", "Nano"]),
        ("ordering=power_w", ["Nano", "S19", "S21", "M66S"]),
        ("ordering=release", ["S19", "M66S", "S21", "Nano"]),
        ("ordering=-release", ["S21", "M66S", "S19", "Nano"]),
        ("ordering=-weight_kg", ["S19", "Nano"]),
        ("maker=Bitmain", ["S19", "S21"]),
        ("q=bit+s2", ["S21"]),
        ("q=m66", ["M66S"]),
        ("cooling=immersion", ["M66S"]),
        ("confidence=low", ["S21"]),
        ("max_efficiency_j_th=18.5", ["S21", "M66S"]),
        ("algorithm=SHA-256&maker=&q=", ["S19", "S21", "Nano", "M66S"]),
    ],
)
def test_machines_are_sorted_and_filtered_as_the_address_says(stranger, four, query, names):
    assert models(stranger.get(f"/machines/?{query}"))[: len(names)] == names


@pytest.mark.parametrize(
    "query", ["maker=Nobody", "cooling=steam", "ordering=secret", "max_efficiency_j_th=low", "cursor=x"]
)
def test_a_filter_that_cannot_be_read_is_400_and_keeps_what_was_typed(stranger, four, query):
    answer = stranger.get(f"/machines/?{query}")
    assert answer.status_code == 400
    assert "can’t be read" in text(answer)
    if query.endswith("=low"):
        assert 'value="low"' in text(answer)


def test_a_heading_sorts_and_sorts_back_and_says_how_it_is_sorted(stranger, four):
    page = text(stranger.get("/machines/?ordering=power_w&maker=Bitmain"))
    assert (
        '<th scope="col" class="num" aria-sort="ascending"><a href="?ordering=-power_w&amp;maker=Bitmain"'
        in page
    )
    page = text(stranger.get("/machines/?ordering=-power_w&maker=Bitmain"))
    assert 'aria-sort="descending"><a href="?ordering=power_w&amp;maker=Bitmain"' in page
    assert page.count("aria-sort") == 1


def test_the_list_and_the_api_are_filtered_alike(stranger, four):
    for query in ("q=bit+s2", "confidence=low", "max_efficiency_j_th=18.5", "ordering=-release"):
        rows = stranger.get(f"/api/v1/machines/?{query}").json()["results"]
        assert [row["model"] for row in rows] == models(stranger.get(f"/machines/?{query}"))


def test_a_long_list_is_walked_page_by_page_once(stranger, db):
    for number in range(70):
        factories.machine(power_w=3000 + number % 7)
    seen, address = [], "/machines/?ordering=-power_w"
    while address:
        answer = stranger.get(address)
        seen += [machine.pk for machine, _behind in answer.context["rows"]]
        address = answer.context["next"] and f"/machines/{answer.context['next']}"
    assert len(seen) == len(set(seen)) == 70


def test_a_low_confidence_is_called_unverified(stranger, four):
    assert text(stranger.get("/machines/?confidence=low")).count("(unverified)") == 1
    assert "(unverified)" not in text(stranger.get("/machines/?confidence=high"))


# -- one machine -------------------------------------------------------------------------------------------


def test_every_fact_stands_there_with_its_source(stranger, db):
    one = s19(source="Maker's page", source_url="https://example.org/s19", as_of="2026-05", note="two bins")
    page = unescape(text(stranger.get(f"/machines/{one.pk}/")))
    for words in (
        "Bitmain",
        "110 TH/s",
        "3250 W",
        "29.55 J/TH",
        "SHA-256",
        "Maker's page",
        "2026-05",
        "two bins",
    ):
        assert words in page
    assert 'href="https://example.org/s19"' in page
    assert '<dt>Weight</dt><dd><span class="unknown">unknown</span>' in page


def test_a_source_that_is_no_address_is_no_link(stranger, db):
    one = s19(source_url="javascript:alert(1)")
    assert "javascript" not in text(stranger.get(f"/machines/{one.pk}/"))


def test_a_day_at_a_price_and_a_hashprice(stranger, db):
    one = s19()
    page = text(stranger.get(f"/machines/{one.pk}/?price_usd=0.05&hashprice_usd=50"))
    for words in ("78 kWh", "3.90 USD", "5.50 USD", "What is left a day", "1.60 USD", "0.0705 USD/kWh"):
        assert words in page
    assert "It loses a day" not in page
    page = text(stranger.get(f"/machines/{one.pk}/?price_usd=0.10&hashprice_usd=30"))
    assert 'It loses a day</th><td class="num"><b>4.50 USD' in page


def test_the_day_starts_from_the_stored_hashprice_and_says_its_day(stranger, db):
    factories.rate(value="48.25", on=factories.TODAY - timedelta(3))
    page = text(stranger.get(f"/machines/{s19().pk}/"))
    assert 'value="48.25"' in page
    assert "of 8 Jan 2027" in page
    assert "(old" not in page


def test_a_hashprice_past_its_age_is_called_old(stranger, db):
    factories.rate(value="48.25", on=factories.TODAY - timedelta(36))
    one = s19()
    assert "(old: no longer used for prices)" in text(stranger.get(f"/machines/{one.pk}/"))
    assert "old hashprice" in text(stranger.get(f"/machines/{one.pk}/"))
    assert "old hashprice" not in text(stranger.get(f"/machines/{one.pk}/?hashprice_usd=50"))


def test_without_a_hashprice_it_asks_for_one(stranger, db):
    page = text(stranger.get(f"/machines/{s19().pk}/"))
    assert "No hashprice is stored; type one." in page
    assert "nobody can say what it earns" in page


def test_a_scrypt_machine_earns_no_hashprice_and_says_why(stranger, db):
    factories.rate(value="48.25")
    factories.offer()
    one = factories.machine(algorithm="Scrypt", hashrate_th_s=Decimal("0.0095"), efficiency_j_th=Decimal(1))
    page = text(stranger.get(f"/machines/{one.pk}/"))
    assert "It mines with Scrypt, not SHA-256" in page
    assert "It earns a day" not in page
    assert "The hotels here host SHA-256 machines" in page


@pytest.mark.parametrize(
    "query", ["price_usd=cheap", "price_usd=0,05", "price_usd=-1", "hashprice_usd=NaN", "hashprice_usd=1e9"]
)
def test_a_price_that_cannot_be_read_is_400_and_keeps_what_was_typed(stranger, db, query):
    answer = stranger.get(f"/machines/{s19().pk}/?{query}")
    assert answer.status_code == 400
    name, value = query.split("=")
    assert f'href="#f-{name}"' in text(answer)
    assert f'value="{value}"' in text(answer)
    assert "Energy a day" not in text(answer)


def test_a_machine_nobody_knows_is_not_there(stranger, db):
    assert stranger.get("/machines/5f0d2b3c-0000-4000-8000-000000000000/").status_code == 404


# -- where it would be welcome -----------------------------------------------------------------------------


@pytest.fixture
def hotels(steppe):
    """Kazakhstan: two that take it (one by its very limit) and one too strict; Norway: too strict; Iceland:
    cools otherwise; China: banned."""
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.fact("CN", "legal_status", "banned")
    for code, price, limit, cooling in (
        ("KZ", "0.06", None, "air"),
        ("KZ", "0.05", "29.55", "air"),
        ("KZ", "0.04", "29.54", "air"),
        ("NO", "0.03", "25", "air"),
        ("IS", "0.03", None, "hydro"),
        ("CN", "0.02", None, "air"),
    ):
        terms = {"energy_price": Decimal(price), "cooling": cooling, "max_j_per_th": limit and Decimal(limit)}
        factories.offer(factories.site(steppe, code=code), terms=terms)
    listings.refresh(book=engine.book(factories.TODAY), now=factories.NOW)


def test_places_are_counted_that_would_take_it(stranger, hotels):
    answer = stranger.get(f"/machines/{s19().pk}/")
    ((row, place, _standing, address),) = answer.context["welcome"]
    assert (place.code, row.admits, row.hotels, row.cheapest_micros) == ("KZ", 2, 3, 50_000)
    assert parse_qs(urlsplit(address).query)["allowed_jurisdictions"] == ["KZ"]
    assert "2 of 6 hotels on the market take machines of 29.55 J/TH" in text(answer)


def test_the_link_leads_to_a_list_that_agrees(stranger, hotels):
    factories.rate(value="50")
    answer = stranger.get(f"/machines/{s19().pk}/")
    found = stranger.get(answer.context["find"])
    assert found.status_code == 200
    assert {row.offer.site.jurisdiction_id for row in found.context["answer"].rows} == {"KZ"}
    assert len(found.context["answer"].rows) == 2


def test_the_others_say_what_keeps_it_out(stranger, hotels):
    answer = stranger.get(f"/machines/{s19().pk}/")
    rows = {row.code: row for row, *_rest in answer.context["unwelcome"]}
    assert set(rows) == {"NO", "IS", "CN"}
    assert (rows["NO"].too_old, rows["NO"].highest_limit) == (1, Decimal(25))
    assert rows["IS"].other_cooling == 1
    assert rows["CN"].is_banned
    page = text(answer)
    for words in ("the limit is 25 J/TH", "1 hotel cools otherwise.", "the law bans mining."):
        assert words in page


def test_what_is_not_on_the_market_counts_for_nothing(stranger, hotels):
    Offer.objects.filter(site__jurisdiction="KZ").update(status="paused")
    factories.fact("NO", "sanctions_comprehensive", "yes")
    answer = stranger.get(f"/machines/{s19().pk}/")
    assert answer.context["welcome"] == []
    assert {row.code for row, *_rest in answer.context["unwelcome"]} == {"IS", "CN"}
    assert "None takes it today." in text(answer)


def test_without_hotels_it_leads_to_the_places(stranger, db):
    assert "No hotel is on the market today." in text(stranger.get(f"/machines/{s19().pk}/"))


def test_more_machines_and_hotels_do_not_mean_more_queries(stranger, hotels, steppe):
    one = s19()
    with CaptureQueriesContext(connection) as few:
        stranger.get("/machines/")
        stranger.get(f"/machines/{one.pk}/")
    for number in range(20):
        factories.offer(factories.site(code="FI" if number % 2 else "SE"))
        factories.machine()
    with CaptureQueriesContext(connection) as many:
        stranger.get("/machines/")
        stranger.get(f"/machines/{one.pk}/")
    assert len(many) == len(few)
