"""GET regulation-events/: news about the law."""

from datetime import date

import pytest

from hosting.models import RegulationEvent
from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db


def event(code="KZ", on=date(2021, 5, 21), **fields):
    values = {
        "date_precision": "day",
        "kind": "policy",
        "title": f"News of {code}",
        "source": "The Gazette",
        "url": "https://example.org/news",
        "confidence": "high",
        "updated_at": factories.NOW,
        **fields,
    }
    return RegulationEvent.objects.create(jurisdiction=code, date=on, **values)


def test_an_event_shows_its_date_place_and_source(stranger):
    made = event(effect_on_legal_status="restricted", date_precision="month")
    assert walk(stranger, "regulation-events/") == [
        {
            "id": str(made.pk),
            "updated_at": "2027-01-11T09:00:00Z",
            "date": "2021-05-21",
            "date_precision": "month",
            "jurisdiction": "KZ",
            "kind": "policy",
            "title": "News of KZ",
            "effect_on_legal_status": "restricted",
            "source": "The Gazette",
            "url": "https://example.org/news",
            "confidence": "high",
        }
    ]


def test_what_is_not_known_of_an_event_is_null(stranger):
    event(source="", url="")
    row = walk(stranger, "regulation-events/")[0]
    assert (row["effect_on_legal_status"], row["source"], row["url"]) == (None, None, None)


def test_the_latest_news_comes_first_and_many_of_one_day_are_walked_once_each(stranger):
    for number in range(7):
        event(title=f"Same day {number}")
    event(on=date(2022, 1, 1), title="Later")
    rows = walk(stranger, "regulation-events/", page_size=2)
    assert rows[0]["title"] == "Later"
    assert len({row["id"] for row in rows}) == len(rows) == 8


def test_a_country_covers_its_subdivisions_and_eu_needs_no_place(stranger):
    for code in ("RU", "RU-IRK", "RUX", "EU"):
        event(code)

    def places(code):
        return sorted(row["jurisdiction"] for row in walk(stranger, "regulation-events/", jurisdiction=code))

    assert places("RU") == ["RU", "RU-IRK"]
    assert places("RU-IRK") == ["RU-IRK"]
    assert places("EU") == ["EU"]


def test_events_are_filtered_by_kind_and_by_change(stranger):
    event("KZ", kind="ban")
    event("NO", kind="tax")
    assert [row["jurisdiction"] for row in walk(stranger, "regulation-events/", kind="tax")] == ["NO"]
    assert walk(stranger, "regulation-events/", updated_since="2027-02-01T00:00:00+01:00") == []


def test_events_are_filtered_by_year_effect_and_words(stranger):
    event("KZ", on=date(2021, 12, 31), title="A fee is enacted", source="PwC")
    event("NO", on=date(2022, 1, 1), effect_on_legal_status="restricted")

    def places(**query):
        return [row["jurisdiction"] for row in walk(stranger, "regulation-events/", **query)]

    assert places(year=2021) == ["KZ"]
    assert places(effect="restricted") == ["NO"]
    assert places(q="pwc ENACTED") == ["KZ"]
    assert places(q="pwc repealed") == []


@pytest.mark.parametrize(
    "query",
    [{"year": "soon"}, {"effect": "fine"}, {"kind": "gossip"}, {"jurisdiction": "KZ\x00"}, {"place": "KZ"}],
)
def test_a_filter_that_means_nothing_is_refused_by_its_name(stranger, query):
    event()
    body = is_problem(stranger.get(f"{API}/regulation-events/", query), 400)
    assert list(body["errors"]) == list(query)


def test_thirty_events_take_as_many_queries_as_three(stranger, django_assert_num_queries):
    for number in range(3):
        event(title=f"Few {number}")
    with django_assert_num_queries(2):
        stranger.get(f"{API}/regulation-events/")
    for number in range(27):
        event(title=f"Many {number}")
    with django_assert_num_queries(2):
        assert len(stranger.get(f"{API}/regulation-events/").json()["results"]) == 30


def test_mallory_reads_what_a_stranger_reads(stranger, as_, mallory):
    event()
    assert walk(as_(mallory), "regulation-events/") == walk(stranger, "regulation-events/")
