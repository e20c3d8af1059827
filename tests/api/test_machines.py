"""GET machines/: the catalogue."""

from decimal import Decimal

import pytest

from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db


def test_a_machine_shows_its_figures_exactly(stranger):
    factories.machine(
        maker="Bitmain",
        model="S21",
        hashrate_th_s=Decimal("200"),
        power_w=3501,
        efficiency_j_th=Decimal("17.51"),
        weight_kg=Decimal("15.4"),
    )
    row = walk(stranger, "machines/")[0]
    assert (row["maker"], row["model"], row["algorithm"]) == ("Bitmain", "S21", "SHA-256")
    assert (row["hashrate_th_s"], row["power_w"], row["efficiency_j_th"]) == ("200.000000", 3501, "17.51")
    assert (row["cooling"], row["weight_kg"], row["confidence"]) == ("air", "15.40", "high")
    assert (row["source"], row["voltage"], row["noise_db"]) == ("test", None, None)


def test_a_scrypt_machines_tiny_hashrate_keeps_its_digits(stranger):
    factories.machine(algorithm="Scrypt", hashrate_th_s=Decimal("0.009500"), efficiency_j_th=Decimal("1"))
    assert walk(stranger, "machines/", algorithm="Scrypt")[0]["hashrate_th_s"] == "0.009500"


def test_machines_are_filtered_by_maker_algorithm_and_cooling(stranger):
    factories.machine(maker="A", model="air")
    factories.machine(maker="B", model="hydro", cooling="hydro")
    factories.machine(maker="B", model="immersion", cooling="immersion")
    factories.machine(maker="B", model="scrypt", algorithm="Scrypt")

    def models(**query):
        return sorted(row["model"] for row in walk(stranger, "machines/", **query))

    assert models(maker="A") == ["air"]
    assert models(algorithm="Scrypt") == ["scrypt"]
    assert models(cooling=["hydro", "immersion"]) == ["hydro", "immersion"]
    assert models(maker="B", cooling="air") == ["scrypt"]


@pytest.mark.parametrize(
    "query", [{"maker": "Nobody"}, {"algorithm": "SHA-3"}, {"cooling": "water"}, {"id": "1"}]
)
def test_a_filter_that_means_nothing_is_refused_by_its_name(stranger, query):
    factories.machine()
    body = is_problem(stranger.get(f"{API}/machines/", query), 400)
    assert list(body["errors"]) == list(query)


def test_thirty_machines_take_as_many_queries_as_three(stranger, django_assert_num_queries):
    for _number in range(3):
        factories.machine()
    with django_assert_num_queries(2):
        stranger.get(f"{API}/machines/")
    for _number in range(27):
        factories.machine()
    with django_assert_num_queries(2):
        assert len(stranger.get(f"{API}/machines/").json()["results"]) == 30


def test_mallory_reads_what_a_stranger_reads(stranger, as_, mallory):
    factories.machine()
    assert walk(as_(mallory), "machines/") == walk(stranger, "machines/")
