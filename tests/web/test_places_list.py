"""The list of places with its map: filters, order, what the links carry, and what works without a script."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.filters import PlaceListFilter
from hosting.services import placefigures
from hosting.services.atlas import LOWEST_POWER
from tests import factories
from tests.web.reading import text


def codes(answer):
    """The codes of the places in the list, in order."""
    return [row.entry.place.code for row in answer.context["rows"]]


@pytest.fixture
def five(db):
    """Kazakhstan, Norway (unverified), China (banned) with Sichuan, and Sweden of which nothing is known."""
    cases = (
        ("KZ", "Kazakhstan", "legal_licensed", "high", "2", "0.056"),
        ("NO", "Norway", "tolerated", "low", "4", "0.04"),
        ("CN", "China", "banned", "high", "4", "0.09"),
    )
    for code, name, status, confidence, rating, price in cases:
        factories.jurisdiction(code, name=name)
        factories.fact(code, "legal_status", status, confidence=confidence)
        factories.fact(code, "predictability", rating, confidence="low")
        factories.fact(code, LOWEST_POWER, price, confidence=confidence)
    factories.jurisdiction("CN-SC", name="Sichuan")
    factories.jurisdiction("SE", name="Sweden")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["CN", "CN-SC", "KZ", "NO", "SE"]),
        ("q=&min_legal_status=&max_power_price=&ordering=", ["CN", "CN-SC", "KZ", "NO", "SE"]),
        ("q=kaz", ["KZ"]),
        ("q=china", ["CN", "CN-SC"]),
        ("q=cn", ["CN", "CN-SC"]),
        ("min_legal_status=restricted", ["KZ"]),
        ("min_legal_status=restricted&unverified=true", ["KZ", "NO"]),
        ("min_legal_status=banned&unverified=true", ["KZ", "NO"]),
        ("min_predictability=3", ["CN", "CN-SC", "NO"]),
        ("max_power_price=0.056", ["KZ"]),
        ("max_power_price=0.1", ["CN", "CN-SC", "KZ"]),
        ("max_power_price=0.1&unverified=true", ["CN", "CN-SC", "KZ", "NO"]),
        ("has_hotels=true", []),
        ("ordering=-legal_status", ["KZ", "NO", "CN", "CN-SC", "SE"]),
        ("ordering=power_price", ["NO", "KZ", "CN", "CN-SC", "SE"]),
        ("ordering=-predictability&by=power_price", ["CN", "CN-SC", "NO", "KZ", "SE"]),
        ("parent=CN", ["CN-SC"]),
    ],
)
def test_places_can_be_filtered_and_sorted(stranger, five, query, found):
    answer = stranger.get(f"/places/?{query}")
    assert answer.status_code == 200
    assert codes(answer) == found


def test_a_country_has_the_hotels_of_its_parts(stranger, five, steppe):
    factories.offer(factories.site(steppe, code="CN-SC"))
    assert codes(stranger.get("/places/?has_hotels=true")) == ["CN", "CN-SC"]
    assert codes(stranger.get("/places/?has_hotels=false")) == ["KZ", "NO", "SE"]
    page = text(stranger.get("/places/?ordering=-hotels"))
    assert 'href="/hotels/?jurisdiction=CN">1</a>' in page


def test_a_row_shows_status_rating_and_power_with_what_is_unverified(stranger, five):
    page = text(stranger.get("/places/?q=NO"))
    assert 'class="sourced unverified" tabindex="0">tolerated' in page
    assert 'class="sourced unverified" tabindex="0">0.04' in page
    assert "The Gazette" in page


def test_what_a_place_takes_from_its_country_is_marked(stranger, five):
    row = text(stranger.get("/places/?q=Sichuan")).split("<tbody>")[1]
    assert row.count("from CN</span>") == 3


def test_unknown_is_a_word_and_never_a_nought(stranger, five):
    row = text(stranger.get("/places/?q=Sweden")).split("<tbody>")[1]
    assert row.count('class="unknown">unknown') == 3
    assert "no hotel" in row


def test_free_capacity_of_fewer_than_three_hosts_is_not_shown(stranger, five):
    for _host in range(2):
        factories.offer(phases=[(5000, factories.TODAY, None)])
    page = text(stranger.get("/places/?q=KZ&by=free_kw"))
    assert "too few hosts to show" in page
    assert "Kazakhstan: free capacity not shown, fewer than three hosts (hotels: 2)" in unescape(page)
    factories.offer(phases=[(5000, factories.TODAY, None)])
    page = text(stranger.get("/places/?q=KZ&by=free_kw"))
    assert "15.0 MW" in page.split("<tbody>")[1]
    assert "Kazakhstan: 15.0 MW free (hotels: 3)" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("max_power_price=cheap", "Industrial power from, at most, USD/kWh: Enter a number."),
        ("max_power_price=-1", "greater than or equal to 0"),
        ("min_predictability=9", "less than or equal to 5"),
        ("min_legal_status=fine", "fine is not one of the available choices"),
        ("has_hotels=perhaps", "perhaps is not one of the available choices"),
        ("unverified=maybe", "maybe is not one of the available choices"),
        ("ordering=luck", "Sort by: Select a valid choice"),
        ("by=colour", "Colour the map by: Select a valid choice"),
        (f"q={'x' * 81}", "at most 80 characters"),
        ("q=%00", "Null characters are not allowed."),
        ("parent=nowhere", "not one of the available choices"),
    ],
)
def test_bad_input_is_refused_in_words_and_shows_no_place(stranger, five, query, said):
    answer = stranger.get(f"/places/?{query}")
    assert answer.status_code == 400
    assert said in unescape(text(answer))
    assert codes(answer) == []


def test_what_was_typed_is_kept_and_escaped(stranger, five):
    page = text(stranger.get("/places/", {"q": '"><script>x</script>', "max_power_price": "abc"}))
    assert "<script>x" not in page
    assert 'value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"' in page
    assert 'value="abc" aria-invalid="true"' in page


def test_no_place_that_passes_is_said(stranger, five):
    assert "No place passes these filters" in text(stranger.get("/places/?q=atlantis"))


def test_the_headings_sort_without_a_script_and_keep_the_filters(stranger, five):
    page = stranger.get("/places/?q=cn&ordering=-legal_status&by=free_kw")
    assert 'aria-sort="descending"><a href="?q=cn&amp;ordering=legal_status&amp;by=free_kw#rows"' in text(
        page
    )
    again = stranger.get("/places/?q=cn&ordering=legal_status&by=free_kw")
    assert 'aria-sort="ascending"><a href="?q=cn&amp;ordering=-legal_status' in text(again)


def test_the_colours_are_links_that_keep_the_filters(stranger, five):
    page = text(stranger.get("/places/?q=cn&by=power_price"))
    assert '<a href="?q=cn&amp;by=legal_status">legal status</a>' in page
    assert '<a href="?q=cn&amp;by=power_price" aria-current="true">power price</a>' in page
    assert '<input type="hidden" name="by" value="power_price">' in page


def test_every_place_is_a_link_on_the_map_with_all_that_its_colour_says(stranger, five):
    page = unescape(text(stranger.get("/places/?q=KZ")))
    map_ = page.split("<svg viewBox")[1].split("</svg>")[0]
    titles = dict(re.findall(r'<a href="/places/([A-Z-]+)/"><title>([^<]+)</title>', map_))
    assert titles == {
        "CN": "China: banned (high confidence, since 1 Apr 2023)",
        "KZ": "Kazakhstan: legal, licensed (high confidence, since 1 Apr 2023)",
        "NO": "Norway: tolerated (unverified, since 1 Apr 2023)",
        "SE": "Sweden: legal status unknown",
        "CN-SC": "Sichuan: banned (high confidence, from CN, since 1 Apr 2023)",
    }
    assert list(titles) == ["CN", "KZ", "NO", "SE", "CN-SC"], "shapes country by country, then the dots"
    assert map_.count('fill="url(#unverified)"') == 1
    assert map_.count('fill="url(#unknown)"') == 1


def test_the_map_can_be_skipped_and_the_list_follows(stranger, five):
    page = text(stranger.get("/places/"))
    assert page.index('class="skip" href="#rows"') < page.index("<svg viewBox") < page.index('id="rows"')


def test_nothing_is_styled_or_scripted_inline(stranger, five):
    page = text(stranger.get("/places/?by=power_price"))
    assert " style=" not in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []


def test_for_htmx_the_list_comes_without_the_map(stranger, five):
    answer = stranger.get("/places/?q=KZ", headers={"HX-Request": "true"})
    page = text(answer)
    assert 'id="rows"' in page
    assert '<svg viewBox="0 -' not in page
    assert '<a href="?q=KZ&amp;by=free_kw">' in page, "the colours keep the new filters, too"
    assert "HX-Request" in answer["Vary"]
    back = stranger.get("/places/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert '<svg viewBox="0 -' in text(back)


def test_ticked_places_go_to_the_comparison(stranger, five):
    page = text(stranger.get("/places/?q=KZ"))
    assert '<form class="sheet" method="get" action="/places/compare/">' in page
    assert '<input class="form-check-input" type="checkbox" name="place" value="KZ">' in page


def test_mallory_sees_what_a_stranger_sees(stranger, as_mallory, five):
    for query in ("", "?by=free_kw", "?ordering=-free_kw"):
        assert codes(stranger.get(f"/places/{query}")) == codes(as_mallory.get(f"/places/{query}"))


def test_every_order_and_colour_of_the_form_can_be_asked_for(stranger, five):
    for ordering in PlaceListFilter.ORDERS:
        assert stranger.get(f"/places/?ordering={ordering}").status_code == 200
    for by in PlaceListFilter.COLOURS:
        assert stranger.get(f"/places/?by={by}").status_code == 200


@pytest.mark.parametrize("is_stored", [True, False])
def test_more_places_and_hotels_do_not_mean_more_queries(stranger, five, steppe, is_stored):
    query = "/places/?min_legal_status=tolerated&min_predictability=1&max_power_price=1&has_hotels=true&q=a"
    factories.offer(factories.site(steppe, code="SE"))
    few = queries(stranger, query, is_stored)
    for code in ("FI", "IS", "CA-QC", "US-TX"):
        factories.fact(code, "legal_status", "tolerated")
        factories.offer(factories.site(steppe, code=code), terms={"energy_price": Decimal("0.05")})
    assert queries(stranger, query, is_stored) == few


def queries(client, query, is_stored):
    if is_stored:
        placefigures.refresh(as_of=factories.TODAY, now=factories.NOW)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(query).status_code == 200
    return len(counted)
