"""The events of the law: the timeline, its filters and pages, what is to come, and one event by itself."""

from datetime import date
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.web import eventstrip
from tests import factories
from tests.web.reading import text


def shown(answer):
    """Titles of the events of a page, in order, without what is to come."""
    return [
        entry.event.title
        for _year, months in answer.context["years"]
        for _month, entries in months
        for entry in entries
    ]


@pytest.fixture
def some(db):
    factories.jurisdiction("KZ", name="Kazakhstan")
    factories.jurisdiction("RU-IRK", name="Irkutsk")
    factories.event("KZ", date(2021, 6, 24), title="A fee is enacted", kind="tax", source="PwC")
    factories.event("RU-IRK", date(2025, 4, 7), title="A ban", effect_on_legal_status="restricted")
    factories.event("EU", date(2021, 1, 1), title="A plan", date_precision="year", kind="policy")
    factories.event(
        "XK", date(2021, 1, 4), title="Off", kind="power_cut", confidence="low", source="", url=""
    )


def test_the_newest_stands_first_under_its_year_and_month(stranger, some):
    answer = stranger.get("/events/")
    page = text(answer)
    assert shown(answer) == ["A ban", "A fee is enacted", "Off", "A plan"]
    assert [year for year, _months in answer.context["years"]] == [2025, 2021]
    headings = [page.index(words) for words in ("Apr 2025</h3>", "Jun 2021</h3>", "Jan 2021</h3>")]
    assert headings == sorted(headings)
    assert "2021, month not known</h3>" in page


@pytest.mark.parametrize(
    ("precision", "words", "machine"),
    [("day", "24 Jun 2021", "2021-06-24"), ("month", "Jun 2021", "2021-06"), ("year", "2021", "2021")],
)
def test_a_date_is_no_more_precise_than_its_source(stranger, precision, words, machine):
    factories.event(on=date(2021, 6, 24), date_precision=precision)
    page = text(stranger.get("/events/"))
    assert f'<time datetime="{machine}">{words}</time>' in page


def test_each_event_says_place_kind_effect_source_and_how_sure_it_is(stranger, some):
    page = text(stranger.get("/events/"))
    assert '<a class="place-name" href="/places/RU-IRK/">Irkutsk</a>' in page
    assert "legal status: <b>restricted</b>" in page
    assert '<span class="tag">power cut off</span>' in page
    assert 'rel="noopener nofollow">PwC</a> · high confidence · recorded 11 Jan 2027' in page
    assert 'no source · <span class="unverified-word">unverified</span>' in page


def test_places_without_a_row_are_named_and_lead_nowhere(stranger, some):
    page = text(stranger.get("/events/"))
    assert '<span class="place-name">Kosovo</span>' in page
    assert '<span class="place-name">European Union</span>' in page
    assert "/places/XK/" not in page


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("place=KZ", ["A fee is enacted"]),
        ("place=kz", ["A fee is enacted"]),
        ("place=RU", ["A ban"]),
        ("place=EU", ["A plan"]),
        ("place=XK", ["Off"]),
        ("kind=tax", ["A fee is enacted"]),
        ("effect=restricted", ["A ban"]),
        ("year=2021", ["A fee is enacted", "Off", "A plan"]),
        ("year=2021&kind=policy&place=&q=", ["A plan"]),
        ("q=enacted+pwc", ["A fee is enacted"]),
        ("q=enacted+reuters", []),
        ("place=NO", []),
    ],
)
def test_the_address_says_what_is_shown(stranger, some, query, titles):
    factories.jurisdiction("NO", name="Norway")
    answer = stranger.get(f"/events/?{query}")
    assert answer.status_code == 200
    assert shown(answer) == titles


def test_what_was_chosen_is_still_chosen_on_the_page(stranger, some):
    page = text(stranger.get("/events/?place=RU-IRK&kind=ban&year=2025&q=ban"))
    assert '<option value="RU-IRK" selected>RU-IRK · Irkutsk</option>' in page
    assert '<option value="ban" selected>ban</option>' in page
    assert 'id="f-year" inputmode="numeric" maxlength="4" autocomplete="off" value="2025"' in page
    assert "<h1>Events of the law in Irkutsk</h1>" in page
    assert '<a href="/events/?place=RU">' in page


