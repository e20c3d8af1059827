"""`make bench` measures right answers against each other, on any day, and says plainly what it could not."""

import contextlib
import json
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest

from hosting.matching import ranking
from tests.bench import bench_matching, bench_whole, industry, limits, postgres, table
from tests.bench.bench_matching import QUICK


@contextlib.contextmanager
def no_server():
    yield None


def test_the_benchmark_prints_its_table_and_keeps_it(capsys, tmp_path):
    parts = ["limit", "brute", "whole", "request", "offer", "place"]
    assert bench_matching.main(QUICK, parts, tmp_path / "bench.json") == 0
    printed = capsys.readouterr().out
    kept = json.loads((tmp_path / "bench.json").read_text())
    assert all(set(row) == {"name", "value", "unit", "goal", "met", "note"} for row in kept)
    assert all(row["name"] in printed for row in kept)
    judged = {row["name"].rpartition(": ")[2] for row in kept if row["goal"]}
    assert judged == {
        "times faster than brute-force numpy",
        "one thread, packing included",
        "p95",
        "times faster than everything again",
    }


def test_the_memory_of_a_full_run_is_that_of_a_process_of_its_own():
    (row,) = bench_whole.memory(30, 20)
    assert row.goal == "< 1000"
    assert 10 < row.value < 1000


def test_without_a_server_the_row_says_so_and_nothing_is_missed(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(postgres, "server", no_server)
    assert bench_matching.main(QUICK, ["postgres"], tmp_path / "bench.json") == 0
    (row,) = json.loads((tmp_path / "bench.json").read_text())
    assert row["value"] is None
    assert row["met"] is None
    assert row["note"] == "not measured: no PostgreSQL here"


def test_the_flat_market_has_the_lists_that_postgresql_finds(tmp_path):
    with postgres.server() as address:
        if address is None:
            pytest.skip("no PostgreSQL on this machine: its lists are compared where there is one")
        rows = list(bench_whole.against_postgres(industry.flat(200, 120), address, 1))
    assert rows[0].name == "120 x 200 flat: times faster than PostgreSQL"


def test_the_benchmark_refuses_to_time_different_answers(capsys, monkeypatch, tmp_path):
    right = ranking.best_of_all

    def wrong(book, asked, rows=None, threads=1):
        lists = right(book, asked, rows, threads)
        lists.score[:, 0] += 1
        return lists

    monkeypatch.setattr(ranking, "best_of_all", wrong)
    assert bench_matching.main(QUICK, ["brute"], tmp_path / "bench.json") == 1
    assert "Answers differ" in capsys.readouterr().err
    assert not (tmp_path / "bench.json").exists()


def test_a_missed_goal_says_what_stands_in_the_way(monkeypatch):
    monkeypatch.setattr(bench_matching, "IN_THE_WAY", {"whole": "the weather"})
    late = table.below("all", 3.0, "s", 2, "one thread")
    assert bench_matching.explained("whole", late).note == "one thread; the weather"
    in_time = table.below("all", 1.0, "s", 2, "one thread")
    assert bench_matching.explained("whole", in_time) is in_time


def test_a_market_is_the_same_for_a_seed_and_has_the_whole_spec_in_it():
    market = industry.market(1_500, 1_500)
    assert market == industry.market(1_500, 1_500)
    assert market.offers != industry.market(1_500, 1_500, seed=1).offers
    offers, needs = market.offers, [need for _key, need in market.needs]
    assert {offer.price_model for offer in offers} == {
        *("all_in", "base_plus_metered", "pass_through", "indexed", "revenue_share", "tiered")
    }
    assert {offer.metering for offer in offers} == {"plug", "site", "nameplate"}
    assert len({offer.currency for offer in offers}) > 5
    assert {len(offer.phases) for offer in offers} == {1, 2, 3}
    assert any(taken.request for offer in offers for taken in offer.commitments)
    assert any(offer.host_licences for offer in offers)
    assert {rule.effect for rule in market.rules} > {"prohibit", "cap_kw", "levy_per_kwh", "curtail"}
    assert any(need.weights for need in needs)
    assert any(need.allowed for need in needs)
    assert any(need.excluded for need in needs)
    for offer, site in zip(offers, market.site_of, strict=True):
        assert market.sites[site].jurisdiction == offer.jurisdiction
        assert market.hosts[market.sites[site].host].licences == offer.host_licences


def test_a_flat_market_has_flat_prices_one_phase_and_no_rules():
    market = industry.flat(300, 100)
    assert market.rules == []
    assert {offer.price_model for offer in market.offers} == {"all_in"}
    assert all(len(offer.phases) == 1 and not offer.commitments for offer in market.offers)
    assert all(Decimal("0.03") < offer.energy_price < Decimal("0.12") for offer in market.offers)


def test_bytes_of_columns_count_once_and_without_records():
    @dataclass
    class Columns:
        one: np.ndarray
        part: np.ndarray
        named: dict
        records: np.ndarray

    one = np.zeros(100, dtype=np.int64)
    held = Columns(one, one[10:], {"same": one, "other": np.zeros(8, dtype=np.int8)}, np.array([{}, {}]))
    assert limits.array_bytes(held) == 808


def test_a_percentile_is_one_of_the_values():
    assert table.percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 2.0
    assert table.percentile([3.0, 1.0, 2.0, 4.0], 0.95) == 4.0
    assert table.percentile([7.0], 0.05) == 7.0
