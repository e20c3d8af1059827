"""`make bench` times two lists that show the same, through the same middleware."""

import pytest

from tests.bench import bench_lists


@pytest.mark.django_db
def test_the_benchmark_prints_both_lists(capsys):
    assert bench_lists.main(offer_count=60, times=3) in (0, 1)
    table = capsys.readouterr().out
    assert "60 offers" in table
    assert "GET /api/v1/offers/" in table
    assert "baseline: a plain nested ModelViewSet" in table


@pytest.mark.django_db
def test_the_benchmark_refuses_to_time_different_lists(monkeypatch):
    monkeypatch.setattr(bench_lists, "same", lambda ours, plain: False)
    with pytest.raises(SystemExit, match="do not show the same"):
        bench_lists.main(offer_count=20, times=1)
