"""The market in figures: what stands behind each, and where the shipped history comes from."""

import csv
import shutil
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest

from hosting.models import Offer, RateKind
from hosting.services import exodus, marketfigures, placefigures, publishedprices, reading, seeding
from hosting.services.exodus import Series
from tests import factories
from tests.factories import NOW, TODAY


def rows_of(name):
    with (seeding.FOLDER / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def hotel(code):
    made = factories.offer(factories.site(code=code))
    Offer.objects.filter(pk=made.pk).update(list_price_micros=50_000)


@pytest.mark.django_db
def test_supply_begins_with_the_world_and_names_places_with_a_hotel_only():
    for code in ("KZ", "KZ", "KZ", "NO"):
        hotel(code)
    factories.jurisdiction("PY")
    placefigures.refresh(as_of=TODAY, now=NOW)
    rows = marketfigures.supply(as_of=TODAY)
    assert [(row.code, row.figures.hotels) for row in rows] == [("", 4), ("KZ", 3), ("NO", 1)]
    # The world keeps its figure; Kazakhstan's would tell what the one Norwegian host has.
    assert [row.figures.free_kw for row in rows] == [20_000, None, None]


@pytest.mark.django_db
def test_need_is_grouped_by_size_and_by_country_and_held_back_where_owners_are_few():
    for need_kw, origin in ((99, "CN"), (99, "CN-SC"), (99, "CN"), (100, "KZ"), (1_000, "KZ"), (26_000, "")):
        factories.request(need_kw=need_kw, origin=origin)
    found = marketfigures.demand(now=NOW)
    assert (found.whole.requests, found.whole.needed_kw) == (6, 27_397)
    assert [(one.key, one.requests, one.needed_kw) for one in found.by_size] == [
        ("0", 3, 297),
        ("100", None, None),
        ("1000", None, None),
        ("25000", None, None),
    ]
    assert [(one.key, one.requests) for one in found.by_origin] == [("CN", 3), ("", None), ("KZ", None)]


@pytest.mark.django_db
def test_a_group_of_need_that_would_betray_a_single_owner_is_held_back_too():
    for origin in ("CN", "CN", "CN", "KZ"):
        factories.request(origin=origin)
    found = marketfigures.demand(now=NOW)
    assert found.whole.requests == 4
    assert [one.requests for one in found.by_origin] == [None, None]


@pytest.mark.django_db
def test_one_owner_with_many_requests_is_still_one():
    miner = factories.organization("miner")
    for _number in range(4):
        factories.request(miner, origin="CN")
    found = marketfigures.demand(now=NOW)
    assert found.whole.requests is None
    assert [one.requests for one in found.by_origin] == [None]


@pytest.mark.parametrize(("need_kw", "first"), [(1, 0), (99, 0), (100, 100), (4_999, 1_000), (5_000, 5_000)])
def test_a_band_begins_with_its_first_kw(need_kw, first):
    assert marketfigures.band(need_kw) == first


@pytest.mark.django_db
def test_break_even_is_of_the_newest_hashprice_and_of_the_newest_a_year_older():
    for value, days in (("380", 2000), ("39.53", 400), ("40", 200), ("27.70", 0)):
        factories.rate("", value, on=TODAY - timedelta(days=days))
    found = marketfigures.break_even(marketfigures.rates(RateKind.HASHPRICE, until=TODAY))
    assert {one.rate.value for one in found} == {Decimal("27.70"), Decimal("39.53")}
    newest = {one.price: one.j_th for one in found if one.rate.on == TODAY}
    # 27.70 / (24 x 0.05) = 23.08; 27.70 / (24 x 0.04) = 28.85
    assert newest[Decimal("0.05")] == Decimal("23.1")
    assert newest[Decimal("0.04")] == Decimal("28.9")
    # Revenue per kWh at break-even is the price itself: hashprice / (24 x J/TH), but for the rounding.
    half = Decimal("0.05")
    for one in found:
        assert (
            one.rate.value / (24 * (one.j_th + half))
            <= one.price
            <= one.rate.value / (24 * (one.j_th - half))
        )


@pytest.mark.django_db
def test_a_rate_to_come_is_not_shown():
    factories.rate("", "30", on=TODAY + timedelta(days=1))
    assert marketfigures.rates(RateKind.HASHPRICE, until=TODAY) == []
    assert marketfigures.break_even([]) == []


def test_published_prices_are_the_rows_of_the_file_that_can_be_compared():
    file = {row["id"]: row for row in rows_of("hosting_terms.csv") if row["in_price_stats"] == "yes"}
    found = publishedprices.rows()
    assert len(found) == len(file) == 24
    for one in found:
        row = file[one.id]
        assert (str(one.usd_kwh), one.as_of) == (row["effective_usd_kwh"], row["as_of"])
        assert (one.company, one.publisher, one.url) == (
            row["company"],
            row["source_publisher"],
            row["source_url"],
        )
        assert one.code == row["region_code"].replace("ZZ", "")
        assert one.publisher
        assert one.confidence in ("low", "medium", "high")
    assert [one.on for one in found] == sorted(one.on for one in found)
    assert round(median(one.usd_kwh for one in found), 3) == Decimal("0.061")


def test_a_malformed_published_price_names_its_line_and_column(tmp_path):
    folder = shutil.copytree(seeding.FOLDER, tmp_path / "reference")
    file = folder / "hosting_terms.csv"
    file.write_text(file.read_text().replace(",0.0453,company's", ",cheap,company's", 1))
    with pytest.raises(reading.Malformed) as refused:
        publishedprices.rows(folder)
    assert refused.value.params["file"] == "hosting_terms.csv"
    assert refused.value.params["column"] == "effective_usd_kwh"


def test_every_figure_of_2021_has_a_source_or_is_called_unverified():
    found = exodus.figures()
    assert len(found) == len(rows_of("exodus_2021.csv"))
    for one in found:
        assert one.source
        if one.source == "unverified":
            assert (one.confidence, one.url) == ("low", "")
        else:
            assert one.url.startswith("https://")
    assert len({one.id for one in found}) == len(found)


def events(jurisdiction):
    return {row["date"] for row in rows_of("regulation_events.csv") if row["jurisdiction"] == jurisdiction}


def test_what_the_page_tells_of_2021_is_what_the_rows_say():
    """The days and figures in templates/_exodus.html."""
    assert date(2021, 5, 21).strftime("%A") == "Friday"
    assert {"2021-05-21", "2021-09-24"} <= events("CN")
    assert "2021-05-25" in events("CN-NM")
    assert date(2021, 5, 25).strftime("%A") == "Tuesday"
    for code, day in (("CN-QH", "2021-06-08"), ("CN-XJ", "2021-06-09"), ("CN-SC", "2021-06-18")):
        assert day in events(code)
        assert "2021-05-21" < day < "2021-06-21"
    share = {(one.code, one.as_of): one.value for one in exodus.figures(Series.SHARE)}
    for code in ("US", "KZ"):
        assert share[code, "2021-08"] > 2 * share[code, "2021-04"]
    week = exodus.figures(Series.NETWORK_WEEK)
    assert (week[-1].on - week[0].on).days // 7 == 6
    april, _june, september = exodus.figures(Series.FLEET_LEFT)
    assert (april.as_of, april.value) == ("2021-04-30", 35_090)
    assert "43,606" in april.note
    assert (september.as_of, september.value) == ("2021-09-30", 0)
    assert "20.9 percent" in september.note
