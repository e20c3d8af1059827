"""The list of hotels: filters, order, pages."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.models import Offer
from hosting.services import engine, listings
from tests import factories
from tests.web.reading import text


def named(answer):
    """The names of the hotels in a list, in order."""
    return [row["offer"].site.name for row in answer.context["rows"]]


@pytest.fixture
def three(steppe):
    """Three hotels: cheap and small, dear and large, and one in Norway."""
    factories.fact("KZ", "legal_status", "restricted")
    factories.fact("NO", "legal_status", "legal_unregulated")
    cases = (("Cheap", "KZ", "0.04", 2000), ("Large", "KZ", "0.07", 9000), ("North", "NO", "0.055", 5000))
    for name, code, price, kw in cases:
        factories.offer(
            factories.site(steppe, code=code, name=name),
            terms={"energy_price": Decimal(price), "cooling": "hydro" if name == "North" else "air"},
            phases=[(kw, factories.TODAY, None)],
        )
    listings.refresh(book=engine.book(factories.TODAY), now=factories.NOW)


def test_hotels_can_be_sorted(stranger, three):
    assert named(stranger.get("/hotels/?ordering=list_price")) == ["Cheap", "North", "Large"]
    assert named(stranger.get("/hotels/?ordering=-free_kw")) == ["Large", "North", "Cheap"]
    assert stranger.get("/hotels/").status_code == 200


def test_a_row_shows_price_free_capacity_law_and_evidence(stranger, three):
    page = text(stranger.get("/hotels/?ordering=list_price"))
    assert "<b>0.0400</b>" in page
    assert "<b>2.0 MW</b>" in page
    assert "restricted" in page
    assert "claimed by the host only" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("jurisdiction=NO", ["North"]),
        ("max_price=0.055", ["Cheap", "North"]),
        ("min_kw=5000", ["North", "Large"]),
        ("cooling=hydro", ["North"]),
        ("min_legal_status=legal_unregulated", ["North"]),
        ("evidence=verified", []),
        ("price_model=tiered", []),
        ("jurisdiction=&max_price=&min_kw=", ["Cheap", "North", "Large"]),
    ],
)
def test_hotels_can_be_filtered(stranger, three, query, names):
    assert named(stranger.get(f"/hotels/?ordering=list_price&{query}")) == names


def test_a_list_that_is_empty_says_what_to_do(stranger, three):
    assert "see all hotels" in text(stranger.get("/hotels/?evidence=verified"))


@pytest.mark.parametrize(
    "query",
    [
        "max_price=cheap",
        "max_price=-1",
        "max_price=NaN",
        "min_kw=3,500",
        "min_kw=-5",
        "min_kw=99999999999999999999",
        "available_by=tomorrow",
        "jurisdiction=XX",
        "cooling=steam",
        "ordering=secret",
        "min_renewable=101",
        "cursor=broken",
        "cursor=eyJhIjoxfQ",
    ],
)
def test_a_filter_that_cannot_be_read_is_400_and_keeps_what_was_typed(stranger, three, query):
    answer = stranger.get(f"/hotels/?{query}")
    assert answer.status_code == 400
    assert "can’t be read" in text(answer)
    name, value = query.split("=")
    if name in ("max_price", "min_kw"):
        assert f'value="{value}"' in text(answer)


def test_a_long_list_is_walked_page_by_page_once(stranger, steppe):
    site = factories.site(steppe)
    for _number in range(30):
        factories.offer(site, phases=[(100, factories.TODAY, None)])
    seen, address = [], "/hotels/?ordering=list_price"
    while address:
        answer = stranger.get(address)
        seen += [row["offer"].pk for row in answer.context["rows"]]
        address = answer.context["next"] and f"/hotels/{answer.context['next']}"
    assert len(seen) == 30
    assert len(set(seen)) == 30
    assert parse_qs(urlsplit(f"/hotels/{answer.context['previous']}").query)["ordering"] == ["list_price"]


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_what_is_not_published_is_not_listed_for_others(stranger, as_mallory, status):
    factories.offer(factories.site(name="Hidden Hall"), status=status)
    for client in (stranger, as_mallory):
        assert "Hidden Hall" not in text(client.get("/hotels/"))


def test_a_paused_hotel_is_gone_from_the_list(stranger, three):
    Offer.objects.filter(site__name="North").update(status="paused")
    assert named(stranger.get("/hotels/?ordering=list_price")) == ["Cheap", "Large"]


def test_neither_address_nor_legal_name_stands_in_the_list(stranger, as_mallory, three):
    for client in (stranger, as_mallory):
        page = text(client.get("/hotels/"))
        assert "Secret Street" not in page
        assert "Steppe Power LLP" not in page


def test_more_hotels_do_not_mean_more_queries(stranger, three, steppe):
    with CaptureQueriesContext(connection) as few:
        stranger.get("/hotels/")
    for number in range(20):
        factories.offer(factories.site(code="FI" if number % 2 else "SE"))
    with CaptureQueriesContext(connection) as many:
        stranger.get("/hotels/")
    assert len(many) == len(few)
