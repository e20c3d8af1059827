"""GET rates/: what prices are converted with."""

from datetime import date

import pytest

from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db


def test_a_rate_shows_all_its_digits_and_a_hashprice_no_currency(stranger):
    factories.rate("KZT", "0.001923076923", on=date(2027, 1, 10))
    factories.rate("", "27.70", on=date(2027, 1, 9))
    fx, hashprice = walk(stranger, "rates/")
    assert (fx["kind"], fx["currency"], fx["value"]) == ("fx", "KZT", "0.001923076923")
    assert (fx["on"], fx["source"], fx["url"]) == ("2027-01-10", "test", None)
    assert (hashprice["kind"], hashprice["currency"]) == ("hashprice", None)
    assert hashprice["value"] == "27.700000000000"


def test_rates_are_filtered_by_kind_currency_and_day(stranger):
    factories.rate("KZT", "0.0019", on=date(2027, 1, 10))
    factories.rate("KZT", "0.0020", on=date(2027, 1, 9))
    factories.rate("EUR", "1.08", on=date(2027, 1, 9))
    factories.rate("", "27.70", on=date(2027, 1, 9))

    def found(**query):
        return [(row["currency"], row["on"][-2:]) for row in walk(stranger, "rates/", **query)]

    assert found(kind="hashprice") == [(None, "09")]
    assert found(currency="KZT") == [("KZT", "10"), ("KZT", "09")]
    assert found(currency="KZT", on="2027-01-09") == [("KZT", "09")]
    assert found(updated_since="2028-01-01") == []


@pytest.mark.parametrize(
    "query", [{"kind": "gold"}, {"currency": "XXX"}, {"on": "9 Jan 2027"}, {"on": "2027-02-30"}, {"day": "1"}]
)
def test_a_filter_that_means_nothing_is_refused_by_its_name(stranger, query):
    factories.rate("KZT")
    body = is_problem(stranger.get(f"{API}/rates/", query), 400)
    assert list(body["errors"]) == list(query)


def test_thirty_rates_take_as_many_queries_as_three(stranger, django_assert_num_queries):
    for day in range(1, 4):
        factories.rate("KZT", on=date(2026, 10, day))
    with django_assert_num_queries(2):
        stranger.get(f"{API}/rates/")
    for day in range(1, 28):
        factories.rate("KZT", on=date(2026, 11, day))
    with django_assert_num_queries(2):
        assert len(stranger.get(f"{API}/rates/").json()["results"]) == 30


def test_mallory_reads_what_a_stranger_reads(stranger, as_, mallory):
    factories.rate("KZT")
    assert walk(as_(mallory), "rates/") == walk(stranger, "rates/")