def test_a_place_without_news_says_so_by_name(stranger, some):
    factories.jurisdiction("NO", name="Norway")
    page = text(stranger.get("/events/?place=NO"))
    assert "No event of Norway is recorded" in page
    assert '<option value="NO" selected>' in page


@pytest.mark.parametrize(
    ("query", "field"),
    [("year=soon", "year"), ("year=3000", "year"), ("kind=gossip", "kind"), ("effect=fine", "effect")]
    + [("place=KZ-NOWHERE", "place"), ("cursor=%00", "cursor"), ("q=" + "x" * 101, "q")],
)
def test_an_address_that_can_not_be_read_says_where(stranger, some, query, field):
    answer = stranger.get(f"/events/?{query}")
    assert answer.status_code == 400
    assert f'<a href="#f-{field}">' in text(answer)
    assert "A ban" not in text(answer).partition('id="rows"')[2]


def test_more_than_a_page_is_walked_once_each_with_the_same_filters(stranger, db):
    for number in range(60):
        factories.event(on=date(2021, 1 + number % 3, 1), title=f"News {number}")
    factories.event(kind="tax", title="Another kind")
    seen, query = [], "?kind=ban"
    while query:
        answer = stranger.get(f"/events/{query}")
        seen += shown(answer)
        query = answer.context["next"]
        assert not query or parse_qs(urlsplit(query).query)["kind"] == ["ban"]
    assert len(seen) == len(set(seen)) == 60


def test_what_is_to_come_stands_first_the_next_one_before_the_later(stranger, some):
    factories.event("KZ", date(2027, 9, 1), title="A fee begins")
    factories.rule("KZ", "curtail", valid_from=date(2027, 3, 1), title="A winter stop")
    factories.rule("KZ", "prohibit", valid_from=date(2027, 1, 1), title="In force already")
    factories.rule("KZ", "prohibit", valid_from=date(2027, 4, 1), title="A draft only", status="draft")
    page = text(stranger.get("/events/"))
    coming, _heading, past = page.partition('id="year-2025"')
    assert coming.index("A winter stop") < coming.index("A fee begins")
    assert "A fee begins" not in past
    for hidden in ("In force already", "A draft only"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("place=RU", ["Of Irkutsk"]),
        ("place=KZ", ["Of Kazakhstan"]),
        ("year=2028", ["Of Irkutsk"]),
        ("q=kazakhstan", ["Of Kazakhstan"]),
        ("kind=ban", []),
        ("effect=banned", []),
    ],
)
def test_rules_to_come_obey_the_filters_that_rules_know(stranger, some, query, rules):
    factories.rule("KZ", "prohibit", valid_from=date(2027, 3, 1), title="Of Kazakhstan")
    factories.rule("RU-IRK", "prohibit", valid_from=date(2028, 3, 1), title="Of Irkutsk")
    answer = stranger.get(f"/events/?{query}")
    assert [rule.title for _entry, rule in answer.context["coming"]] == rules


def test_on_the_event_s_own_day_it_is_no_longer_to_come(stranger):
    factories.event(on=factories.TODAY, title="Today")
    answer = stranger.get("/events/")
    assert shown(answer) == ["Today"]
    assert answer.context["coming"] == []


def test_an_event_names_the_published_rules_of_its_place_with_its_source_or_its_day(stranger):
    factories.event("KZ", date(2021, 6, 24), url="https://example.org/fee")
    same = {"valid_from": date(2022, 1, 1), "source_url": "https://example.org/fee"}
    factories.rule("KZ", "prohibit", title="Same source", **same)
    factories.rule("KZ", "prohibit", title="Same day", valid_from=date(2021, 6, 24))
    factories.rule("NO", "prohibit", title="Elsewhere", **same)
    factories.rule("KZ", "prohibit", title="Unpublished", status="draft", **same)
    page = text(stranger.get("/events/"))
    for title, is_there in (("Same source", 1), ("Same day", 1), ("Elsewhere", 0), ("Unpublished", 0)):
        assert page.count(f">{title}</a>") == is_there, title


