"""The Atom feed: of the world and of a place, with ids that last, and 304 for who has it already."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from hosting.models import RegulationEvent
from tests import factories
from tests.factories import NOW

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _public_name(settings, db):
    settings.PUBLIC_URL = "https://hotels.example"
    factories.jurisdiction("KZ", name="Kazakhstan")


def read(answer):
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content)  # noqa: S314 (it is our own)


def entries(answer):
    return read(answer).findall(f"{ATOM}entry")


def titles(answer):
    return [one.findtext(f"{ATOM}title") for one in entries(answer)]


def link(element, rel):
    return next(one.get("href") for one in element.findall(f"{ATOM}link") if one.get("rel") == rel)


def test_an_entry_says_what_the_page_says(stranger):
    made = factories.event(
        "KZ", title="A <fee> & more", kind="tax", effect_on_legal_status="restricted", confidence="medium"
    )
    answer = stranger.get("/events/feed.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    (entry,) = entries(answer)
    assert entry.findtext(f"{ATOM}title") == "Kazakhstan: A <fee> & more"
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{made.pk}"
    assert entry.findtext(f"{ATOM}updated") == NOW.isoformat()
    assert entry.find(f"{ATOM}category").get("term") == "tax"
    assert link(entry, "alternate") == f"https://hotels.example/events/{made.pk}/"
    assert link(entry, "via") == "https://example.org/news"
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert summary.text == (
        "<p>21 May 2021 · tax · legal status: restricted · Source: The Gazette (medium confidence)</p>"
    )


def test_low_confidence_is_called_unverified_and_markup_of_a_source_is_text(stranger):
    factories.event(
        source="<i>Rumour</i>", confidence="low", url="", on=date(2021, 5, 1), date_precision="month"
    )
    (entry,) = entries(stranger.get("/events/feed.atom"))
    assert entry.findtext(f"{ATOM}summary") == (
        "<p>May 2021 · ban · Source: &lt;i&gt;Rumour&lt;/i&gt; (unverified)</p>"
    )
    assert [one.get("rel") for one in entry.findall(f"{ATOM}link")] == ["alternate"]


def test_the_feed_itself_has_what_atom_asks_for(stranger):
    factories.event()
    feed = read(stranger.get("/events/feed.atom", headers={"Host": "localhost"}))
    assert link(feed, "self") == "https://hotels.example/events/feed.atom"
    assert link(feed, "alternate") == "https://hotels.example/events/"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Mining hotels"
    assert feed.findtext(f"{ATOM}updated") == NOW.isoformat()
    of_place = read(stranger.get("/events/feed.atom?place=KZ"))
    assert link(of_place, "self") == "https://hotels.example/events/feed.atom?place=KZ"
    assert of_place.findtext(f"{ATOM}title") == "Mining hotels: events of the law in Kazakhstan"
    ids = [one.findtext(f"{ATOM}id") for one in (feed, of_place)]
    assert len(set(ids)) == 2
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_the_ids_outlive_a_new_name_of_the_site(stranger, settings):
    factories.event()
    before = read(stranger.get("/events/feed.atom"))
    settings.PUBLIC_URL = "https://elsewhere.example"
    after = read(stranger.get("/events/feed.atom"))
    for path in (f"{ATOM}id", f"{ATOM}entry/{ATOM}id"):
        assert before.findtext(path) == after.findtext(path)
    assert link(after, "self").startswith("https://elsewhere.example/")


def test_a_place_has_its_own_and_its_subdivisions_events(stranger):
    for code in ("RU", "RU-IRK", "RUX", "EU"):
        factories.event(code, title=f"Of {code}")
    assert sorted(titles(stranger.get("/events/feed.atom?place=RU"))) == ["Of RU", "RU-IRK: Of RU-IRK"]
    assert titles(stranger.get("/events/feed.atom?place=ru-irk")) == ["Of RU-IRK"]
    assert titles(stranger.get("/events/feed.atom?place=EU")) == ["Of EU"]
    assert len(titles(stranger.get("/events/feed.atom"))) == 4


def test_what_was_written_down_last_comes_first_and_no_more_than_fifty(stranger):
    for number in range(55):
        factories.event(on=date(2020, 1, 1) + timedelta(days=number), title=f"Old {number}")
    factories.event(on=date(2018, 1, 1), title="Found late", updated_at=NOW + timedelta(hours=1))
    found = titles(stranger.get("/events/feed.atom?place=KZ"))
    assert found[:2] == ["Found late", "Old 54"]
    assert len(found) == 50


@pytest.mark.parametrize("code", ["XX", "KZ-NOWHERE", "KZ%00", "%3Cscript%3E"])
def test_a_code_nobody_knows_is_404(stranger, code):
    factories.event()
    assert stranger.get(f"/events/feed.atom?place={code}").status_code == 404


def test_a_place_without_events_has_a_feed_that_does_not_change_by_itself(stranger):
    first, second = (stranger.get("/events/feed.atom?place=KZ") for _time in range(2))
    assert entries(first) == []
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]


def test_who_has_the_feed_already_is_told_so_without_it(stranger, django_assert_num_queries):
    factories.event()
    first = stranger.get("/events/feed.atom")
    assert "no-cache" in first.headers["Cache-Control"]
    for name, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        with django_assert_num_queries(2):
            again = stranger.get("/events/feed.atom", headers={name: value})
        assert (again.status_code, again.content) == (304, b""), name


@pytest.mark.parametrize("change", ["added", "corrected"])
def test_a_change_is_sent_to_who_had_the_feed(stranger, change):
    made = factories.event()
    first = stranger.get("/events/feed.atom")
    if change == "added":
        factories.event()
    else:
        RegulationEvent.objects.filter(pk=made.pk).update(
            title="Better", updated_at=NOW + timedelta(minutes=5)
        )
    again = stranger.get("/events/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]


def test_the_feed_of_another_place_or_language_is_another_one(stranger):
    factories.event()
    world, place, russian = (
        stranger.get("/events/feed.atom"),
        stranger.get("/events/feed.atom?place=KZ"),
        stranger.get("/events/feed.atom", headers={"Accept-Language": "ru"}),
    )
    assert len({one.headers["ETag"] for one in (world, place, russian)}) == 3
    assert "Accept-Language" in russian.headers["Vary"]
    assert b'xml:lang="ru"' in russian.content


def test_fifty_events_take_as_many_queries_as_one(stranger, django_assert_num_queries):
    factories.event()
    with django_assert_num_queries(4):
        stranger.get("/events/feed.atom")
    for number in range(50):
        factories.event(("KZ", "NO", "RU-IRK")[number % 3])
    with django_assert_num_queries(4):
        stranger.get("/events/feed.atom")


def test_mallory_reads_what_a_stranger_reads(stranger, as_mallory):
    factories.event()
    assert as_mallory.get("/events/feed.atom").content == stranger.get("/events/feed.atom").content
