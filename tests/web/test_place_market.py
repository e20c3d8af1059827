"""What a place's page shows of the market: the cheapest hotels, and figures of three hosts at least."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.models import Offer
from hosting.services import placefigures
from hosting.web import placemarket
from tests import factories
from tests.web.placepages import event, traced
from tests.web.reading import text


def test_hotels_here_are_those_on_the_market(stranger, as_mallory, karaganda):
    factories.offer(factories.site(name="Hidden Hall"), status="draft")
    factories.offer(factories.site(code="KZ-KAR", name="Below Hall"), terms={"energy_price": Decimal("0.05")})
    for client in (stranger, as_mallory):
        page = text(client.get("/places/KZ/"))
        assert "Steppe Hall 2" in page
        assert "Below Hall" in page
        assert "Hidden Hall" not in page
        assert 'href="/hotels/?jurisdiction=KZ"' in page


def test_only_the_cheapest_hotels_are_listed_and_unpriced_ones_come_last(stranger, steppe, monkeypatch):
    monkeypatch.setattr(placemarket, "MOST", 3)
    site = factories.site(steppe)
    for title, micros in (("dear", 90_000), ("cheap", 40_000), ("unpriced", None), ("middle", 60_000)):
        made = factories.offer(site, title=title, phases=((100, factories.TODAY, None),))
        Offer.objects.filter(pk=made.pk).update(list_price_micros=micros)
    answer = stranger.get("/places/KZ/")
    assert traced(answer, "offer:", "title") == ["cheap", "middle", "dear"]
    assert traced(answer, "offer:", "list_price_micros") == ["0.0400", "0.0600", "0.0900"]
    monkeypatch.setattr(placemarket, "MOST", 4)
    assert traced(stranger.get("/places/KZ/"), "offer:", "list_price_micros")[-1] == "unknown"


def test_a_sanctioned_place_has_no_hotels(stranger, karaganda):
    factories.fact("KZ", "sanctions_comprehensive", "yes")
    assert "Steppe Hall 2" not in text(stranger.get("/places/KZ/"))


def test_figures_behind_which_there_are_too_few_hosts_are_withheld(stranger, karaganda):
    page = text(stranger.get("/places/KZ/"))
    assert page.count("fewer than three hosts<") == 3
    for _host in range(2):
        factories.offer(factories.site())
    answer = stranger.get("/places/KZ/")
    assert traced(answer, "figures:KZ", "free_kw") == ["15.0 MW"]
    # Nothing has a price in this market yet.
    assert text(answer).count("fewer than three hosts<") == 1


def test_a_day_that_is_over_shows_the_figures_that_were_kept_of_it(stranger, karaganda):
    yesterday = factories.TODAY - timedelta(days=1)
    page = text(stranger.get(f"/places/KZ/?as_of={yesterday}"))
    assert "No figures of the market were kept on that day." in page
    assert "The cheapest hotels here today, whatever day is chosen above" in page
    placefigures.refresh(as_of=yesterday, now=factories.NOW)
    answer = stranger.get(f"/places/KZ/?as_of={yesterday}")
    assert traced(answer, "figures:KZ", "organizations") == ["1"]


def test_nobody_knows_what_a_day_to_come_will_have(stranger, karaganda):
    page = text(stranger.get("/places/KZ/?as_of=2028-01-01"))
    assert "What the market will have on that day nobody knows yet." in page


@pytest.mark.parametrize("is_stored", [False, True])
@pytest.mark.parametrize("query", ["", "?as_of=2021-05-25"])
def test_thirty_hotels_take_as_many_queries_as_one(stranger, karaganda, query, is_stored):
    def queries():
        if is_stored:
            placefigures.refresh(as_of=factories.TODAY, now=factories.NOW)
        with CaptureQueriesContext(connection) as taken:
            assert stranger.get(f"/places/KZ/{query}").status_code == 200
        return len(taken)

    few = queries()
    hosts = [factories.site(code="KZ-KAR"), factories.site(code="KZ"), factories.site(karaganda.site.host)]
    for number in range(29):
        factories.offer(hosts[number % 3], title=f"More {number}", phases=((100, factories.TODAY, None),))
        factories.rule("KZ", "allow", title=f"Note {number}")
        factories.fact("KZ", f"field_{number}", "1")
        event("KZ", title=f"News {number}")
    assert queries() == few
