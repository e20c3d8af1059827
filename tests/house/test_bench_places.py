"""`make bench` times a place's page in a small market and in a large one."""

import pytest

from tests.bench import bench_places


@pytest.mark.django_db
def test_the_benchmark_prints_both_markets(capsys):
    assert bench_places.main(few=10, many=60, times=2) in (0, 1)
    table = capsys.readouterr().out
    assert "10 offers" in table
    assert "60 offers" in table
    assert "/places/US/" in table


@pytest.mark.django_db
def test_the_benchmark_fails_when_the_large_market_is_too_slow(monkeypatch, capsys):
    times = iter([10.0] * len(bench_places.PAGES) + [10.0] * (len(bench_places.PAGES) - 1) + [20.1])
    monkeypatch.setattr(bench_places, "milliseconds", lambda client, code, turns: next(times))
    assert bench_places.main(few=1, many=2, times=1) == 1
    assert "2.01" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_benchmark_refuses_to_time_a_page_that_is_not_there(monkeypatch):
    monkeypatch.setattr(bench_places, "PAGES", ("XX",))
    with pytest.raises(SystemExit, match="answered 404"):
        bench_places.main(few=1, many=2, times=1)
