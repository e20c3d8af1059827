"""The market page: charts with their tables, nothing of fewer than three organizations, quick at any size."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.models import Offer, RegulationEvent
from hosting.services import placefigures, publishedprices
from tests import factories
from tests.factories import NOW, TODAY
from tests.web.reading import text

pytestmark = pytest.mark.django_db


def hotel(code="KZ", price=50_000, **fields):
    host = factories.organization("host", **fields)
    offer = factories.offer(factories.site(host, code=code), phases=((2000, TODAY, None),))
    Offer.objects.filter(pk=offer.pk).update(list_price_micros=price)
    return offer


def market(client, **headers):
    answer = client.get("/market/", headers=headers)
    assert answer.status_code == 200
    return answer


def refresh():
    placefigures.refresh(as_of=TODAY, now=NOW)


def section(page, name):
    """The source of one part of the page."""
    return re.search(rf'<section [^>]*id="{name}".*?</section>', page, re.DOTALL).group()


def test_an_empty_market_says_so(stranger):
    page = text(market(stranger))
    assert "No hotel is on the market yet." in page
    assert "No place has three hosts with a price that may be shown." in page
    assert page.count("No group has three owners that may be shown.") == 2
    assert "No day is stored yet" in page


def test_supply_need_and_price_are_shown_of_three(stranger):
    for price in (50_000, 60_000, 70_000):
        hotel(price=price)
        factories.request(origin="KZ", need_kw=3000)
    refresh()
    page = text(market(stranger))
    assert "6.0 MW free of 6.0 MW" in section(page, "supply")
    assert "0.0600 (0.0550 to 0.0650)" in section(page, "price")
    assert section(page, "demand").count("9.0 MW") >= 4
    assert "1.0 MW to under 5.0 MW" in section(page, "demand")


def test_of_two_hosts_and_of_what_would_betray_one_nothing_is_shown(stranger):
    for code in ("US-TX", "US-TX", "US-TX", "US-NY", "NO", "NO"):
        hotel(code=code)
    refresh()
    supply = section(text(market(stranger)), "supply")
    # The United States have four hosts; Texas would tell what New York's one has, and the world less the
    # United States what Norway's two have.
    assert "free of" not in supply
    assert "4 places have hotels, but their power is kept" in supply
    assert supply.count("fewer than three</span>") == 2 * 4


def test_nobody_is_named_in_figures(stranger):
    for number in range(3):
        hotel(handle=f"secret-host-{number}", legal_name=f"Hidden {number} Ltd")
        miner = factories.organization("miner", handle=f"secret-miner-{number}")
        factories.request(miner, origin="KZ", is_anonymous=True)
    refresh()
    source = market(stranger).content.decode()
    assert "secret-" not in source
    assert "Hidden" not in source
    assert "12 Secret Street" not in source


def test_history_is_drawn_day_by_day_from_what_was_stored(stranger):
    for _number in range(3):
        hotel()
    for days in (2, 1, 0):
        placefigures.refresh(as_of=TODAY - timedelta(days=days), now=NOW)
    shown = market(stranger)
    chart = shown.context["power_chart"]
    # Two series of three days: two lines each. Today's power stands; before it began there was none.
    assert len(chart.strokes) == 4
    assert [mark.label for mark in chart.marks][2::3] == ["11 Jan 2027: 6"] * 2
    assert len(shown.context["places_chart"].strokes) == 2
    assert [words for _look, _path, words in shown.context["places_chart"].key] == ["Place KZ"]
    rows = section(text(shown), "time")
    assert rows.index("11 Jan 2027</span>") < rows.index("9 Jan 2027</span>")


def test_the_table_has_the_last_month_and_the_chart_the_year(stranger):
    for _number in range(3):
        hotel()
    for days in range(40):
        placefigures.refresh(as_of=TODAY - timedelta(days=days), now=NOW)
    shown = market(stranger)
    assert len(shown.context["history"].rows) == 31
    assert shown.context["history"].rows[0][0] == TODAY
    assert len(shown.context["power_chart"].strokes) == 2 * 39


def test_each_dot_of_the_published_prices_leads_to_its_row(stranger):
    shown = market(stranger)
    part = section(text(shown), "published")
    dots = re.findall(r'data-row="(HT\d+)".*?<title>(.*?)</title>.*?<text [^>]*>(\d+)</text>', part)
    assert len(dots) == 24
    for one, (row, title, number) in zip(publishedprices.rows(), dots, strict=True):
        assert row == one.id
        cells = re.search(rf'<tr id="{row}">(.*?)</tr>', part).group(1)
        assert f">{number}</th>" in cells
        assert f"{one.usd_kwh}</span>" in cells
        assert title.endswith(f": {str(one.usd_kwh).rstrip('0')}")
        assert one.publisher.split(";")[0][:20] in cells
        assert ("unverified" in cells) == (one.confidence == "low")


def test_rates_carry_their_day_and_source(stranger):
    url = "https://example.org/roundup"
    factories.rate("", "39.53", on=date(2026, 1, 12), source_url=url, confidence="high")
    factories.rate("KZT", "0.0019", on=date(2026, 8, 22))
    page = text(market(stranger))
    assert f'<a href="{url}">test</a>' in section(page, "hashprice")
    assert "12 Jan 2026" in section(page, "hashprice")
    assert "39.53" in section(page, "break-even")
    assert "22 Aug 2026" in section(page, "fx")


def test_an_address_that_is_none_is_no_link(stranger):
    factories.rate("", "39.53", source_url="javascript:alert(1)")
    page = text(market(stranger))
    assert 'href="javascript' not in page


def test_the_exodus_is_told_with_the_dated_events_of_that_year(stranger):
    for day, title in ((date(2021, 5, 21), "A vow"), (date(2022, 5, 21), "Later")):
        RegulationEvent.objects.create(
            date=day,
            date_precision="day",
            jurisdiction="CN",
            kind="draft_ban",
            title=title,
            source="The Gazette",
            url="https://example.org/vow",
            confidence="high",
            updated_at=NOW,
        )
    told = section(text(market(stranger)), "exodus")
    assert "21 May 2021" in told
    assert "A vow" in told
    assert "Later" not in told
    assert '<a href="https://example.org/vow">The Gazette</a>' in told
    assert "The network lost 50 % of its hashrate" in told
    assert 'data-row="EX001"' in told
    assert "no publisher named: unverified" in told


def test_every_chart_has_its_table_and_its_file(stranger):
    for _number in range(3):
        hotel()
        factories.request(origin="KZ")
    factories.rate("", "39.53")
    factories.rate("KZT", "0.0019")
    refresh()
    source = market(stranger).content.decode()
    charts = set(re.findall(r'aria-labelledby="([\w-]+)-title ', source))
    files = set(re.findall(r'href="/market/([\w-]+)\.csv"', source))
    # What is drawn day by day stands in one table.
    assert charts - {"power-over-time", "price-over-time", "places-over-time"} <= files
    assert "history" in files
    assert len(charts) == 12
    for name in sorted(files):
        answer = stranger.get(f"/market/{name}.csv")
        assert answer.status_code == 200
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
        found = re.search(rf'/market/{name}\.csv".*?<tbody>(.*?)</tbody>', source, re.DOTALL).group(1)
        if name not in ("history", "law-in-2021"):
            assert found.count("<tr") == len(rows), name


def test_the_page_never_reads_offers_once_the_day_is_stored(stranger):
    hotel()
    refresh()
    with CaptureQueriesContext(connection) as queries:
        market(stranger)
    assert not [one["sql"] for one in queries if '"hosting_offer"' in one["sql"]]


def test_many_hotels_take_the_same_number_of_queries(stranger, django_assert_num_queries):
    hotel()
    refresh()
    market(stranger)
    with CaptureQueriesContext(connection) as few:
        market(stranger)
    for code in ("US-TX", "PY", "NO", "SE", "KZ") * 3:
        hotel(code=code)
        factories.request(origin=code)
        factories.rate("KZT", on=TODAY - timedelta(next(factories.numbers)))
    refresh()
    with django_assert_num_queries(len(few)):
        market(stranger)


def test_a_page_that_has_not_changed_is_not_sent_again(stranger):
    hotel()
    refresh()
    first = market(stranger)
    assert first["ETag"] == market(stranger)["ETag"]
    assert stranger.get("/market/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    hotel()
    refresh()
    assert market(stranger)["ETag"] != first["ETag"]


def test_headings_tables_and_pictures_have_names(stranger):
    for _number in range(3):
        hotel()
    refresh()
    source = market(stranger).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', source)
    assert len(ids) == len(set(ids))
    for label in re.findall(r'aria-labelledby="([^"]+)"', source):
        assert set(label.split()) <= set(ids)
    assert source.count("<caption") == source.count("<table")
    for target in re.findall(r'href="#([\w-]+)"', source):
        assert target in ids
    assert not re.search(r"<[^>]*\sstyle=", source)
