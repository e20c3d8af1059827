"""The files of the market page: lasting names, the same numbers, nothing that a spreadsheet would run."""

import csv
import io

import pytest

from hosting.models import Jurisdiction, Offer
from hosting.services import placefigures, publishedprices, seeding
from hosting.web import marketcsv
from tests import factories
from tests.factories import NOW, TODAY

# Public: programs read them.
HEADERS = {
    "supply": "place_code,place,hotels,hosts,total_kw,free_kw,as_of,source",
    "prices": "place_code,place,hotels,hosts,lower_quartile_usd_kwh,median_usd_kwh,upper_quartile_usd_kwh,"
    "as_of,source",
    "demand-by-size": "from_kw,size,open_requests,needed_kw,as_of,source",
    "demand-by-origin": "place_code,origin,open_requests,needed_kw,as_of,source",
    "history": "day,place_code,place,hotels,hosts,total_kw,free_kw,lower_quartile_usd_kwh,median_usd_kwh,"
    "upper_quartile_usd_kwh,open_requests_of_machines_there,needed_kw,source",
    "hashprice": "date,usd_per_ph_s_and_day,source,source_url,confidence,note",
    "fx": "date,currency,usd_per_unit,source,source_url,confidence,note",
    "break-even": "power_price_usd_kwh,hashprice_usd_per_ph_s_and_day,hashprice_on,break_even_j_per_th,"
    "source,source_url",
    "published-prices": "number,id,as_of,place_code,region,company,price_model,effective_usd_kwh,basis,"
    "source,source_url,confidence,note",
    "network-hashrate-2021": "id,as_of,series,place_code,place,value,unit,source,source_url,confidence,note",
    "hashrate-shares-2021": "id,as_of,series,place_code,place,value,unit,source,source_url,confidence,note",
    "machines-moved-2021": "id,as_of,series,place_code,place,value,unit,source,source_url,confidence,note",
    "law-in-2021": "date,date_precision,day,place_code,place,event,effect_on_legal_status,source,source_url,"
    "confidence,note",
}

pytestmark = pytest.mark.django_db


def file_of(client, name, **headers):
    answer = client.get(f"/market/{name}.csv", headers=headers)
    assert answer.status_code == 200, name
    return answer


def rows_of(client, name):
    text = file_of(client, name).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def hotels():
    for price in (50_000, 60_000, 70_000):
        offer = factories.offer(factories.site(code="KZ"), phases=((1500, TODAY, None),))
        Offer.objects.filter(pk=offer.pk).update(list_price_micros=price)
    for _number in range(3):
        factories.request(origin="KZ", need_kw=2000)
    factories.rate("", "27.70")
    factories.rate("KZT", "0.0019")
    placefigures.refresh(as_of=TODAY, now=NOW)


def test_names_and_headers_are_those_that_were_promised(stranger):
    assert set(marketcsv.SHEETS) == set(HEADERS)
    for name, header in HEADERS.items():
        answer = file_of(stranger, name)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="mining-hotels-{name}.csv"'
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert answer.content.decode("utf-8-sig").splitlines()[0] == header


def test_figures_are_exact_and_in_the_unit_of_their_heading(stranger, hotels):
    world, kz = rows_of(stranger, "supply")
    assert (world["place"], world["free_kw"]) == ("World", "4500")
    assert (kz["place_code"], kz["total_kw"], kz["free_kw"], kz["hosts"]) == ("KZ", "4500", "4500", "3")
    assert rows_of(stranger, "prices")[1]["median_usd_kwh"] == "0.060000"
    assert rows_of(stranger, "demand-by-size")[0]["needed_kw"] == "6000"
    assert rows_of(stranger, "demand-by-origin")[0]["open_requests"] == "3"
    assert [row["place_code"] for row in rows_of(stranger, "history")] == ["", "KZ"]
    assert rows_of(stranger, "hashprice")[0]["usd_per_ph_s_and_day"] == "27.7"
    assert rows_of(stranger, "fx")[0]["usd_per_unit"] == "0.0019"
    assert rows_of(stranger, "break-even")[2]["break_even_j_per_th"] == "23.1"


def test_what_may_not_be_shown_is_empty(stranger):
    factories.offer(factories.site(code="KZ"))
    factories.request(origin="KZ")
    placefigures.refresh(as_of=TODAY, now=NOW)
    for row in rows_of(stranger, "supply"):
        assert (row["hotels"], row["total_kw"], row["free_kw"]) == ("1", "", "")
    assert rows_of(stranger, "prices") == []
    assert rows_of(stranger, "demand-by-origin")[0]["needed_kw"] == ""
    for row in rows_of(stranger, "history"):
        assert (row["free_kw"], row["median_usd_kwh"], row["needed_kw"]) == ("", "", "")


def test_every_published_price_is_there_with_its_source(stranger):
    with (seeding.FOLDER / publishedprices.FILE).open(newline="", encoding="utf-8") as file:
        shipped = {row["id"]: row for row in csv.DictReader(file)}
    found = rows_of(stranger, "published-prices")
    assert len(found) == 24
    for row in found:
        assert row["effective_usd_kwh"] == shipped[row["id"]]["effective_usd_kwh"]
        assert row["source_url"] == shipped[row["id"]]["source_url"]
        assert row["confidence"] == shipped[row["id"]]["confidence"]


def test_no_cell_is_a_formula(stranger, hotels):
    Jurisdiction.objects.filter(pk="KZ").update(name='=HYPERLINK("https://example.org")')
    factories.rate("", "28", on=TODAY.replace(day=2), note="+1+1")
    assert rows_of(stranger, "supply")[1]["place"] == '\'=HYPERLINK("https://example.org")'
    assert "'+1+1" in {row["note"] for row in rows_of(stranger, "hashprice")}
    for name in HEADERS:
        for row in rows_of(stranger, name):
            assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("name", HEADERS)
def test_a_file_is_the_same_each_time_and_in_each_language(stranger, hotels, name):
    first = file_of(stranger, name)
    again = file_of(stranger, name, **{"Accept-Language": "ru"})
    assert first.content == again.content
    assert first["ETag"] == again["ETag"]
    unchanged = stranger.get(f"/market/{name}.csv", headers={"If-None-Match": first["ETag"]})
    assert unchanged.status_code == 304


def test_a_name_nobody_promised_is_not_there(stranger):
    assert stranger.get("/market/offers.csv").status_code == 404
    assert stranger.post("/market/supply.csv").status_code == 405
