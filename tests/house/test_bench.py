"""`make bench` measures two right answers against each other, on any day."""

from tests.bench import bench_matching


def test_the_benchmark_prints_its_table(capsys):
    assert bench_matching.main(offer_count=200, sample_count=60, times=1) == 0
    table = capsys.readouterr().out
    assert "200 offers" in table
    assert "baseline: plain loops" in table


def test_the_benchmark_refuses_to_time_different_answers(capsys, monkeypatch):
    monkeypatch.setattr(bench_matching, "same_answers", lambda jurisdictions, sample: False)
    assert bench_matching.main(offer_count=20, sample_count=10, times=1) == 1
    assert "disagree" in capsys.readouterr().err