def test_the_strip_counts_each_year_and_leads_to_it(stranger, some):
    bars = {bar.year: bar for bar in stranger.get("/events/?kind=ban").context["bars"]}
    assert {year: bar.count for year, bar in bars.items()} == {2025: 1}
    answer = stranger.get("/events/?year=2021&cursor=")
    bars = {bar.year: bar for bar in answer.context["bars"]}
    assert {year: bar.count for year, bar in bars.items()} == {2021: 3, 2022: 0, 2023: 0, 2024: 0, 2025: 1}
    assert (bars[2021].is_chosen, bars[2025].is_chosen) == (True, False)
    assert bars[2025].href == "?year=2025"
    assert 'aria-label="2025: 1 event"' in text(answer)
    assert 'aria-label="2021: 3 events, shown alone; show all years"' in text(answer)


def test_bars_stand_side_by_side_and_the_highest_reaches_the_top():
    bars = eventstrip.bars([(2020, 4), (2021, 0), (2022, 2)], chosen=None, address=str)
    assert [bar.height for bar in bars] == [60, 0, 30]
    assert bars[0].y == eventstrip.TOP
    edges = [float(bar.x.rstrip("%")) for bar in bars]
    assert edges == sorted(edges)
    width = float(bars[0].width.rstrip("%"))
    assert all(left + width < right for left, right in pairwise(edges))


def test_of_many_years_only_some_are_named_the_last_one_always():
    bars = eventstrip.bars([(year, 1) for year in range(2000, 2027)], chosen=None, address=str)
    assert sum(bar.has_name for bar in bars) <= eventstrip.MOST_NAMES
    assert bars[-1].has_name


def test_no_event_at_all_is_an_empty_page(stranger, db):
    answer = stranger.get("/events/")
    assert answer.status_code == 200
    assert "No event passes these filters" in text(answer)


def test_one_event_shows_the_law_it_is_about(stranger):
    made = factories.event("KZ", url="https://example.org/law", note="another paper says June", title="A law")
    factories.rule("KZ", "prohibit", title="The rule of it", source_url="https://example.org/law")
    factories.fact("KZ", "legal_status", "banned")
    factories.fact("KZ", "vat_pct", "16", url="https://example.org/other")
    page = text(stranger.get(f"/events/{made.pk}/"))
    assert "<h1>A law</h1>" in page
    assert "Mining is prohibited." in page
    assert "another paper says June" in page
    assert ">banned" in page
    assert "<dt>VAT</dt>" not in page
    assert "21 May 2021" in page


def test_an_event_we_do_not_have_is_404(stranger, db):
    assert stranger.get("/events/6f0f6a8e-3b1d-4e0c-9f5e-0d7c1b2a3e4f/").status_code == 404


def test_words_of_a_source_can_not_bring_markup(stranger):
    made = factories.event(title="<script>alert(1)</script>", source="<b>x</b>")
    for address in ("/events/", f"/events/{made.pk}/"):
        page = text(stranger.get(address))
        assert "&lt;script&gt;alert(1)" in page
        assert "<b>x</b>" not in page


def test_pages_name_their_feed(stranger, some):
    assert 'type="application/atom+xml" title="Events of the law" href="/events/feed.atom"' in text(
        stranger.get("/events/")
    )
    for address in ("/events/?place=KZ", "/places/KZ/"):
        page = text(stranger.get(address))
        assert (
            'rel="alternate" type="application/atom+xml" title="Events of the law in Kazakhstan" '
            'href="/events/feed.atom?place=KZ"'
        ) in page


def test_mallory_reads_what_a_stranger_reads(stranger, as_mallory, some):
    assert shown(as_mallory.get("/events/")) == shown(stranger.get("/events/"))


def test_more_events_and_places_do_not_mean_more_queries(stranger, some):
    factories.rule("KZ", "prohibit", valid_from=date(2027, 3, 1))
    factories.event(on=date(2027, 3, 1))
    with CaptureQueriesContext(connection) as few:
        stranger.get("/events/")
    for number in range(20):
        code = ("NO", "SE", "CA-QC", "US-TX", "PY")[number % 5]
        factories.event(code, date(2000 + number, 1, 1))
        factories.event(code, date(2027, 2, 1))
        factories.rule(code, "prohibit", valid_from=date(2027, 3, 1 + number))
    with CaptureQueriesContext(connection) as many:
        stranger.get("/events/")
    assert len(many) == len(few)
