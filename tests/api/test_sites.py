"""GET sites/ and sites/{id}/: grounds that have something to offer; the address is nobody else's business."""

from decimal import Decimal

import pytest

from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(steppe):
    """A site of Hanna's with a published offer."""
    site = factories.site(
        steppe,
        "KZ-KAR",
        name="Steppe Hall 2",
        cooling=["air", "hydro"],
        energy_mix={"coal": 40, "wind": "60"},
        pue=Decimal("1.08"),
    )
    factories.offer(site)
    return site


def test_a_site_shows_what_is_public(stranger, hall):
    row = walk(stranger, "sites/")[0]
    assert row == stranger.get(f"{API}/sites/{hall.pk}/").json()
    assert (row["id"], row["version"], row["name"]) == (str(hall.pk), hall.version, "Steppe Hall 2")
    assert (row["jurisdiction"], row["region"]) == ("KZ-KAR", "Karaganda region")
    assert (row["total_kw"], row["connected_on"], row["pue"]) == (50000, "2022-01-01", "1.0800")
    assert (row["cooling"], row["energy_mix"]) == (["air", "hydro"], {"coal": "40", "wind": "60"})
    assert row["host"] == {
        "handle": "steppe-power",
        "verified": True,
        "verified_at": "2027-01-11T09:00:00Z",
        "reputation": None,
        "licences": [],
    }


def test_the_address_is_shown_to_the_host_and_to_staff_only(stranger, as_, hall, hanna, min_, red_river, sam):
    path = f"{API}/sites/{hall.pk}/"
    assert as_(hanna).get(path).json()["address"] == "12 Secret Street"
    assert as_(sam).get(path).json()["address"] == "12 Secret Street"
    assert "address" not in stranger.get(path).json()
    assert "address" not in as_(min_).get(path).json()


def test_mallory_sees_neither_address_nor_legal_name(as_, hall, mallory):
    for path in ("sites/", f"sites/{hall.pk}/"):
        text = as_(mallory).get(f"{API}/{path}").content.decode()
        assert "Secret Street" not in text
        assert "address" not in text
        assert "LLP" not in text
        assert "legal_name" not in text


def test_a_site_without_a_published_offer_is_there_for_its_own_side_only(
    stranger, as_, steppe, hanna, mallory, sam
):
    site = factories.site(steppe)
    factories.offer(site, status="draft")
    path = f"{API}/sites/{site.pk}/"
    assert as_(hanna).get(path).json()["id"] == str(site.pk)
    assert as_(sam).get(path).status_code == 200
    for client in (stranger, as_(mallory)):
        is_problem(client.get(path), 404, "not_found")
        assert walk(client, "sites/") == []


def test_sites_are_filtered_by_place_and_host(stranger, hall):
    other = factories.offer(factories.site(code="NO")).site

    def found(**query):
        return {row["id"] for row in walk(stranger, "sites/", **query)}

    assert found(jurisdiction="KZ") == found(host="steppe-power") == {str(hall.pk)}
    assert found(jurisdiction="KZ-KAR") == {str(hall.pk)}
    assert found(jurisdiction=["KZ", "NO"]) == {str(hall.pk), str(other.pk)}
    assert found(updated_since="2027-01-11T09:00:00.000001Z") == set()


@pytest.mark.parametrize("query", [{"jurisdiction": "XX"}, {"cursor": "x"}, {"address": "12"}])
def test_a_filter_that_means_nothing_is_refused_by_its_name(stranger, query):
    body = is_problem(stranger.get(f"{API}/sites/", query), 400)
    assert list(body["errors"]) == list(query)


def test_thirty_sites_take_as_many_queries_as_three(stranger, django_assert_max_num_queries):
    for _number in range(3):
        factories.offer()
    with django_assert_max_num_queries(3) as few:
        stranger.get(f"{API}/sites/")
    for _number in range(27):
        factories.offer()
    with django_assert_max_num_queries(3) as many:
        assert len(stranger.get(f"{API}/sites/").json()["results"]) == 30
    assert len(few) == len(many)
