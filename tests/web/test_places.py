"""Places: the law now and to come, facts with their sources, hotels."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.web.reading import text


def test_every_place_is_listed_with_what_holds_there(stranger, karaganda):
    factories.fact("KZ", "predictability", "2")
    factories.jurisdiction("NO", name="Norway")
    page = text(stranger.get("/places/"))
    assert 'href="/places/NO/">Norway</a>' in page
    assert 'href="/hotels/?jurisdiction=KZ">1</a>' in page
    assert "legal, licensed" in page
    assert "unknown" in page


def test_a_subdivision_takes_the_status_of_its_country(stranger):
    factories.fact("RU", "legal_status", "restricted")
    factories.jurisdiction("RU-IRK", name="Irkutsk")
    page = text(stranger.get("/places/RU-IRK/"))
    assert "restricted" in page
    assert "legal status, from RU" in page


def test_a_banned_country_bans_its_subdivisions(stranger):
    factories.fact("CN", "legal_status", "banned")
    factories.fact("CN-SC", "legal_status", "tolerated")
    page = text(stranger.get("/places/CN-SC/"))
    assert ">banned" in page


def test_rules_are_told_in_words_now_and_to_come(stranger):
    factories.rule("KZ", "levy_per_kwh", levy=[{"from": "0", "amount": "2.5"}], levy_currency="KZT")
    factories.rule("KZ", "require_licence", subject="miner", licence_type="kz-2", min_kw=500)
    factories.rule(
        "KZ", "curtail", valid_from=date(2027, 11, 15), valid_to=date(2028, 3, 16), title="Winter stop"
    )
    page = text(stranger.get("/places/KZ/"))
    assert "A levy per kWh: 2.50 KZT." in page
    assert "The miner needs the licence kz-2. Orders from 500 kW up." in page
    now, coming = page.split("Rules to come")
    assert ">coming<" not in now
    assert coming.count(">coming<") == 1
    assert "Winter stop" in coming
    assert "15 Nov 2027 to 15 Mar 2028" in coming


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"valid_to": factories.TODAY}])
def test_a_rule_that_is_no_law_is_not_shown(stranger, hidden):
    factories.rule("KZ", "prohibit", title="Not this one", **hidden)
    assert "Not this one" not in text(stranger.get("/places/KZ/"))


def test_a_fact_has_its_source_and_an_unverified_one_is_called_so(stranger):
    factories.fact("KZ", "vat_pct", "16")
    factories.fact("KZ", "climate_note", "dry", confidence="low", publisher="unverified", url="")
    page = text(stranger.get("/places/KZ/"))
    assert "<dt>VAT</dt>" in page
    assert 'class="sourced" tabindex="0">16 %' in page
    assert 'href="https://example.org/law"' in page
    assert 'class="sourced unverified" tabindex="0">dry' in page


def test_the_latest_fact_holds_and_one_to_come_does_not(stranger):
    factories.fact("KZ", "vat_pct", "12", valid_from=date(2020, 1, 1))
    factories.fact("KZ", "vat_pct", "16", valid_from=date(2026, 1, 1))
    factories.fact("KZ", "vat_pct", "20", valid_from=date(2027, 6, 1))
    page = text(stranger.get("/places/KZ/"))
    assert ">16 %" in page
    assert ">12 %" not in page
    assert ">20 %" not in page


def test_our_rating_is_called_ours_and_gives_its_reason(stranger):
    factories.fact("KZ", "predictability", "2", rationale="Fees change often.", confidence="low")
    page = text(stranger.get("/places/KZ/"))
    assert "predictability, our own rating" in page
    assert "Fees change often." in page


def test_a_place_under_sanctions_says_so(stranger):
    factories.fact("IR", "sanctions_comprehensive", "yes")
    assert "no hotel is published here" in text(stranger.get("/places/IR/"))


def test_hotels_here_are_those_on_the_market(stranger, as_mallory, karaganda):
    factories.offer(factories.site(name="Hidden Hall"), status="draft")
    factories.offer(factories.site(code="KZ-KAR", name="Below Hall"), terms={"energy_price": Decimal("0.05")})
    for client in (stranger, as_mallory):
        page = text(client.get("/places/KZ/"))
        assert "Steppe Hall 2" in page
        assert "Below Hall" in page
        assert "Hidden Hall" not in page


def test_a_place_where_nothing_is_known_says_so(stranger):
    factories.jurisdiction("NO")
    page = text(stranger.get("/places/NO/"))
    assert "unknown" in page
    assert "No dated rule is recorded here." in page
    assert "Nothing is recorded yet." in page


@pytest.mark.parametrize("code", ["XX", "kz-nowhere", "KZ' OR 1=1", "%00"])
def test_a_place_we_do_not_have_is_404(stranger, code):
    factories.jurisdiction("KZ")
    assert stranger.get(f"/places/{code}/").status_code == 404


def test_the_code_may_be_typed_in_small_letters(stranger):
    factories.jurisdiction("KZ")
    assert stranger.get("/places/kz/").status_code == 200


def test_more_places_do_not_mean_more_queries(stranger):
    factories.fact("KZ", "legal_status", "tolerated")
    with CaptureQueriesContext(connection) as few:
        stranger.get("/places/")
    for code in ("NO", "SE", "FI", "IS", "CA-QC", "CA-AB", "US-TX", "US-NY"):
        factories.fact(code, "legal_status", "tolerated")
    with CaptureQueriesContext(connection) as many:
        stranger.get("/places/")
    assert len(many) == len(few)
