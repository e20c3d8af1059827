"""The search of the header, as a page."""

import pytest

from tests import factories
from tests.web.reading import text


@pytest.fixture
def market(steppe):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.offer(factories.site(steppe, name="Steppe Hall 2"), title="Firm power")
    factories.machine(maker="Bitmain", model="Antminer S19 Pro 110T")


def test_every_page_has_the_search_and_it_needs_no_script(stranger, market):
    page = text(stranger.get("/hotels/"))
    assert '<form class="top-search if-wide" role="search" method="get" action="/search/">' in page
    assert 'name="q" maxlength="80"' in page
    # On a phone a link leads to the same form.
    assert '<a class="if-narrow" href="/search/"' in page


def test_what_was_found_stands_by_kind_with_its_count(stranger, market):
    page = text(stranger.get("/search/?q=Steppe"))
    assert "1 thing was found." in page
    assert "Steppe Hall 2" in page
    assert 'id="found-hotels"' in page
    assert 'id="found-places"' not in page
    page = text(stranger.get("/search/?q=s19pro"))
    assert "Antminer S19 Pro 110T" in page


def test_a_code_leads_to_its_place_with_its_law(stranger, market):
    page = text(stranger.get("/search/?q=kz"))
    assert 'href="/places/KZ/"' in page
    assert "legal, licensed" in page


def test_who_finds_nothing_is_told_what_to_do_next(stranger, market):
    page = text(stranger.get("/search/?q=atlantis"))
    assert "Nothing here is called that" in page
    for address in ("/hotels/", "/places/", "/machines/", "/find/"):
        assert f'href="{address}"' in page


@pytest.mark.parametrize("words", ["x", "..", "a" * 81])
def test_words_that_cannot_be_looked_for_are_400_and_stay_there(stranger, market, words):
    answer = stranger.get("/search/", {"q": words})
    assert answer.status_code == 400
    assert f'value="{words}"' in text(answer)
    assert "Use at " in text(answer)


def test_without_words_there_is_the_form(stranger, market):
    answer = stranger.get("/search/?q=")
    assert answer.status_code == 200
    assert "Nothing here" not in text(answer)


def test_what_was_typed_is_shown_as_text(stranger, market):
    page = text(stranger.get("/search/", {"q": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in page


def test_mallory_finds_what_a_stranger_finds(stranger, as_mallory, steppe, market):
    factories.offer(factories.site(steppe, name="Hidden Steppe"), status="draft")
    for client in (stranger, as_mallory):
        page = text(client.get("/search/?q=steppe"))
        assert "Steppe Hall 2" in page
        assert "Hidden Steppe" not in page
        assert "Secret Street" not in page
        assert "LLP" not in page


def test_a_search_is_no_page_for_search_engines(stranger, market):
    assert '<meta name="robots" content="noindex, follow">' in text(stranger.get("/search/?q=kz"))


def test_a_search_takes_the_same_queries_whatever_it_finds(
    stranger, market, steppe, django_assert_num_queries
):
    for number in range(20):
        factories.offer(factories.site(steppe, name=f"Steppe {number}"), phases=[(9, factories.TODAY, None)])
        factories.machine(model=f"Steppe {number}")
    with django_assert_num_queries(6):
        assert "40 things" not in text(stranger.get("/search/?q=nothing"))
    with django_assert_num_queries(6):
        assert "41 things were found." in text(stranger.get("/search/?q=steppe"))
