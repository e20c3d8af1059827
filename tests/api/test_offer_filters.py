"""The filters and orderings of offers/, the same that the page uses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.services import licences
from hosting.models import Offer, Site
from hosting.services import capacity, trust
from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY


def titles(client, **query):
    return [row["title"] for row in walk(client, "offers/", **query)]


def offer(title, code="KZ", *, price=None, **fields):
    made = factories.offer(factories.site(code=code), title=title, **fields)
    Offer.objects.filter(pk=made.pk).update(list_price_micros=price)
    return made


def test_a_country_covers_its_subdivisions(stranger):
    offer("country")
    offer("region", "KZ-KAR")
    offer("other", "KZ-PAV")
    offer("abroad", "NO")
    assert set(titles(stranger, jurisdiction="KZ")) == {"country", "region", "other"}
    assert titles(stranger, jurisdiction="KZ-KAR") == ["region"]
    assert set(titles(stranger, jurisdiction=["KZ-KAR", "NO"])) == {"region", "abroad"}


def test_max_price_bounds_the_list_price_inclusively_and_none_is_not_cheap(stranger):
    offer("cheap", price=59_999)
    offer("just", price=60_000)
    offer("dear", price=60_001)
    offer("unknown", price=None)
    assert set(titles(stranger, max_price="0.06")) == {"cheap", "just"}
    assert titles(stranger, max_price="0.059999") == ["cheap"]


def test_min_kw_is_read_on_the_day_it_must_be_available_by(stranger, sam):
    later = TODAY + timedelta(30)
    offer("now", phases=((1000, TODAY, later),))
    offer("later", phases=((1000, later, None),))
    held = offer("taken", phases=((1000, TODAY, None),))
    capacity.hold(
        offer=held,
        kw=1,
        starts_on=TODAY,
        ends_on=later,
        held_until=factories.NOW + timedelta(hours=72),
        request=factories.request(),
        by=sam,
        now=factories.NOW,
    )
    assert titles(stranger, min_kw=1000) == ["now"]
    assert set(titles(stranger, min_kw=999)) == {"now", "taken"}
    assert set(titles(stranger, min_kw=1000, available_by=later.isoformat())) == {"later", "taken"}
    assert set(titles(stranger, available_by=later.isoformat())) == {"later", "taken"}
    assert set(titles(stranger, available_by=TODAY.isoformat())) == {"now", "taken"}


def test_cooling_price_model_and_renewable_share_are_read_from_the_terms_in_force(stranger):
    offer("hydro", terms={"cooling": "hydro", "renewable": Decimal("50.01")})
    offer("indexed", terms={"price_model": "indexed", "renewable": Decimal("50.00")})
    offer("plain")
    assert titles(stranger, cooling="hydro") == ["hydro"]
    assert len(titles(stranger, cooling=["hydro", "air"])) == 3
    assert titles(stranger, price_model="indexed") == ["indexed"]
    assert titles(stranger, min_renewable="50.01") == ["hydro"]
    assert set(titles(stranger, min_renewable="50")) == {"hydro", "indexed"}


def test_a_minimum_of_legal_status_is_inherited_and_unknown_fails(stranger):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.fact("KZ-PAV", "legal_status", "restricted")
    factories.fact("NO", "legal_status", "legal_licensed", confidence="low")
    factories.fact("CN", "legal_status", "banned")
    factories.fact("CN-SC", "legal_status", "legal_licensed")
    factories.fact("PY", "legal_status", "tolerated", valid_from=TODAY + timedelta(1))
    for code in ("KZ", "KZ-KAR", "KZ-PAV", "NO", "CN-SC", "PY", "US"):
        offer(code, code)
    assert set(titles(stranger, min_legal_status="legal_unregulated")) == {"KZ", "KZ-KAR"}
    assert set(titles(stranger, min_legal_status="restricted")) == {"KZ", "KZ-KAR", "KZ-PAV"}
    assert set(titles(stranger, min_legal_status="banned")) == {"KZ", "KZ-KAR", "KZ-PAV"}


def test_evidence_is_a_minimum(stranger, sam):
    for level in ("claimed", "documented", "verified"):
        made = offer(level)
        for field in ("power_connection", "price_basis", "right_to_host"):
            trust.settle(offer=made, field=field, level=level, by=sam, now=factories.NOW)
    assert len(titles(stranger, evidence="claimed")) == 3
    assert set(titles(stranger, evidence="documented")) == {"documented", "verified"}
    assert titles(stranger, evidence="verified") == ["verified"]


def test_offers_are_sorted_both_ways_and_none_goes_last(stranger):
    offer("b", price=2, phases=((100, TODAY, None),), now=factories.NOW + timedelta(hours=1))
    offer("none", price=None, phases=((300, TODAY, None),), now=factories.NOW + timedelta(hours=2))
    offer("a", price=1, phases=((200, TODAY, None),))
    for ordering, expected in {
        "list_price": ["a", "b", "none"],
        "-list_price": ["b", "a", "none"],
        "free_kw": ["b", "a", "none"],
        "-free_kw": ["none", "a", "b"],
        "published_at": ["a", "b", "none"],
        "-published_at": ["none", "b", "a"],
        "": ["none", "b", "a"],
    }.items():
        assert titles(stranger, ordering=ordering, page_size=1) == expected, ordering
    assert titles(stranger) == ["none", "b", "a"]


def test_equal_prices_and_missing_ones_are_walked_once_each(stranger):
    for number in range(7):
        offer(str(number), price=60_000 if number % 2 else None)
    found = titles(stranger, ordering="-list_price", page_size=2)
    assert sorted(found) == [str(number) for number in range(7)]


def test_links_keep_the_filters_and_lead_back(stranger):
    for number in range(5):
        offer(str(number), price=number)
    first = stranger.get(
        f"{API}/offers/", {"ordering": "list_price", "page_size": 2, "cooling": "air"}
    ).json()
    assert first["previous"] is None
    assert first["next"].startswith("http://testserver/api/v1/offers/?")
    second = stranger.get(first["next"]).json()
    assert [row["title"] for row in second["results"]] == ["2", "3"]
    assert stranger.get(second["previous"]).json()["results"] == first["results"]


def test_a_cursor_of_another_ordering_is_refused(stranger):
    for number in range(3):
        offer(str(number), price=number)
    first = stranger.get(f"{API}/offers/", {"ordering": "list_price", "page_size": 1}).json()
    other = first["next"].replace("ordering=list_price", "ordering=-list_price")
    assert list(is_problem(stranger.get(other), 400, "bad_cursor")["errors"]) == ["cursor"]


def test_only_what_changed_since_is_listed(stranger):
    offer("old")
    offer("new", now=factories.NOW + timedelta(hours=1))
    assert titles(stranger, updated_since="2027-01-11T10:00:00Z") == ["new"]
    assert titles(stranger, updated_since="2027-01-11T11:00:00+01:00") == ["new"]
    assert len(titles(stranger, updated_since="2027-01-11")) == 2


def test_a_change_of_the_site_or_of_the_hosts_papers_is_a_change_of_the_offer(stranger, sam):
    later = factories.NOW + timedelta(hours=1)
    moved, licensed = offer("moved"), offer("licensed")
    offer("old")
    Site.objects.filter(pk=moved.site_id).update(updated_at=later)
    licences.add(organization=licensed.site.host, jurisdiction_code="KZ", type="mining", by=sam, now=later)
    since = {"updated_since": later.isoformat()}
    assert set(titles(stranger, **since)) == {"moved", "licensed"}
    assert {row["id"] for row in walk(stranger, "sites/", **since)} == {
        *(str(moved.site_id), str(licensed.site_id))
    }


@pytest.mark.parametrize(
    "query",
    [
        {"jurisdiction": "XX"},
        {"jurisdiction": "kz'--"},
        {"max_price": "-1"},
        {"max_price": "NaN"},
        {"max_price": "Infinity"},
        {"max_price": "0,06"},
        {"max_price": "0.0600001"},
        {"max_price": "1e400"},
        {"min_kw": "-1"},
        {"min_kw": "1.5"},
        {"min_kw": "9" * 30},
        {"available_by": "tomorrow"},
        {"available_by": "2027-02-30"},
        {"cooling": "water"},
        {"price_model": "free"},
        {"min_renewable": "101"},
        {"min_legal_status": "fine"},
        {"evidence": "sure"},
        {"ordering": "id"},
        {"ordering": "site__host__legal_name"},
        {"updated_since": "0001-01-01T00:00:00+14:00"},
        {"page_size": "0"},
        {"page_size": "1000"},
        {"cursor": "bm90aGluZw"},
        {"site__address": "12 Secret Street"},
    ],
)
def test_a_value_that_means_nothing_is_refused_by_its_name(stranger, query):
    factories.jurisdiction("KZ")
    body = is_problem(stranger.get(f"{API}/offers/", query), 400)
    assert list(body["errors"]) == list(query)
    assert all(isinstance(line, str) and line for lines in body["errors"].values() for line in lines)


def test_everything_that_is_wrong_is_said_at_once(stranger):
    query = {"max_price": "x", "evidence": "y", "page_size": "z", "colour": "red"}
    assert set(is_problem(stranger.get(f"{API}/offers/", query), 400)["errors"]) == set(query)


def test_an_offer_that_expired_yesterday_still_says_so(stranger):
    made = offer("over", terms={"valid_until": TODAY})
    row = stranger.get(f"{API}/offers/{made.pk}/").json()
    assert date.fromisoformat(row["valid_until"]) == TODAY
