"""The first page."""

from datetime import date

import pytest

from hosting.models import RegulationEvent
from tests import factories
from tests.web.reading import text


def event(**fields):
    values = {
        "date": date(2026, 7, 8),
        "date_precision": "day",
        "jurisdiction": "KZ",
        "kind": "tariff",
        "title": "A tariff rises",
        "source": "The Gazette",
        "url": "https://example.org/tariff",
        "confidence": "high",
        "updated_at": factories.NOW,
    }
    return RegulationEvent.objects.create(**{**values, **fields})


def test_an_empty_market_says_so_and_no_price_is_invented(stranger):
    answer = stranger.get("/")
    assert answer.status_code == 200
    assert "<dd>0 kW</dd>" in text(answer)
    assert 'class="unknown">unknown' in text(answer)


def test_the_market_is_shown_in_figures(stranger, karaganda):
    assert "<dd>5 MW</dd>" in text(stranger.get("/"))
    assert "free now, in 1 hotel<" in text(stranger.get("/"))


def test_a_draft_is_not_counted(stranger, as_mallory, karaganda):
    factories.offer(factories.site(), status="draft")
    for client in (stranger, as_mallory):
        assert "free now, in 1 hotel<" in text(client.get("/"))


def test_news_has_its_date_its_place_and_its_source(stranger):
    factories.jurisdiction("KZ", name="Kazakhstan")
    event()
    page = text(stranger.get("/"))
    assert "8 Jul 2026" in page
    assert 'href="/places/KZ/">Kazakhstan</a>' in page
    assert 'href="https://example.org/tariff"' in page


def test_news_of_a_place_we_do_not_have_keeps_its_code(stranger):
    event(jurisdiction="EU", date_precision="month")
    page = text(stranger.get("/"))
    assert '<span class="place-name">EU</span>' in page
    assert "Jul 2026" in page
    assert "8 Jul 2026" not in page


def test_what_has_not_happened_yet_is_no_news(stranger):
    event(title="Still to come", date=date(2027, 6, 1))
    assert "Still to come" not in text(stranger.get("/"))


def test_the_short_form_shows_the_assumptions_it_makes(stranger):
    page = text(stranger.get("/"))
    for name, value in (
        ("earliest_start", "2027-01-11"),
        ("latest_start", "2027-04-11"),
        ("term_months", "12"),
        ("max_price_usd", "0.0800"),
    ):
        assert f'name="{name}" value="{value}"' in page


@pytest.mark.parametrize("language", ["en", "zh-hans", "ru"])
def test_the_first_page_speaks_each_language_of_the_site(stranger, language, karaganda):
    answer = stranger.get("/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in text(answer)


def test_scripts_and_styles_come_from_files_alone(stranger, ask, karaganda):
    for answer in (stranger.get("/"), ask(), stranger.get(f"/hotels/{karaganda.pk}/")):
        page = answer.content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=")


def test_only_reading_is_allowed(stranger):
    assert stranger.post("/").status_code == 405
