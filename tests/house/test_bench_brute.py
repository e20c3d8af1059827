"""The baseline of `make bench` answers as the oracle does: a baseline that is wrong proves nothing."""

from uuid import UUID

from hypothesis import HealthCheck, given, settings

from tests.bench.brute.book import Book
from tests.bench.brute.gates import GATES
from tests.bench.brute.match import evaluate
from tests.matching import adapter, oracle
from tests.matching.markets import markets


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(markets())
def test_the_baseline_agrees_with_the_oracle(market):
    book = Book.build(
        places=adapter.places(market.jurisdictions),
        facts=adapter.facts(market.jurisdictions, market.other_facts),
        rules=adapter.rules(market.jurisdictions),
        rates=adapter.rates(market.rates),
        offers=adapter.offers(market.offers, market.own_commitments),
        as_of=market.as_of,
    )
    verdict = evaluate(book, adapter.need(market.body, market.machines))
    answer = oracle.match(
        market.offers, market.jurisdictions, market.rates, market.machines, market.body, market.as_of
    )
    for pair in answer.pairs:
        at = book.position[UUID(pair.offer["id"])]
        failed = [gate for gate, fails in zip(GATES, verdict.failed[:, at], strict=True) if fails]
        assert failed == pair.failed
        assert bool(verdict.prices.is_comparable[at]) == (pair.price is not None)
        if pair.price is not None:
            assert int(verdict.prices.total[at]) == pair.price
    expected = [
        (UUID(p.offer["id"]), p.offer["version"], p.score, p.price, p.start) for p in answer.matched[:20]
    ]
    assert [tuple(row) for row in verdict.ranked()] == expected
